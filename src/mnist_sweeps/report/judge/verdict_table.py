"""The verdicts on runs as a table for a terminal: the same differences, intervals and words as in a sweep's report."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from prettytable import PrettyTable

from mnist_sweeps.report.compare import paired
from mnist_sweeps.report.judge.measured import MeasuredRow
from mnist_sweeps.report.tables.text import clean
from mnist_sweeps.report.wording import adjustment, counted, listed, points, spread
from mnist_sweeps.stats import Comparison, Sample, Superiority, compare, compare_metric, summarize, superiority


def verdict_table(
    rows: Sequence[MeasuredRow], against: Mapping[str, str], metric: str, margin: float | None, lower_is_better: bool
) -> str:
    """Table and notes. Accuracies on a known number of test images are judged by the noise law, others by Welch's test.

    Args:
        rows: The rows, in the order of the table.
        against: The name of the row that each is compared with.
        metric: What the values are.
        margin: Differences within it count as the same, in the unit of the values; None: 0.002 of accuracies, else 0.
        lower_is_better: Whether the run with the lower value beats the other.
    """
    with_runs = [row for row in rows if row.values]
    names = {row.name for row in with_runs}
    folds = {row.name: row.folds for row in with_runs if row.folds}
    tested = {name: other for name, other in against.items() if {name, other} <= names and paired(folds, name, other)}
    is_accuracy = all(row.n_test for row in with_runs)
    margin = (0.002 if is_accuracy else 0.0) if margin is None else margin
    if is_accuracy:
        samples = {row.name: Sample(row.values, row.n_test or 1, row.chance) for row in with_runs}
        found = compare(samples, tested, margin, folds) if tested else {}
    else:
        found = compare_metric({row.name: row.values for row in with_runs}, tested, margin) if tested else {}
    table = PrettyTable(_headers(metric, is_accuracy), align="r")
    table.align["Variant"] = table.align["Verdict"] = "l"
    by_name = {row.name: row for row in with_runs}
    for row in rows:
        other = by_name.get(tested.get(row.name, ""))
        beats = _beats(row, other, lower_is_better) if other else None
        table.add_row([clean(cell) for cell in _cells(row, found.get(row.name), beats, is_accuracy)])
    drawn = table.get_string()
    width = len(drawn.partition("\n")[0])
    notes = [*_notes(rows, tested, found, metric, is_accuracy)]
    return "\n".join([drawn, *(textwrap.fill(clean(note), width, subsequent_indent="  ") for note in notes)])


def _headers(metric: str, is_accuracy: bool) -> list[str]:
    unit, difference = (f"{metric} %", "Difference pp (95 %)") if is_accuracy else (metric, "Difference (95 %)")
    return ["Variant", "Runs", unit, difference, "p adjusted", "Verdict", "Run better % (95 %)"]


def _cells(row: MeasuredRow, comparison: Comparison | None, beats: Superiority | None, is_accuracy: bool) -> list[str]:
    form, unit = (".2f", 100.0) if is_accuracy else (".4g", 1.0)
    mean = spread(summarize(row.values), form, unit) if row.values else ""
    cells = [row.name, str(len(row.values)), mean]
    if comparison is None:
        return [*cells, "", "", "" if row.values else "no runs", ""]
    values = comparison.difference, comparison.low, comparison.high
    size, low, high = (points(value) if is_accuracy else f"{value:+.4g}" for value in values)
    p = "" if comparison.p_adjusted is None else f"{comparison.p_adjusted:.3g}"
    percents = [f"{100 * value:.0f}" for value in (beats.probability, beats.low, beats.high)] if beats else []
    wins = f"{percents[0]} [{percents[1]}, {percents[2]}]" if percents else ""
    return [*cells, f"{size} [{low}, {high}]", p, comparison.verdict, wins]


def _beats(row: MeasuredRow, other: MeasuredRow, lower_is_better: bool) -> Superiority | None:
    if row.folds or min(len(row.values), len(other.values)) < 2:
        return None
    sign = -1 if lower_is_better else 1
    return superiority([sign * value for value in row.values], [sign * value for value in other.values])


def _notes(
    rows: Sequence[MeasuredRow],
    against: Mapping[str, str],
    found: Mapping[str, Comparison],
    metric: str,
    is_accuracy: bool,
) -> list[str]:
    """What the rows are compared with, the tests, and the runs that are left out."""
    baselines = list(dict.fromkeys(against.values()))
    if len(baselines) == 1:
        notes = [f"Differences are against {baselines[0]}."]
    else:
        notes = [f"Differences: {listed([f'{name} against {other}' for name, other in against.items()])}."]
    in_common = " of the same seeds and folds" if any(row.folds for row in rows) else ""
    tests = max((comparison.tests for comparison in found.values()), default=0)
    methods = listed(list(dict.fromkeys(comparison.method for comparison in found.values())))
    notes.append(
        f"Verdicts are on {metric} over other seeds: {adjustment(tests, 'comparison')}; spread: {methods}."
        if tests
        else f"No verdicts: no two variants with two runs or more{in_common}."
    )
    if not is_accuracy:
        notes.append(
            "The spread of each variant counts alone; accuracies share it if the number of test images is given."
        )
    for row in rows:
        left_out = [
            counted(count, "run") + why
            for count, why in ((row.without_value, " without a value"), (row.guessing, " at chance"))
            if count
        ]
        if left_out:
            notes.append(f"{row.name}: {' and '.join(left_out)} left out.")
    return notes if against else notes[1:]
