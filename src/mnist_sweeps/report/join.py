"""Several sweeps as one report: their rows in one table, on one page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, takewhile

from mnist_sweeps.report.header import data_line
from mnist_sweeps.report.images import tested_on
from mnist_sweeps.report.load import Report, assemble
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted
from mnist_sweeps.storage.sweep_record import SweepRecord


def disagreement(reports: Sequence[Report]) -> str:
    """Why the accuracies of the sweeps cannot be compared, in one line; empty where all have the same test images."""
    tested = {images for report in reports for row in report.rows if (images := tested_on(row))}
    if len(tested) < 2:
        return ""
    data = [f"{data_line(report.plan, report.rows)} ({label})" for label, report in _labelled(reports).items()]
    return f"not joined: the test images differ: {'; '.join(data)}"


def join(reports: Sequence[Report]) -> Report:
    """One report of sweeps with the same test images; its rows are called `sweep: row`.

    Rows are compared as in their sweeps, with the spread of all sweeps and Holm's method over all comparisons, by the
    smallest margin. A row whose runs another row has as well (the same settings and seeds) is shown as equal to it.
    Claims stay with their sweeps. The rows of a sweep until decided keep their verdicts and are not part of other
    tests: how many runs they have depends on their results.
    """
    labelled = _labelled(reports)
    until = [label for label, report in labelled.items() if report.plan.until]
    renamed = {label: [_renamed(row, label) for row in report.rows] for label, report in labelled.items()}
    decided = {_name(label, row.name) or "": row.comparison for label in until for row in labelled[label].rows}
    plain = iter(_without_copies([row for label, rows in renamed.items() if label not in until for row in rows]))
    rows = [row if label in until else next(plain) for label, own in renamed.items() for row in own]
    joined = assemble(reports[0].folder.parent, _plan(labelled, rows), rows, decided)
    kept = [f"Verdicts of {label} are those of its rounds, whose error rate is that sweep's alone." for label in until]
    return replace(joined, notes=(*joined.notes, *kept, *_shared(rows)))


def _labelled(reports: Sequence[Report]) -> dict[str, Report]:
    """The reports by what their sweeps' names do not share, by the folder where two have the same name.

    `quickstart,size=smoke` and `quickstart,seeds=5` are `size=smoke` and `seeds=5`.
    """
    names = [report.sweep for report in reports]
    parts = [name.split(",") for name in names]
    shared = len([*takewhile(lambda same: len(set(same)) == 1, zip(*parts, strict=False))])
    if shared < min(map(len, parts)):
        names = [",".join(own[shared:]) for own in parts]
    return {
        name if names.count(name) == 1 else str(report.folder): report
        for name, report in zip(names, reports, strict=True)
    }


def _plan(labelled: Mapping[str, Report], rows: Sequence[ReportRow]) -> SweepRecord:
    plans = {label: report.plan for label, report in labelled.items()}
    questions = {plan.question for plan in plans.values()}
    first, baseline = next((label, plan.baseline) for label, plan in plans.items())
    return SweepRecord(
        sweep=" + ".join(plan.sweep for plan in plans.values()),
        question=questions.pop() if len(questions) == 1 else None,
        command=shlex.join(["mnist-sweeps", "report", *(str(report.folder) for report in labelled.values())]),
        variants=tuple(row.variant for row in rows),
        baseline=_name(first, baseline),
        margin_points=min(plan.margin_points for plan in plans.values()),
        reference={
            f"{label}: {name}": values for label, plan in plans.items() for name, values in plan.reference.items()
        },
    )


def _renamed(row: ReportRow, label: str) -> ReportRow:
    """The row under a name that is its own among all sweeps."""
    variant = replace(
        row.variant,
        name=f"{label}: {row.name}",
        compared_with=_name(label, row.variant.compared_with),
        same_as=_name(label, row.variant.same_as),
    )
    return replace(row, variant=variant, same_as=_name(label, row.same_as), comparison=None, rank=None)


def _name(label: str, name: str | None) -> str | None:
    return None if name is None else f"{label}: {name}"


def _without_copies(rows: list[ReportRow]) -> list[ReportRow]:
    """The rows; those whose runs are all among the runs of another one have that row's runs, as `same_as` says."""
    trained = {row.name: (_digests(row), row) for row in rows if row.same_as is None}
    original = {}
    for name, (digests, row) in trained.items():
        all_of_them = [(others, other) for others, other in trained.values() if digests and digests <= others]
        _, other = max(all_of_them, key=lambda pair: len(pair[0]), default=(digests, row))  # of equals the first
        if other is not row:
            original[name] = other
    return [
        replace(source, variant=row.variant, same_as=source.name, reference=row.reference)
        if (source := original.get(row.same_as or row.name))
        else row
        for row in rows
    ]


def _shared(rows: Sequence[ReportRow]) -> list[str]:
    """A note for each two rows that have some runs in common, but not all."""
    trained = [(row.name, _digests(row)) for row in rows if row.same_as is None]
    return [
        f"{name} and {other} have {counted(len(common), 'run')} in common, of the same settings and seeds: "
        "their spread counts twice."
        for (name, digests), (other, others) in combinations(trained, 2)
        if (common := digests & others)
    ]


def _digests(row: ReportRow) -> set[str]:
    return {run.digest for run in row.finished if run.digest}
