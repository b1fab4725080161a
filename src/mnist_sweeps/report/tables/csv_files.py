"""The report as data: report.csv, runs.csv, histories.csv, effects.csv and claims.csv."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence

from mnist_sweeps.report.claims import claim_table
from mnist_sweeps.report.load import Report
from mnist_sweeps.report.tables import effect_table
from mnist_sweeps.report.tables.record import record
from mnist_sweeps.storage.read_runs import HISTORY
from mnist_sweeps.storage.run_record import RunRecord


def report_csv(report: Report) -> str:
    """One line per variant, see `record.record`."""
    lines = [{name: _short(value) for name, value in record(row, report).items()} for row in report.rows]
    return _csv(_columns(lines), lines)


def runs_csv(report: Report) -> str:
    """One line per run, see `run_lines`: what `mnist-sweeps judge` reads."""
    lines = run_lines(report)
    return _csv(_columns(lines) or ["variant", "seed"], lines)


def run_lines(report: Report) -> list[dict[str, str]]:
    """Each run as text by column: which it is, what it is compared with, how it ended, its images, its metrics.

    Rows with `same_as` are left out, because their runs are listed already. Numbers have all digits, so that they are
    read back as they are. Only sweeps with folds have `n_train` and `n_fold`, and only those to which seeds are added
    have `looks`.
    """
    rows = [row for row in report.rows if row.same_as is None]
    trained = {row.name: row.trained for row in report.rows}
    metrics = dict.fromkeys(name for row in rows for run in row.runs.readable for name in run.metrics)
    folds = any(row.folds for row in rows)
    return [
        {
            "variant": row.name,
            "compared_with": trained.get(row.variant.compared_with or "", ""),
            "seed": str(run.seed),
            "fold": "" if run.fold is None else str(run.fold),
            "status": run.status,
            "n_test": "" if run.n_test is None else str(run.n_test),
            "chance": "" if run.chance is None else repr(run.chance),
        }
        | (_fold_images(run) if folds else {})
        | ({"looks": str(report.plan.looks)} if report.plan.looks > 1 else {})
        | {name: repr(run.metrics[name]) if name in run.metrics else "" for name in metrics}
        for row in rows
        for run in row.runs.readable
    ]


def _fold_images(run: RunRecord) -> dict[str, str]:
    """Numbers of images that a run was trained on, and that its fold has: the test of folds needs them."""
    counts = {"n_train": run.n_train, "n_fold": run.n_fold}
    return {name: "" if count is None else str(count) for name, count in counts.items()}


def histories_csv(report: Report) -> str:
    """One line per variant, run and epoch; rows with `same_as` are left out, because their runs are listed already."""
    columns = ["variant", "seed", "fold", "status", *HISTORY]
    lines = (
        dict(zip(columns, (row.name, run.seed, run.fold, run.status, int(epoch[0] or 0), *epoch[1:]), strict=True))
        for row in report.rows
        if row.same_as is None
        for run in row.runs.readable
        for epoch in run.history
    )
    return _csv(columns, lines)


def effects_csv(report: Report) -> str:
    """One line per effect of a grid, see `effect_table.record`."""
    effects = report.effects.effects if report.effects else ()
    lines = [{name: _short(value) for name, value in effect_table.record(of).items()} for of in effects]
    return _csv(_columns(lines), lines)


def claims_csv(report: Report) -> str:
    """One line per claim, see `claim_table.record`."""
    lines = [{name: _short(value) for name, value in claim_table.record(claim).items()} for claim in report.claims]
    return _csv(_columns(lines), lines)


def _short(value: object) -> object:
    """A float rounded to ten significant digits: 0.004, not 0.0040000000000000036."""
    return float(f"{value:.10g}") if isinstance(value, float) else value


def _columns(lines: Iterable[Mapping[str, object]]) -> list[str]:
    """Of all lines, in the order in which they first appear."""
    return list(dict.fromkeys(name for line in lines for name in line))


def _csv(columns: Sequence[str], lines: Iterable[Mapping[str, object]]) -> str:
    """Lines as CSV, as pandas writes them, without its import: None, NaN and what a line lacks are empty cells."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(line.get(name)) for name in columns] for line in lines)
    return file.getvalue()


def _cell(value: object) -> object:
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else value
