"""Notes on runs that failed, were stopped, or cannot be read."""

from collections.abc import Callable, Sequence

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, listed, percent
from mnist_sweeps.storage.read_runs import VariantRuns
from mnist_sweeps.storage.sweep_record import SweepRecord

LINES = 20  # maximal number of reasons shown; a sweep that fails as a whole has few


def faults(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """Sentences about all runs that are left out of the statistics, with the reason.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    unique_rows = [row for row in rows if row.same_as is None]
    failures = [line for row in unique_rows for line in _failures(row)]
    if len(failures) > LINES:
        failures = [*failures[:LINES], f"... and {counted(len(failures) - LINES, 'reason')} more."]
    names_by_message = {
        "No run.json (still running, or killed)": _paths(unique_rows, lambda runs: runs.unfinished),
        "Not readable": _paths(unique_rows, lambda runs: runs.complaints),
        "Ignored, since the sweep does not have these seeds or folds": _paths(unique_rows, lambda runs: runs.strays),
        "At chance, though other runs of the row learned, and left out of means and verdicts": [
            f"{row.name} ({_guessed(row)})" for row in unique_rows if row.at_chance
        ],
        "Means are over the other runs only and may be too high": [
            f"{row.name} ({_failed_share(row)})" for row in unique_rows if row.finished and _failed_share(row)
        ],
    }
    return failures + [f"{message}: {listed(names)}." for message, names in names_by_message.items() if names]


def _failures(row: ReportRow) -> list[str]:
    """`ROW (seed 0; seed 1) failed: ValueError: no such layer`, one line for each reason."""
    reasons: dict[tuple[str, str | None], list[str]] = {}
    for run in row.runs.readable:
        if not run.completed:
            reasons.setdefault((run.status, run.error), []).append(str(run.key))
    return [
        f"{row.name} ({listed(names)}) {status.replace('_', ' ')}" + (f": {error}" if error else ".")
        for (status, error), names in reasons.items()
    ]


def _paths(rows: Sequence[ReportRow], names: Callable[[VariantRuns], Sequence[str]]) -> list[str]:
    return [f"{row.variant.folder}/{name}" for row in rows for name in names(row.runs)]


def _guessed(row: ReportRow) -> str:
    """`seed 2: 9.80 %`: the runs at chance with their test accuracy."""
    return listed([f"{run.key}: {percent(run.metrics['test_accuracy'])} %" for run in row.at_chance])


def _failed_share(row: ReportRow) -> str:
    """`2 of 5 diverged`: runs that diverged, failed or are at chance; runs stopped by the user are not included."""
    statuses = [run.status for run in row.runs.readable if run.status in ("diverged", "failed")]
    statuses += ["at chance"] * len(row.at_chance)
    return f"{len(statuses)} of {row.planned} {' or '.join(sorted(set(statuses)))}" if statuses else ""
