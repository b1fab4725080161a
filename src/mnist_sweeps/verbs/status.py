"""`mnist-sweeps status DIR`: done, running, failed, left; readable while the sweep runs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from mnist_sweeps import runs
from mnist_sweeps.config import ConfigError
from mnist_sweeps.report.plan import read_plan


def main(words: list[str]) -> int:
    """Always 0: a sweep that is not finished is no error."""
    if len(words) != 1:
        raise ConfigError("status: expected the folder of a sweep, like `mnist-sweeps status outputs/quickstart`")
    folder = Path(words[0])
    try:
        plan = read_plan(folder)
    except (OSError, ValueError) as error:
        raise ConfigError(f"status {folder}: {error}") from error
    found = {
        (variant.name, seed): runs.state(runs.folder_of(folder / variant.folder, seed))
        for variant in plan.variants
        if variant.same_as is None
        for seed in variant.seeds
    }
    counts = Counter(state.partition(",")[0] for state in found.values())
    print(f"{plan.sweep}: " + ", ".join(f"{count} {state}" for state, count in counts.most_common()))
    for (name, seed), state in found.items():
        if state not in ("completed", "not begun"):
            print(f"  {name}, seed {seed}: {state}")
    return 0
