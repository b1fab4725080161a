"""Count the runs that are completed, running, failed and left; works while the sweep runs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path
from statistics import fmean

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.sweep_file import read_sweep_file
from mnist_sweeps.storage.sweep_record import SweepRecord


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sweep's folder."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a sweep, like outputs/quickstart")


def run(arguments: Namespace) -> int:
    """Always 0: a sweep that is not finished is no error.

    Raises:
        ConfigError: There is no sweep in the folder.
    """
    folder: Path = arguments.folder
    try:
        plan = read_sweep_file(folder)
    except (OSError, ValueError) as error:
        raise ConfigError(f"status {folder}: {error}") from error
    found = {
        (variant.name, run): run_folder.run_state(run_folder.folder_of(folder / variant.folder, run))
        for variant in plan.variants
        if variant.same_as is None
        for run in variant.runs
    }
    took = {key: _seconds(folder, plan, *key) for key, state in found.items() if state == "completed"}
    counts = Counter(state.partition(",")[0] for state in found.values())
    ahead = plan.search.trials - len(plan.search.drawn) if plan.search else 0
    words = [f"{count} {state}" for state, count in counts.most_common()]
    print(f"{plan.sweep}: " + ", ".join([*words, f"{ahead} trials not drawn"] if ahead else words))
    for (name, run), state in found.items():
        if state not in ("completed", "not begun"):
            print(f"  {name}, {run}: {state}")
    left = [name for (name, _), state in found.items() if state == "not begun" or state.startswith("running")]
    if (left or ahead) and took:
        undrawn = ahead * fmean(took.values())
        print(f"  {_clock(undrawn + sum(_expected(name, took) for name in left))} of training to go")
    return 0


Took = dict[tuple[str, RunKey], float]  # seconds of each completed run, by row


def _seconds(folder: Path, plan: SweepRecord, name: str, run: RunKey) -> float:
    variant = next(variant for variant in plan.variants if variant.name == name)
    record = run_folder.read(run_folder.folder_of(folder / variant.folder, run))
    return (record.seconds if record else None) or 0.0


def _expected(name: str, took: Took) -> float:
    """Mean seconds of the row's completed runs, else of all."""
    own = [seconds for (row, _), seconds in took.items() if row == name]
    return fmean(own or took.values())


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
