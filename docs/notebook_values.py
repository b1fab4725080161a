"""The printed values next to ours: each one, and the mean deviation of a sweep's values."""

from collections.abc import Mapping, Sequence
from typing import Any

from notebook_results import PrintedValue
from notebook_tables import table

from mnist_sweeps.report.wording import counted, points
from mnist_sweeps.stats import holm, metric_above

VALUE_HEADERS = ("Sweep", "Row", "Metric", "Printed", "One run of ours (95 %)", "n", "p (Holm)", "")
SHIFT_HEADERS = ("Sweep", "Metric", "Values", "Printed minus our mean (95 %)", "p", "p (Holm)")


def printed_values(values: Sequence[PrintedValue], words: Mapping[str, Any]) -> list[str]:
    """The mean deviation of each sweep's values, how many values are inside our prediction intervals, and all of them.

    Args:
        values: The printed values of all sweeps.
        words: The content of docs/notebooks.yaml.
    """
    if not values:
        return ["No sweep with printed values has been run yet."]
    adjusted = holm([value.p for value in values]).tolist()
    cells = []
    for value, p in zip(values, adjusted, strict=True):
        why = words["explanations"].get(value.sweep, {}).get(f"{value.row}: {value.metric}", "no explanation known")
        place = f"outside: {why}" if p < 0.05 else "inside"
        name, interval = value.metric.replace("_", " "), f"{value.low:.4f} to {value.high:.4f}"
        cells.append((value.sweep, value.row, name, f"{value.value:.4f}", interval, str(value.runs), f"{p:.3f}", place))
    totals = (
        f"{sum(p >= 0.05 for p in adjusted)} of {counted(len(values), 'printed value')} are inside "
        f"(p by Holm over the page); without Holm, {sum(value.p < 0.05 for value in values)} are outside, "
        f"where {0.05 * len(values):.0f} are expected by chance."
    )
    return [words["shifts"].strip(), table(SHIFT_HEADERS, _shifts(values)), totals, table(VALUE_HEADERS, cells)]


def _shifts(values: Sequence[PrintedValue]) -> list[tuple[str, ...]]:
    """For each sweep and metric with several printed values: their mean deviation from our means, and its t test."""
    groups: dict[tuple[str, str], list[float]] = {}
    for value in values:
        groups.setdefault((value.sweep, value.metric), []).append(value.value - value.mean)
    tests = {key: test for key, deviations in groups.items() if (test := metric_above(deviations, 0))}
    adjusted = holm([test.p for test in tests.values()]).tolist()
    lines = []
    for ((sweep, metric), test), p in zip(tests.items(), adjusted, strict=True):
        ends = [test.value, *test.interval]
        mean, low, high = (points(end) if "accuracy" in metric else f"{end:+.4f}" for end in ends)
        unit = " pp" if "accuracy" in metric else ""
        count = str(len(groups[sweep, metric]))
        lines.append(
            (sweep, metric.replace("_", " "), count, f"{mean} [{low}, {high}]{unit}", f"{test.p:.3f}", f"{p:.3f}")
        )
    return lines
