"""The difference of two rows or two sweeps for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from prettytable import PrettyTable

from mnist_sweeps.report.diff import RowDiff, SweepDiff
from mnist_sweeps.report.image_diff import DisputedImage, ImageDiff
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.tables.text import WIDEST, clean
from mnist_sweeps.report.wording import adjustment, listed, points, shortened, spread
from mnist_sweeps.stats import Comparison

IMAGES = 20  # disputed ones that are listed
METRICS = (
    ("test accuracy %", "test_accuracy", ".2f", 100.0),
    ("fold accuracy %", "fold_accuracy", ".2f", 100.0),
    ("test loss", "test_loss", ".4f", 1.0),
    ("validation accuracy %", "val_accuracy", ".2f", 100.0),
    ("training accuracy %", "train_accuracy", ".2f", 100.0),
    ("epochs", "epochs_run", ".1f", 1.0),
)


def render(diff: SweepDiff) -> str:
    """The two sides, where they come from, and their rows: in depth for one pair, else as a table."""
    lines = [
        f"A: {diff.first.title} ({diff.first.report.folder})",
        f"B: {diff.second.title} ({diff.second.report.folder})",
    ]
    lines += [
        f"only in {side}: {listed(names)}" for side, names in (("A", diff.only_first), ("B", diff.only_second)) if names
    ]
    lines += _section("Versions and machine", [list(origin) for origin in diff.origins])
    in_depth = diff.first.row is not None
    lines += _row(diff.rows[0]) if in_depth else _rows(diff.rows)
    return "\n".join(clean(line) if "\n" not in line else line for line in lines)


def _section(title: str, changes: Sequence[Sequence[str]]) -> list[str]:
    """What differs from A to B, key by key."""
    if not changes:
        return [f"{title}: the same"]
    width = max(len(key) for key, *_ in changes)
    return [
        f"{title}:",
        *(f"  {key:<{width}}  {before or 'none'} -> {after or 'none'}" for key, before, after in changes),
    ]


def _row(pair: RowDiff) -> list[str]:
    table = _table(["", "A", "B", "B - A"], [line for line in _results(pair.first, pair.second) if any(line[1:3])])
    verdict = pair.no_verdict and f"no verdict: {pair.no_verdict}"
    return [
        *_section("Settings", pair.settings),
        table,
        f"Test accuracy, B against A: {verdict or _compared(pair.comparison)}",
        *_images(pair.images),
    ]


def _results(first: ReportRow, second: ReportRow) -> list[list[str]]:
    """Runs, metrics, parameters and seconds of both rows, and the differences of the means."""
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
    return lines


def _rows(pairs: Sequence[RowDiff]) -> list[str]:
    """A line of the table for each pair, then the settings that differ and why verdicts are missing."""
    if not pairs:
        return ["No row has the same name in both."]
    names = shortened([clean(pair.first.name) for pair in pairs], WIDEST)
    table = [
        [
            name,
            spread(pair.first.accuracy, ".2f", 100),
            spread(pair.second.accuracy, ".2f", 100),
            _interval(pair.comparison) if pair.comparison else "",
            pair.comparison.verdict if pair.comparison else "",
            "" if pair.images is None else str(len(pair.images.images)),
        ]
        for name, pair in zip(names, pairs, strict=True)
    ]
    header = ["Row", "A: test accuracy %", "B: test accuracy %", "B - A pp (95 %)", "Verdict", "Images"]
    tests = max((pair.comparison.tests for pair in pairs if pair.comparison), default=0)
    by_settings: dict[tuple[str, ...], list[str]] = {}
    by_reason: dict[str, list[str]] = {}
    for name, pair in zip(names, pairs, strict=True):
        changes = tuple(f"{key} {before or 'none'} -> {after or 'none'}" for key, before, after in pair.settings)
        by_settings.setdefault(changes, []).append(name)
        by_reason.setdefault(pair.no_verdict, []).append(name)
    lines = [_table(header, table)]
    lines += [f"Verdicts: {adjustment(tests, 'comparison')}."] if tests else []
    lines += [f"No verdict for {listed(rows)}: {reason}." for reason, rows in by_reason.items() if reason]
    lines += (
        ["Images: test images on which the majorities over the runs differ."] if any(p.images for p in pairs) else []
    )
    lines += [f"Settings of {listed(rows)}: {'; '.join(changes)}" for changes, rows in by_settings.items() if changes]
    return lines if any(by_settings) else [*lines, "Settings: the same"]


def _compared(comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    p = "" if comparison.p is None else f", p {comparison.p:.3g}"
    return f"{_interval(comparison)} pp, {comparison.verdict} (spread: {comparison.method}{p})"


def _interval(comparison: Comparison) -> str:
    return f"{points(comparison.difference)} [{points(comparison.low)}, {points(comparison.high)}]"


def _images(diff: ImageDiff | None) -> list[str]:
    """How many images differ, who is right, and the first of them."""
    if diff is None:
        return ["Images: no predictions of both for the same test images"]
    count = f"Images: by the majority over the runs, A and B differ on {len(diff.images):,} of {diff.n_test:,}"
    if not diff.images:
        return [count]
    if not diff.labelled:
        count += "; which is right is not known, as the images are not on this machine"
    else:
        neither = len(diff.images) - diff.first_right - diff.second_right
        count += f": A is right on {diff.first_right:,}, B on {diff.second_right:,}, neither on {neither:,}"
    lines = [f"  {_image(image)}" for image in diff.images[:IMAGES]]
    omitted = len(diff.images) - len(lines)
    return [count, *lines, *([f"  and {omitted:,} more"] if omitted else [])]


def _image(image: DisputedImage) -> str:
    true = "" if image.true is None else f"a {image.true}, "
    return f"{image.number:>6}: {true}A says {image.first}, B says {image.second}"


def _table(headers: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table whose first column is text."""
    table = PrettyTable(list(headers), align="r")
    table.align[headers[0]] = "l"
    table.add_rows([list(map(clean, line)) for line in lines])
    return str(table.get_string())
