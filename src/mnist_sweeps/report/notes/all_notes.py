"""All notes below the table, one sentence each."""

from collections.abc import Sequence

from mnist_sweeps.report.notes.faults import faults
from mnist_sweeps.report.notes.noise import folds, intervals, one_seed, self_check
from mnist_sweeps.report.notes.origins import origins
from mnist_sweeps.report.notes.precision import precision
from mnist_sweeps.report.notes.rounds import rounds
from mnist_sweeps.report.notes.search import searched
from mnist_sweeps.report.notes.time_limits import time_limits
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import UNATTRIBUTABLE, adjustment, listed, percent, percents
from mnist_sweeps.storage.sweep_record import SweepRecord


def notes(plan: SweepRecord, rows: Sequence[ReportRow]) -> tuple[str, ...]:
    """All notes, those about failed runs first.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    note_functions = (
        faults,
        time_limits,
        searched,
        compared_with,
        rounds,
        dropped,
        attribution,
        intervals,
        one_seed,
        folds,
        self_check,
        notebook,
        precision,
        origins,
    )
    return tuple(note for function in note_functions for note in function(plan, rows))


def compared_with(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """The rows that differences are computed against, and the rows without runs that prevent a comparison.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    compared = [row for row in rows if row.comparison]
    baseline = plan.baseline
    exceptions = [row for row in compared if row.variant.compared_with != baseline]
    pairs = [f"{row.name} against {row.variant.compared_with}" for row in exceptions]
    sentences = []
    if compared and len(pairs) == len(compared):
        sentences.append(f"Differences: {listed(pairs)}.")
    elif compared:
        sentences.append(f"Differences are against {baseline}" + (f"; {listed(pairs)}." if pairs else "."))
    sentences += _methods(compared)
    waiting = {row.variant.compared_with for row in rows if row.accuracies and not row.comparison} - {None}
    without_runs = [row.name for row in rows if row.name in waiting and not row.accuracies]
    return [*sentences, f"No completed run to compare with yet: {listed(without_runs)}."] if without_runs else sentences


def _methods(compared: Sequence[ReportRow]) -> list[str]:
    """The metric, the adjustment of p values and the methods for the spread behind the verdicts."""
    names_by_method: dict[str, list[str]] = {}
    for row in compared:
        if row.comparison:
            names_by_method.setdefault(row.comparison.method, []).append(row.name)
    main_method, *other_methods = sorted(names_by_method, key=lambda method: -len(names_by_method[method])) or [""]
    tests = max((row.comparison.tests for row in compared if row.comparison), default=0)
    holm = f"{adjustment(tests, 'comparison')}; " if tests else ""
    rest = "".join(f" ({method}: {listed(names_by_method[method])})" for method in other_methods)
    metrics = listed(list(dict.fromkeys("Folds %" if row.folds else "test accuracy" for row in compared)))
    about = "other seeds" if any(row.folds for row in compared) else "other seeds, on these test images"
    sentence = f"Verdicts are on {metrics} over {about}: {holm}spread: {main_method}{rest}."
    return [sentence] if names_by_method else []


def dropped(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """The rows that were taken out of the sweep after their training.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    names = listed([variant.name for variant in plan.dropped])
    return [f"Dropped after training, and still counted where p is adjusted: {names}."] if plan.dropped else []


def attribution(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """The rows that change more than one thing.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    several = [f"{row.name} ({', '.join(row.variant.changes)})" for row in rows if not row.attributable]
    words = f"Differences {UNATTRIBUTABLE} change, as two or more differ"
    return [f"{words}: {listed(several)}."] if several else []


def notebook(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """Whether printed accuracies lie in the prediction interval for one more run, or for the folds of one more seed.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
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
