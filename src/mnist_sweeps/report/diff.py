"""How two rows, or the rows of two sweeps, differ: settings, versions, results, verdicts, predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.report.compare import comparisons
from mnist_sweeps.report.image_diff import ImageDiff, image_diff
from mnist_sweeps.report.images import tested_on
from mnist_sweeps.report.page.settings import differences
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.selection import Selection
from mnist_sweeps.report.wording import counted
from mnist_sweeps.stats import Comparison
from mnist_sweeps.storage.run_record import RunRecord

MACHINE = ("backend", "engine", "device", "threads", "data_digest")  # of a run's provenance


@dataclass(frozen=True)
class RowDiff:
    """Two rows: `settings` are key, first and second value; `comparison` is of the second row minus the first.

    `no_verdict` says why there is no comparison, `images` on which images they differ, None where that is not known.
    """

    first: ReportRow
    second: ReportRow
    settings: Sequence[Sequence[str]]
    comparison: Comparison | None
    no_verdict: str
    images: ImageDiff | None


@dataclass(frozen=True)
class SweepDiff:
    """The rows that two sweeps share by name, or one row of each.

    `origins` are what was used (`keras`, `device`, ...), first and second value, where these differ; `only_first` and
    `only_second` name rows that the other sweep does not have. `seeds` is the number of seeds of each row, the first
    ones, that verdicts are on; None where they are on all.
    """

    first: Selection
    second: Selection
    origins: Sequence[tuple[str, str, str]]
    rows: Sequence[RowDiff]
    only_first: Sequence[str] = ()
    only_second: Sequence[str] = ()
    seeds: int | None = None


def diff(first: Selection, second: Selection) -> SweepDiff:
    """What differs between two rows, or between two sweeps row by row.

    A sweep with a single row stands for that row. Verdicts are by the margin of the first sweep, with Holm's method
    over all pairs. Of a sweep until decided only the seeds that each row began with are tested: whether a row got more
    depends on their results.

    Raises:
        ConfigError: One side is a row, the other a sweep of several.
    """
    first, second = _row_of(first, second), _row_of(second, first)
    if first.row and second.row:
        pairs, only_first, only_second = [(first.row, second.row)], [], []
    else:
        theirs = {row.name: row for row in second.report.rows}
        ours = {row.name: row for row in first.report.rows}
        shared = [(row, theirs[name]) for name, row in ours.items() if name in theirs]
        pairs = [(one, other) for one, other in shared if not (one.same_as and other.same_as)]
        only_first = [name for name in ours if name not in theirs]
        only_second = [name for name in theirs if name not in ours]
    sides = [[selection.row] if selection.row else selection.report.rows for selection in (first, second)]
    origins = _origins(*(_used([run for row in rows for run in row.runs.readable]) for rows in sides))
    rules = [rule for selection in (first, second) if (rule := selection.report.plan.until)]
    seeds = min((rule.at_least for rule in rules), default=None)
    rows = _row_diffs(pairs, first.report.plan.margin, seeds)
    return SweepDiff(first, second, origins, rows, only_first, only_second, seeds)


def _row_of(selection: Selection, other: Selection) -> Selection:
    """The selection with its only row chosen where the other side is a single row, too."""
    rows = selection.report.rows
    if selection.row is None and len(rows) == 1 and (other.row or len(other.report.rows) == 1):
        return replace(selection, row=rows[0])
    if selection.row is None and other.row:
        raise ConfigError(
            f"diff: {other.title} is a row, {selection.title} has {len(rows)}: expected two rows or two sweeps; "
            f"name a row: {selection.report.folder}/{rows[0].variant.folder}"
        )
    return selection


def _row_diffs(pairs: Sequence[tuple[ReportRow, ReportRow]], margin: float, seeds: int | None) -> list[RowDiff]:
    tested = [(one.first_seeds(seeds), other.first_seeds(seeds)) if seeds else (one, other) for one, other in pairs]
    reasons = [_no_verdict(first, second) for first, second in tested]
    rows: list[ReportRow] = []
    for place, ((first, second), reason) in enumerate(zip(tested, reasons, strict=True)):
        if not reason:
            rows += [_apart(first, f"{place} first"), _apart(second, f"{place} second", against=f"{place} first")]
    compared = comparisons(rows, margin)
    return [
        RowDiff(
            first,
            second,
            differences(second, first),
            compared.get(f"{place} second"),
            reason or ("" if f"{place} second" in compared else "no two folds in common"),
            image_diff(first, second),
        )
        for place, ((first, second), reason) in enumerate(zip(pairs, reasons, strict=True))
    ]


def _apart(row: ReportRow, name: str, against: str | None = None) -> ReportRow:
    """The row under a name that no other has, compared with the row `against`."""
    return replace(row, variant=replace(row.variant, name=name, compared_with=against, same_as=None), same_as=None)


def _no_verdict(first: ReportRow, second: ReportRow) -> str:
    """Why the test accuracies of two rows cannot be compared; empty where they can."""
    for row, side in ((first, "the first"), (second, "the second")):
        if not row.finished:
            return f"{side} has no completed run"
    if tested_on(first) != tested_on(second):
        return f"the test images differ ({first.data} and {second.data})"
    digests = {run.digest for run in first.finished if run.digest}
    if same := sum(run.digest in digests for run in second.finished):
        return f"{counted(same, 'run')} of both with the same settings and seed, so they are no independent samples"
    return ""


def _used(runs: Sequence[RunRecord]) -> dict[str, str]:
    """Versions and machine of the runs, by name; several values are joined."""
    values: dict[str, dict[str, None]] = {}
    for run in runs:
        versions = run.provenance.get("versions") or {}
        git = run.provenance.get("git") or {}
        commit = git.get("commit") and f"{git['commit']}{' with uncommitted changes' if git.get('dirty') else ''}"
        for key, value in [*versions.items(), ("commit", commit), *((key, run.provenance.get(key)) for key in MACHINE)]:
            if value is not None:
                values.setdefault(key, {})[str(value)] = None
    return {key: ", ".join(found) for key, found in values.items()}


def _origins(first: Mapping[str, str], second: Mapping[str, str]) -> list[tuple[str, str, str]]:
    keys = dict.fromkeys([*first, *second])
    return [(key, a, b) for key in keys if (a := first.get(key, "")) != (b := second.get(key, ""))]
