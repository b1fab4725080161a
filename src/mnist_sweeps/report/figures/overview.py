"""The figures of a whole sweep, drawn from its rows into figures/ of its folder."""

from typing import TYPE_CHECKING

from mnist_sweeps.report.figures import cells, depth
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, shortened
from mnist_sweeps.storage import picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS = 60  # a figure with more rows is taller than three screens and takes longer than 0.3 s
WIDEST = 60  # characters of a row's name, on two lines


def draw(report: Report, form: str = "png") -> None:
    """Draws `accuracies` of two rows or more, `depth` if rows differ in it, and `cell_means` of a grid.

    A figure that does not apply, or no longer applies, is removed.

    Args:
        report: The report.
        form: Format of the files, png or svg.
    """
    drawn = {"accuracies": _accuracies(report), "depth": _depth(report), "cell_means": _cell_means(report)}
    for name, figure in drawn.items():
        picture.save(figure, report.folder / "figures" / f"{name}.{form}")


def _accuracies(report: Report) -> "Figure | None":
    unique_rows = [row for row in report.rows if row.same_as is None]
    if sum(bool(row.accuracies) for row in unique_rows) < 2:
        return None
    from mnist_sweeps import figures  # matplotlib: 0.3 s that a sweep of one row does not need

    best = {row.name for row in sorted(unique_rows, key=lambda row: row.rank or len(report.rows) + 1)[:ROWS]}
    shown = [row for row in unique_rows if row.name in best]
    label = dict(zip((row.name for row in shown), shortened([row.name for row in shown], WIDEST), strict=True))
    bands = {label[row.name]: (row.accuracy.low, row.accuracy.high) for row in shown if row.accuracy}
    single = any(len(row.accuracies) == 1 for row in shown)
    notes = [
        f"{ROWS} of {len(unique_rows)} rows, the best by validation" if len(unique_rows) > ROWS else "",
        "interval of a single run: the band of the noise law" if single else "",
    ]
    return figures.accuracies(
        {label[row.name]: row.accuracies for row in shown},
        {name: (low, high) for name, (low, high) in bands.items() if low is not None and high is not None},
        {label[row.name]: row.reference["test_accuracy"] for row in shown if "test_accuracy" in row.reference},
        f"{report.sweep}: test accuracy of each run, {_tested(unique_rows)}",
        " · ".join(filter(None, notes)),
    )


def _depth(report: Report) -> "Figure | None":
    lines = depth.lines(report.rows)
    if not lines:
        return None
    from mnist_sweeps import figures

    drawn = sum(map(len, lines.values()))
    n_omitted = len([row for row in report.rows if row.accuracy and row.same_as is None]) - drawn
    omitted = (
        f" · {counted(n_omitted, 'row')} left out: more than layers, dropout and batch norm differ" if n_omitted else ""
    )
    note = f"among equally deep rows, lines join those that are best by validation{omitted}"
    title = f"{report.sweep}: test accuracy by number of layers, {_tested(report.rows)}"
    return figures.depth(lines, title, note)


def _cell_means(report: Report) -> "Figure | None":
    panels = cells.panels(report)
    if not panels:
        return None
    from mnist_sweeps import figures

    note = "mean with 95 % interval, averaged over all other settings; parallel lines: no dependence"
    return figures.cell_means(panels, f"{report.sweep}: mean test accuracy, {_tested(report.rows)}", note)


def _tested(rows: list[ReportRow] | tuple[ReportRow, ...]) -> str:
    """`1,000 test images`."""
    count = next((row.n_test for row in rows if row.n_test), None)
    return f"{count:,} test images" if count else "test images"
