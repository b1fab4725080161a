"""The note on runs that training.time_limit ended."""

from collections.abc import Sequence

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import listed
from mnist_sweeps.storage.sweep_record import SweepRecord


def time_limits(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """The rows with such runs; none where there are none.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    ended = {row.name: [run for run in row.finished if run.time_limit_at] for row in rows if row.same_as is None}
    names = [f"{name} ({', '.join(f'{run.key} after epoch {run.time_limit_at}' for run in runs)})"
             for name, runs in ended.items() if runs]  # fmt: skip
    return (
        [f"Ended by training.time_limit, which depends on the machine and its load: {listed(names)}."] if names else []
    )
