"""The line above the table: data, size, machine, wall time."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.sweep_record import SweepRecord

# Seconds. Between two jobs a process starts, imports a backend and loads data; longer gaps are pauses, not counted.
GAP = 120.0


def header(plan: SweepRecord, rows: Sequence[ReportRow]) -> str:
    """`mnist 60,000 / 10,000 · 15 variants x 5 seeds · jax, cpu · 18 min`, without the parts that are unknown.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    runs = [run for row in rows if row.same_as is None for run in row.runs.readable]
    parts = [
        data_line(plan, rows),
        _size(rows),
        _search_progress(plan),
        _progress(rows),
        _machine(runs),
        _duration(_wall_seconds(runs)),
    ]
    return " · ".join(part for part in parts if part)


def data_line(plan: SweepRecord, rows: Sequence[ReportRow]) -> str:
    """The data that the runs used, else the planned data; adds a remark if validation used the test set.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    descriptions = list(dict.fromkeys(data for row in rows if (data := row.first(lambda run: run.data))))
    data = "data differs by row" if len(descriptions) > 1 else (descriptions or [plan.data or ""])[0]
    validated = {row.validated_on for row in rows} - {None}
    remark = "validated on the test set" if validated == {"test"} else ""
    return ", ".join(part for part in (data, "" if "validated on" in data else remark) if part)


def _size(rows: Sequence[ReportRow]) -> str:
    counts = sorted({len(row.variant.seeds) for row in rows})
    folds = sorted({row.folds for row in rows if row.folds})
    seeds = f"{counts[0]} to {counts[-1]} seeds" if len(counts) > 1 else counted(sum(counts), "seed")
    return f"{counted(len(rows), 'variant')} x {seeds}" + (f" x {folds[-1]} folds" if folds else "")


def _search_progress(plan: SweepRecord) -> str:
    """`12 of 35 trials by tpe, seed 0`; empty for sweeps of other kinds."""
    search = plan.search
    if search is None:
        return ""
    n_drawn = len(search.drawn)
    done = f"{n_drawn} of " if n_drawn < search.trials else ""
    return f"{done}{counted(search.trials, 'trial')} by {search.sampler}, seed {search.seed}"


def _progress(rows: Sequence[ReportRow]) -> str:
    """`40 of 75 runs`, empty when all are done."""
    unique_rows = [row for row in rows if row.same_as is None]
    done, planned = sum(len(row.completed) for row in unique_rows), sum(row.planned for row in unique_rows)
    return f"{done} of {planned} runs completed" if done < planned else ""


def _machine(runs: Sequence[RunRecord]) -> str:
    kinds = (_distinct(run.provenance.get(key) for run in runs) for key in ("backend", "device"))
    return ", ".join(kind for kind in kinds if kind)


def _distinct(values: Iterable[object]) -> str:
    return " + ".join(dict.fromkeys(str(value) for value in values if value))


def _wall_seconds(runs: Sequence[RunRecord]) -> float:
    """Seconds in which at least one run was in progress; pauses between commands are not counted."""
    spans = sorted((ended - run.seconds, ended) for run in runs if run.seconds and (ended := _ended(run)))
    if not spans:
        return sum(run.seconds or 0.0 for run in runs)
    total, (start, end) = 0.0, spans[0]
    for begin, finish in spans[1:]:
        if begin - end > GAP:
            total, start = total + end - start, begin
        end = max(end, finish)
    return total + end - start


def _ended(run: RunRecord) -> float | None:
    """The time at which a run finished, in seconds since 1970; None if unknown."""
    try:
        return datetime.fromisoformat(str(run.provenance["time"])).timestamp()
    except (KeyError, ValueError):
        return None


def _duration(seconds: float) -> str:
    """`45 s`, `18 min`, `3 h 5 min`; empty for 0."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 1 else f"{seconds:.1f} s" if seconds else ""
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
