"""What stands in the tables and sentences of a diff, for a terminal and for the page."""

from __future__ import annotations

from collections.abc import Sequence

from mnist_sweeps.report.diff import RowDiff, SweepDiff
from mnist_sweeps.report.image_diff import ImageDiff
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, points, spread
from mnist_sweeps.stats import Comparison

METRICS = (
    ("test accuracy %", "test_accuracy", ".2f", 100.0),
    ("fold accuracy %", "fold_accuracy", ".2f", 100.0),
    ("test loss", "test_loss", ".4f", 1.0),
    ("validation accuracy %", "val_accuracy", ".2f", 100.0),
    ("training accuracy %", "train_accuracy", ".2f", 100.0),
    ("epochs", "epochs_run", ".1f", 1.0),
)
ROWS_HEADER = ("Row", "A: test accuracy %", "B: test accuracy %", "B - A pp (95 %)", "Verdict", "Images")
IMAGES_NOTE = "Images: test images on which the majorities over the runs differ."


def results(first: ReportRow, second: ReportRow) -> list[list[str]]:
    """Runs, metrics, parameters and seconds of both rows, and the differences of the means; without empty lines."""
    runs = [f"{len(row.finished)} of {row.planned}" for row in (first, second)]
    lines = [["runs", *runs, ""]]
    for label, metric, form, unit in METRICS:
        a, b = (row.summary(metric) for row in (first, second))
        difference = format(unit * (b.mean - a.mean), f"+{form}") if a and b else ""
        lines.append([label, spread(a, form, unit), spread(b, form, unit), difference])
    for label, values, form in (
        ("parameters", (first.parameters, second.parameters), ","),
        ("seconds of a run", (first.seconds, second.seconds), ".1f"),
    ):
        shown = ["" if value is None else format(value, form) for value in values]
        both = [value for value in values if value is not None]
        lines.append([label, *shown, format(both[1] - both[0], f"+{form}") if len(both) == 2 else ""])
    return [line for line in lines if any(line[1:3])]


def row_line(pair: RowDiff) -> list[str]:
    """The cells below `ROWS_HEADER`, but for the first one."""
    return [
        spread(pair.first.accuracy, ".2f", 100),
        spread(pair.second.accuracy, ".2f", 100),
        interval(pair.comparison) if pair.comparison else "",
        pair.comparison.verdict if pair.comparison else "",
        "" if pair.images is None else str(len(pair.images.images)),
    ]


def grouped_settings(pairs: Sequence[RowDiff], names: Sequence[str]) -> list[tuple[list[str], list[Sequence[str]]]]:
    """The settings that differ, as key, first and second value, each time with the names of the rows they belong to."""
    groups: dict[str, tuple[list[str], list[Sequence[str]]]] = {}
    for name, pair in zip(names, pairs, strict=True):
        if pair.settings:
            groups.setdefault(repr(pair.settings), ([], list(pair.settings)))[0].append(name)
    return list(groups.values())


def grouped_reasons(pairs: Sequence[RowDiff], names: Sequence[str]) -> dict[str, list[str]]:
    """Why verdicts are missing, with the names of the rows that have none."""
    groups: dict[str, list[str]] = {}
    for name, pair in zip(names, pairs, strict=True):
        if pair.no_verdict:
            groups.setdefault(pair.no_verdict, []).append(name)
    return groups


def verdict(pair: RowDiff) -> str:
    """`+5.13 [+4.07, +6.20] pp, higher (spread: Welch, p 0.001)`, or why there is none."""
    if pair.no_verdict or pair.comparison is None:
        return f"no verdict: {pair.no_verdict}" if pair.no_verdict else ""
    comparison = pair.comparison
    p = "" if comparison.p is None else f", p {comparison.p:.3g}"
    return f"{interval(comparison)} pp, {comparison.verdict} (spread: {comparison.method}{p})"


def seeds_note(diff: SweepDiff) -> list[str]:
    """On which seeds verdicts are, where that is not all."""
    if diff.seeds is None:
        return []
    return [
        f"Verdicts are on the first {counted(diff.seeds, 'seed')} of each row: whether it got more depends on them."
    ]


def interval(comparison: Comparison) -> str:
    """`+5.13 [+4.07, +6.20]`, in percentage points."""
    return f"{points(comparison.difference)} [{points(comparison.low)}, {points(comparison.high)}]"


def images(diff: ImageDiff | None) -> str:
    """On how many images two rows differ, and which of them is right how often."""
    if diff is None:
        return "Images: no predictions of both for the same test images"
    count = f"Images: by the majority over the runs, A and B differ on {len(diff.images):,} of {diff.n_test:,}"
    if not diff.images:
        return count
    if not diff.labelled:
        return f"{count}; which is right is not known, as the images are not on this machine"
    neither = len(diff.images) - diff.first_right - diff.second_right
    return f"{count}: A is right on {diff.first_right:,}, B on {diff.second_right:,}, neither on {neither:,}"
