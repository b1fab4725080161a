"""`mnist-sweeps check [sweep=NAME] [overrides]`: composes and builds every variant, trains nothing."""

from __future__ import annotations

from prettytable import PrettyTable

from mnist_sweeps import stats
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import seed_list
from mnist_sweeps.planning import catalog, compose, conf_paths, trials
from mnist_sweeps.planning.explain_errors import merge_equal_faults
from mnist_sweeps.planning.planner import PlannedVariant, SweepPlan, plan
from mnist_sweeps.sweeps import cost
from mnist_sweeps.sweeps.driver import OUTPUTS
from mnist_sweeps.sweeps.dry_run import Built, dry_run

TYPICAL_ACCURACY = 0.984  # of an MLP on the full MNIST
LEGEND = f"""\
Multiplies: multiply-accumulates of one image, forward. Minutes: of earlier runs where there are any, else reckoned
for 2 cores. Detects: what the seeds tell from noise at {TYPICAL_ACCURACY:.1%}, by the noise law, one pair alone; folds
share training images, and no law says what they tell.
"""
PROBES = """\
Of a search each end of its space is built once, beside the first of all others; its minutes are those of the mean.
"""


def main(words: list[str]) -> int:
    """0 where all can be built.

    Raises:
        ConfigError: every fault of every row of every sweep.
    """
    named = any(word.startswith("sweep=") for word in words)
    asked = [words] if named else [[f"sweep={sweep.name}", *words] for sweep in catalog.sweeps(conf_paths.conf())]
    plans, faults, broken = [], [], []
    with compose.session():
        for arguments in asked:
            try:
                plans.append(plan(arguments))
            except ConfigError as error:
                faults += [f"{arguments[0]}: {line}" for line in str(error).splitlines()]
    every = iter(dry_run([row.config for one in plans for row in one.rows]))
    for one in plans:
        built = [next(every) for _ in one.rows]
        found = [(f"{row.name} of {one.name}", it.fault) for row, it in zip(one.rows, built, strict=True) if it.fault]
        broken += found
        if not found:
            _print(one, built)
    if faults or broken:
        raise ConfigError("\n".join([*faults, *merge_equal_faults(broken)]))
    return 0


def _print(planned: SweepPlan, built: list[Built]) -> None:
    table = PrettyTable(["Variant", "Seeds", "Params", "Multiplies", "Minutes", "Detects pp", "Changes"], align="r")
    table.align["Variant"] = table.align["Changes"] = "l"
    total, size = 0.0, 0.0
    for row, one in zip(planned.rows, built, strict=True):
        seeds = len(seed_list(row.config.seeds))
        minutes = len(row.config.runs) * cost.seconds(row.config, one, OUTPUTS / planned.name / row.folder) / 60
        detects = 100 * stats.detectable_difference(TYPICAL_ACCURACY, one.test_images, seeds)
        folds = row.config.data.folds
        runs = [f"{seeds} x {folds} folds" if folds else seeds, f"{one.parameters:,}", f"{one.multiplies:,}"]
        numbers = [*runs, f"{minutes:.1f}", "" if folds else f"{detects:.2f}"]
        table.add_row([row.name, *numbers, f"= {row.same_as}" if row.same_as else ", ".join(row.changes)])
        if row.same_as is None:
            total += minutes * _times(planned, row)
            size += cost.size(row.config, one) * _times(planned, row)
    print(f"{planned.name}: {planned.sweep.question or 'one variant'}")
    print(f"{' | '.join(dict.fromkeys(one.data for one in built))} · about {total:.0f} min, {size / 1e6:.0f} MB")
    print(f"{table}\n{LEGEND}{PROBES if planned.study else ''}")


def _times(planned: SweepPlan, row: PlannedVariant) -> float:
    """How often a sweep trains what a row stands for: the probes of a search share its trials among them."""
    if planned.study is None or row.name == trials.WINNER:
        return 1
    return planned.ahead / sum(one.name != trials.WINNER and one.same_as is None for one in planned.rows)
