"""What went wrong: runs that failed, stopped, or cannot be read."""

from collections.abc import Callable, Sequence

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, listed
from mnist_sweeps.storage.read_runs import VariantRuns
from mnist_sweeps.storage.sweep_record import SweepRecord

LINES = 20  # reasons shown; a sweep that fails as a whole fails for few reasons


def faults(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """Sentences about every run that does not count, and why."""
    own = [row for row in rows if row.same_as is None]
    ends = [line for row in own for line in _ends(row)]
    if len(ends) > LINES:
        ends = [*ends[:LINES], f"... and {counted(len(ends) - LINES, 'reason')} more."]
    found = {
        "No run.json (still running, or killed)": _paths(own, lambda runs: runs.unfinished),
        "Not readable": _paths(own, lambda runs: runs.complaints),
        "Ignored, since the sweep does not have these seeds or folds": _paths(own, lambda runs: runs.strays),
        "Means are over completed runs only and may be too high": [
            f"{row.name} ({_without(row)})" for row in own if row.finished and _without(row)
        ],
    }
    return ends + [f"{words}: {listed(names)}." for words, names in found.items() if names]


def _ends(row: ReportRow) -> list[str]:
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


def _without(row: ReportRow) -> str:
    """`2 of 5 diverged`: training that went wrong by itself, unlike a run that was stopped from outside."""
    wrong = [run.status for run in row.runs.readable if run.status in ("diverged", "failed")]
    return f"{len(wrong)} of {row.planned} {' or '.join(sorted(set(wrong)))}" if wrong else ""
