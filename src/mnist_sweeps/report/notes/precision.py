"""The note on rows that were trained in mixed precision."""

from collections.abc import Sequence

from mnist_sweeps.config.allowed import FULL
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import listed
from mnist_sweeps.storage.sweep_record import SweepRecord


def precision(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """A sentence for each precision below float32; none where every run has float32.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    names_by_precision: dict[str, list[str]] = {}
    for row in rows:
        if row.same_as is None and (used := row.first(lambda run: run.config.get("precision"))):
            names_by_precision.setdefault(str(used), []).append(row.name)
    others = f"; all other rows in {FULL}" if FULL in names_by_precision else ""
    return [
        f"Trained in {used}: {listed(names)}{others}." for used, names in names_by_precision.items() if used != FULL
    ]
