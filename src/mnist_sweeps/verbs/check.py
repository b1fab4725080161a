"""`mnist-sweeps check [sweep=NAME] [overrides]`: composes and builds every variant, trains nothing."""

from __future__ import annotations

from prettytable import PrettyTable

from mnist_sweeps import catalog, compose, folders, stats
from mnist_sweeps.config import ConfigError, seed_list
from mnist_sweeps.dryrun import Built
from mnist_sweeps.plan import Plan, PlannedRow, plan
from mnist_sweeps.sweeping import checked

TYPICAL_ERROR = 0.016  # of an MLP on the full MNIST (98.4 %)
FLOPS = 2e11  # a second, of TensorFlow on 2 cores with AVX-512; where a sweep has run, its own seconds count
SECONDS_AN_IMAGE = 1e-5  # of the loop around the arithmetic
OVERHEAD = 2.0  # seconds a run


def main(words: list[str]) -> int:
    """0 where all can be built.

    Raises:
        ConfigError: every fault of every row of every sweep.
    """
    overrides = [word for word in words if not word.startswith("-")]
    named = any(word.startswith("sweep=") for word in overrides)
    asked = [overrides] if named or overrides else [[f"sweep={sweep.name}"] for sweep in catalog.sweeps(folders.conf())]
    faults = []
    for arguments in asked:
        with compose.session():
            try:
                planned = plan(arguments)
                _print(planned, checked(planned))
            except ConfigError as error:
                faults += [
                    f"{' '.join(arguments)}: {line}" if len(asked) > 1 else line for line in str(error).splitlines()
                ]
    if faults:
        raise ConfigError("\n".join(faults))
    return 0


def _print(planned: Plan, built: list[Built]) -> None:
    table = PrettyTable(
        ["Variant", "Seeds", "Params", "Multiplies an image", "Minutes", "Detects pp", "Changes"], align="r"
    )
    table.align["Variant"] = table.align["Changes"] = "l"
    for row, one in zip(planned.rows, built, strict=True):
        seeds = len(seed_list(row.config.seeds))
        detects = 100 * stats.detectable_difference(1 - TYPICAL_ERROR, one.test_images, seeds)
        changes = f"= {row.same_as}" if row.same_as else ", ".join(row.changes)
        minutes = f"{_seconds(row, one) / 60:.1f}"
        table.add_row(
            [row.name, seeds, f"{one.parameters:,}", f"{one.multiplies:,}", minutes, f"{detects:.2f}", changes]
        )
    total = sum(_seconds(row, one) for row, one in zip(planned.rows, built, strict=True) if not row.same_as)
    print(f"{planned.name}: {planned.sweep.question or 'one variant'}")
    print(f"{' | '.join(dict.fromkeys(one.data for one in built))} · about {total / 60:.0f} min on 2 cores")
    print(table)
    print(
        f"Detects: what these seeds can tell from noise at {1 - TYPICAL_ERROR:.1%}, one pair alone, by the noise law.\n"
    )


def _seconds(row: PlannedRow, built: Built) -> float:
    """Of all runs of a row, by arithmetic: forward and backward are six operations a multiply."""
    epoch = built.train_images * (6 * built.multiplies / FLOPS + SECONDS_AN_IMAGE)
    return len(seed_list(row.config.seeds)) * (OVERHEAD + row.config.training.epochs * epoch)
