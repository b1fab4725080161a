"""All notes below the table, one sentence each."""

from collections.abc import Sequence

from mnist_sweeps.report.notes.faults import faults
from mnist_sweeps.report.notes.noise import folds, intervals, self_check
from mnist_sweeps.report.notes.origins import origins
from mnist_sweeps.report.notes.search import searched
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import UNATTRIBUTABLE, counted, listed, percent, percents
from mnist_sweeps.storage.sweep_record import SweepRecord


def notes(plan: SweepRecord, rows: Sequence[ReportRow]) -> tuple[str, ...]:
    """All notes, those about broken runs first."""
    makers = (faults, searched, compared_with, attribution, intervals, folds, self_check, notebook, origins)
    return tuple(note for maker in makers for note in maker(plan, rows))


def compared_with(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """Against which rows the differences are, and what stands in the way of a comparison."""
    compared = [row for row in rows if row.comparison]
    usual = plan.baseline
    unusual = [row for row in compared if row.variant.compared_with != usual]
    others = [f"{row.name} against {row.variant.compared_with}" for row in unusual]
    found = []
    if compared and len(others) == len(compared):
        found.append(f"Differences: {listed(others)}.")
    elif compared:
        found.append(f"Differences are against {usual}" + (f"; {listed(others)}." if others else "."))
    found += _methods(compared)
    waiting = {row.variant.compared_with for row in rows if row.accuracies and not row.comparison} - {None}
    silent = [row.name for row in rows if row.name in waiting and not row.accuracies]
    return [*found, f"No completed run to compare with yet: {listed(silent)}."] if silent else found


def _methods(compared: Sequence[ReportRow]) -> list[str]:
    """How the spread behind the verdicts was found, and for which rows in another way than for most."""
    by: dict[str, list[str]] = {}
    for row in compared:
        if row.comparison:
            by.setdefault(row.comparison.method, []).append(row.name)
    usual, *others = sorted(by, key=lambda method: -len(by[method])) or [""]
    tests = {(row.trained, row.variant.compared_with) for row in compared}  # an equal row shares the other's test
    holm = f"p by Holm over {counted(len(tests), 'comparison')}; " if len(tests) > 1 else ""
    rest = "".join(f"; {method} for {listed(by[method])}" for method in others)
    judged = listed(list(dict.fromkeys("Folds %" if row.folds else "test accuracy" for row in compared)))
    return [f"Verdicts are on {judged}: {holm}spread: {usual}{rest}."] if by else []


def attribution(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """The rows that change more than one thing."""
    several = [f"{row.name} ({', '.join(row.variant.changes)})" for row in rows if not row.attributable]
    words = f"Differences {UNATTRIBUTABLE} change, as two or more differ"
    return [f"{words}: {listed(several)}."] if several else []


def notebook(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """Whether the printed accuracies are what one more run of ours, or one more seed's folds, could give."""
    both = [row for row in rows if row.predicted and row.printed is not None]
    if not both:
        return []
    outside = [
        f"{row.name} ({percent(printed)}, ours {percents(*band)})"
        for row in both
        if (band := row.predicted) and not band[0] <= (printed := row.printed or 0.0) <= band[1]
    ]
    inside = len(both) - len(outside)
    printed_is, one_more = "test accuracy % (loss)", "a single run"
    if any(row.folds for row in both):
        printed_is, one_more = "the mean of Folds %", "the folds of one seed"
    return [
        f"Notebook: {printed_is}; {inside} of {len(both)} printed values lie in the 95 % "
        f"prediction interval for {one_more}" + (f"; outside: {listed(outside)}." if outside else ".")
    ]
