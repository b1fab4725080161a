"""Count the runs that are completed, running, failed and left; works while the sweep runs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.sweep_file import read_sweep_file


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
    folders = {variant.name: folder / variant.folder for variant in plan.variants}
    took: dict[str, list[float]] = defaultdict(list)  # seconds of completed runs, by variant
    for (name, run), state in found.items():
        if state == "completed":
            took[name].append(_seconds(run_folder.folder_of(folders[name], run)))
    counts = Counter(state.partition(",")[0] for state in found.values())
    ahead = plan.search.trials - len(plan.search.drawn) if plan.search else 0
    words = [f"{count} {state}" for state, count in counts.most_common()]
    print(f"{plan.sweep}: " + ", ".join([*words, f"{ahead} trials not drawn"] if ahead else words))
    if plan.until:
        print(_round(folder))
    for (name, run), state in found.items():
        if state not in ("completed", "not begun"):
            print(f"  {name}, {run}: {state}")
    left = [name for (name, _), state in found.items() if state == "not begun" or state.startswith("running")]
    if (left or ahead) and took:
        average = fmean(seconds for of_variant in took.values() for seconds in of_variant)
        expected = {name: fmean(of_variant) for name, of_variant in took.items()}
        to_go = ahead * average + sum(expected.get(name, average) for name in left)
        print(f"  {_clock(to_go)} of training to go")
    return 0


def _round(folder: Path) -> str:
    """`round 3, 8 seeds; not decided: no dropout`, of a sweep until decided."""
    from mnist_sweeps import report  # the tables and SciPy: 0.2 s that other sweeps do not need
    from mnist_sweeps.report.rounds import limits, race_of
    from mnist_sweeps.report.wording import counted, listed

    read = report.read(folder)
    assert read.plan.until is not None
    race, sizes = race_of(read.plan, read.rows), limits(read.plan.until).rounds
    undecided = [
        row.name for row in read.rows
        if row.variant.compared_with and not row.same_as and not (row.comparison and row.comparison.decided)
    ]  # fmt: skip
    left = f"not decided: {listed(undecided)}" if undecided else "all decided"
    if not race.running:
        return f"  ended after {counted(race.rounds, 'round')}; {left}"
    return f"  round {race.rounds + 1}, {counted(sizes[race.rounds], 'seed')}; {left}"


def _seconds(folder: Path) -> float:
    """What a completed run took."""
    record = run_folder.read(folder)
    return (record.seconds if record else None) or 0.0


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
