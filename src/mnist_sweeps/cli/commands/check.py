"""Compose and build every variant of a training or a sweep; train nothing."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from prettytable import PrettyTable

from mnist_sweeps import stats
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import seed_list
from mnist_sweeps.planning import catalog, compose, conf_paths, trials
from mnist_sweeps.planning.explain_errors import explain, merge_equal_faults
from mnist_sweeps.planning.overrides import with_quoted_path
from mnist_sweeps.planning.planner import plan
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.report.rounds import limits
from mnist_sweeps.sweeps import cost, expected_rounds
from mnist_sweeps.sweeps.dry_run import Built, dry_run
from mnist_sweeps.sweeps.expected_rounds import TYPICAL_ACCURACY

LEGEND = f"""\
Multiplies: multiply-accumulates for one image, forward pass. Minutes: from earlier runs where there are any, otherwise
an estimate for 2 cores. Detects: smallest difference in test accuracy that one comparison of these seeds shows in half
of all sweeps, at an accuracy of {TYPICAL_ACCURACY:.1%} and with the usual spread.
"""
FOLDS = """\
It is not known for folds, which share images.
"""
ONE_SEED = """\
One seed a row gives no verdict. With {seeds} seeds a difference of {margin:g} pp, the margin, is shown in half of all
sweeps.
"""
UNTIL = """\
Until decided: the table is of the first round; rows that are not decided go on to {rounds} seeds.
If all rows truly differ by {margin:g} pp, the margin, expect {seeds} seeds a row and {runs} runs, {minutes:.1f} min;
larger differences take fewer. Spread: {spread}.
"""
PROBES = """\
For a search each end of each axis is built once, with the first value of all others; the minutes are for their mean.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Adds overrides, `--all`, and the folder of options that a training takes, too."""
    parser.add_argument(
        "overrides", nargs="*", metavar="OVERRIDE", help="as for training: sweep=quickstart, optimizer=sgd, ..."
    )
    parser.add_argument("--config-dir", "-cd", type=Path, metavar="DIR", help="a folder of options, instead of conf/")
    parser.add_argument("--all", action="store_true", help="check every sweep, each with the overrides")


def run(arguments: Namespace) -> int:
    """0 where everything can be built: the training that the overrides describe, or every sweep.

    Raises:
        ConfigError: Every fault of every variant; one that several share stands there once.
    """
    overrides = with_quoted_path(arguments.overrides)
    every = arguments.all or not overrides
    if arguments.all and any(override.startswith("sweep=") for override in overrides):
        raise ConfigError("check --all: checks every sweep; leave sweep=NAME out, or --all")
    names = [f"sweep={name}" for name in catalog.sweep_names(conf_paths.conf(arguments.config_dir))] if every else []
    commands = [[name, *overrides] for name in names] or [overrides]
    plans, faults = _plans(commands, arguments.config_dir)
    results = iter(dry_run([row.config for planned in plans for row in planned.rows]))
    for planned in plans:
        built = [next(results) for _ in planned.rows]
        pairs = zip(planned.rows, built, strict=True)
        broken = [(f"variant {row.name} of {planned.name}", result.fault) for row, result in pairs if result.fault]
        faults += broken
        if not broken:
            _print(planned, built)
    if faults:
        raise ConfigError("\n".join(merge_equal_faults(faults)))
    return 0


def _plans(commands: list[list[str]], config_dir: Path | None) -> tuple[list[SweepPlan], list[tuple[str, str]]]:
    """The plan of each command line, and (where, fault) of those that cannot be planned."""
    plans, faults = [], list[tuple[str, str]]()
    with compose.session(config_dir):
        for overrides in commands:
            try:
                plans.append(plan(overrides))
            except Exception as error:
                where = next((word for word in overrides if word.startswith("sweep=")), "")
                for line in explain(error).splitlines():
                    place, fault = _split(line.removeprefix(f"{where}: "))
                    faults.append((": ".join(filter(None, [where, place])), fault))
    return plans, faults


def _split(line: str) -> tuple[str, str]:
    """`variant NAME` and the fault, where the line of a plan begins so."""
    place, separator, fault = line.partition(": ")
    return (place, fault) if separator and line.startswith(("row ", "variant ")) else ("", line)


def _print(planned: SweepPlan, built: list[Built]) -> None:
    table = PrettyTable(["Variant", "Seeds", "Params", "Multiplies", "Minutes", "Detects pp", "Changes"], align="r")
    table.align["Variant"] = table.align["Changes"] = "l"
    total, size = 0.0, 0.0
    for row, one in zip(planned.rows, built, strict=True):
        seeds = len(seed_list(row.config.seeds))
        minutes = len(row.config.runs) * cost.seconds(row.config, one, planned.folder / row.folder) / 60
        folds = row.config.data.folds
        runs = [f"{seeds} x {folds} folds" if folds else seeds, f"{one.parameters:,}", f"{one.multiplies:,}"]
        numbers = [*runs, f"{minutes:.1f}", "" if folds else _detects(seeds, one.test_images)]
        table.add_row([row.name, *numbers, f"= {row.same_as}" if row.same_as else ", ".join(row.changes)])
        if row.same_as is None:
            total += minutes * _times(planned, row)
            size += cost.size(row.config, one) * _times(planned, row)
    print(f"{planned.name}: {planned.sweep.question or 'one variant'}")
    print(f"{' | '.join(dict.fromkeys(one.data for one in built))} · about {total:.0f} min, {size / 1e6:.0f} MB")
    notes = [
        FOLDS if any(row.config.data.folds for row in planned.rows) else "",
        _one_seed(planned, built),
        PROBES if planned.study else "",
        _until(planned, built),
    ]
    print(f"{table}\n{LEGEND}{''.join(notes)}")


def _until(planned: SweepPlan, built: list[Built]) -> str:
    """What a sweep until decided is expected to train; empty for others."""
    if planned.until is None or not planned.sweep.margin:
        return ""
    found = expected_rounds.expected(planned, min(one.test_images for one in built))
    seconds = sum(
        found.by_row[row.name] * cost.seconds(row.config, one, planned.folder / row.folder)
        for row, one in zip(planned.rows, built, strict=True)
        if row.same_as is None
    )
    return UNTIL.format(
        rounds=", ".join(map(str, limits(planned.until).rounds[1:])) or "no more",
        margin=planned.sweep.margin,
        seeds=round(found.row),
        runs=round(found.runs),
        minutes=seconds / 60,
        spread=found.spread,
    )


def _detects(seeds: int, test_images: int) -> str:
    """The detectable difference in percentage points, or `one seed`."""
    if seeds == 1:
        return stats.ONE_SEED
    return f"{100 * stats.detectable_difference(TYPICAL_ACCURACY, test_images, seeds):.2f}"


def _one_seed(planned: SweepPlan, built: list[Built]) -> str:
    """How many seeds show a difference of the margin, if rows of one seed are to be compared; else empty."""
    single = any(len(seed_list(row.config.seeds)) == 1 and not row.config.data.folds for row in planned.rows)
    margin = planned.sweep.margin
    if not single or not margin or len(planned.rows) < 2 or planned.study:
        return ""
    images = min(one.test_images for one in built)
    seeds = stats.seeds_to_detect(margin / 100, TYPICAL_ACCURACY, images)
    return ONE_SEED.format(seeds=seeds or "more than 1,000", margin=margin)


def _times(planned: SweepPlan, row: PlannedVariant) -> float:
    """How often a sweep trains what a row stands for: the probes of a search share its trials among them."""
    if planned.study is None or row.name == trials.WINNER:
        return 1
    return planned.ahead / sum(one.name != trials.WINNER and one.same_as is None for one in planned.rows)
