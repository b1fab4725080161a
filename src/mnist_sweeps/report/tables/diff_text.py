"""The difference of two rows or two sweeps for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from prettytable import PrettyTable

from mnist_sweeps.report.diff import RowDiff, SweepDiff
from mnist_sweeps.report.image_diff import DisputedImage, ImageDiff
from mnist_sweeps.report.tables import diff_lines
from mnist_sweeps.report.tables.text import WIDEST, clean
from mnist_sweeps.report.wording import adjustment, listed, shortened

IMAGES = 20  # disputed ones that are listed


def render(diff: SweepDiff) -> str:
    """The two sides, where they come from, and their rows: in depth for one pair, else as a table."""
    lines = [
        f"A: {diff.first.title} ({diff.first.report.folder})",
        f"B: {diff.second.title} ({diff.second.report.folder})",
    ]
    lines += [
        f"only in {side}: {listed(names)}" for side, names in (("A", diff.only_first), ("B", diff.only_second)) if names
    ]
    lines += diff_lines.seeds_note(diff)
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
    return [
        *_section("Settings", pair.settings),
        _table(["", "A", "B", "B - A"], diff_lines.results(pair.first, pair.second)),
        f"Test accuracy, B against A: {diff_lines.verdict(pair)}",
        *_images(pair.images),
    ]


def _rows(pairs: Sequence[RowDiff]) -> list[str]:
    """A line of the table for each pair, then the settings that differ and why verdicts are missing."""
    if not pairs:
        return ["No row has the same name in both."]
    names = shortened([clean(pair.first.name) for pair in pairs], WIDEST)
    table = [[name, *diff_lines.row_line(pair)] for name, pair in zip(names, pairs, strict=True)]
    tests = max((pair.comparison.tests for pair in pairs if pair.comparison), default=0)
    lines = [_table(diff_lines.ROWS_HEADER, table)]
    lines += [f"Verdicts: {adjustment(tests, 'comparison')}."] if tests else []
    lines += [
        f"No verdict for {listed(rows)}: {reason}." for reason, rows in diff_lines.grouped_reasons(pairs, names).items()
    ]
    lines += [diff_lines.IMAGES_NOTE] if any(pair.images for pair in pairs) else []
    settings = [
        f"Settings of {listed(rows)}: "
        + "; ".join(f"{key} {before or 'none'} -> {after or 'none'}" for key, before, after in changes)
        for rows, changes in diff_lines.grouped_settings(pairs, names)
    ]
    return [*lines, *(settings or ["Settings: the same"])]


def _images(diff: ImageDiff | None) -> list[str]:
    """How many images differ, who is right, and the first of them."""
    shown = diff.images[:IMAGES] if diff else []
    omitted = len(diff.images) - len(shown) if diff else 0
    more = [f"  and {omitted:,} more"] if omitted else []
    return [diff_lines.images(diff), *(f"  {_image(image)}" for image in shown), *more]


def _image(image: DisputedImage) -> str:
    true = "" if image.true is None else f"a {image.true}, "
    return f"{image.number:>6}: {true}A says {image.first}, B says {image.second}"


def _table(headers: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table whose first column is text."""
    table = PrettyTable(list(headers), align="r")
    table.align[headers[0]] = "l"
    table.add_rows([list(map(clean, line)) for line in lines])
    return str(table.get_string())
