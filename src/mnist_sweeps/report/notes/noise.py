"""Notes on the variation over seeds: the bands of single runs, folds, and the check against the noise law."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean

from mnist_sweeps.report.compare import samples
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import listed, percents
from mnist_sweeps.stats import ONE_SEED, dispersion, seeds_to_detect, self_check_ratio
from mnist_sweeps.storage.sweep_record import SweepRecord

# Observed sd over the law: below, seeds can hardly differ; above, training is unstable.
STILL, UNSTABLE = 0.1, 2.0


def intervals(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """How the intervals of single runs were computed.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    bands = [
        f"{row.name} {percents(row.accuracy.low, row.accuracy.high)}"
        for row in rows
        if row.same_as is None and len(row.accuracies) == 1 and row.accuracy and row.accuracy.low is not None
    ]
    if not bands:
        return []
    return [
        "Single seeds: the 95 % band comes from the noise law, sd = sqrt(error / (2 n_test)), "
        f"not from repetition: {listed(bands)}."
    ]


def one_seed(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """Why comparisons with a single run have no verdict, and how many seeds would show a difference of the margin.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    compared = [row for row in rows if row.comparison and row.same_as is None]
    single = [row for row in compared if row.comparison and row.comparison.verdict == ONE_SEED]
    if not single:
        return []
    why = f"One run shows no spread, so there is no verdict on {listed([row.name for row in single])}"
    images = [row.n_test for row in single if row.n_test]
    if not plan.margin or not images:
        return [f"{why}."]
    accuracy = fmean(row.accuracies[0] for row in single)
    seeds = seeds_to_detect(plan.margin, accuracy, min(images), 1 + len(compared))
    count = f"about {seeds}" if seeds else "more than 1,000"
    return [
        f"{why}; with {count} seeds in each row a true difference of {100 * plan.margin:g} pp, the margin, would be "
        "shown in half of all sweeps."
    ]


def folds(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """How rows with folds are compared, and which intervals are too narrow for them.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    if not any(row.folds for row in rows):
        return []
    return [
        "Folds share training images, so their runs are not independent: Folds % is compared, not test accuracy, by "
        "the corrected resampled t test (Nadeau & Bengio 2003); the intervals of test accuracy are too narrow."
    ]


def self_check(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """The observed standard deviation over seeds, relative to the noise law, over all rows and for unstable ones.

    The noise law is the standard deviation expected over seeds, sqrt(error / (2 n_test)); phi is the observed variance
    divided by the expected one. Rows with folds are left out: the law does not cover different training images.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    rows = [row for row in rows if not row.folds]
    repeated = {name: sample for name, sample in samples(rows).items() if len(sample.values) > 1}
    if not repeated:
        return []
    phi = dispersion(repeated)
    ratio = sqrt(phi)
    note = f"Self-check: the sd over seeds is {ratio:.2f} times the noise law sqrt(error / (2 n_test)) (phi {phi:.2f})"
    if ratio < STILL:
        note += ", near 0: is the seed applied?"
    elif ratio > UNSTABLE:
        note += ", above 2: unstable training."
    else:
        note += "."
    # Two runs alone pass 2 times the law in one row of twenty by chance, three in one of fifty.
    spread = {name: self_check_ratio(s) for name, s in repeated.items() if len(s.values) > 2}
    unstable = [f"{name} ({times:.1f} times the law)" for name, times in spread.items() if times > UNSTABLE]
    clones = [row.name for row in rows if row.same_as is None and _identical(row)]
    sentences = [note]
    if unstable:
        sentences.append(f"Unstable training: {listed(unstable)}.")
    if clones:
        sentences.append(f"Identical to the last digit over seeds (the seed is not applied): {listed(clones)}.")
    return sentences


def _identical(row: ReportRow) -> bool:
    """Whether all seeds gave one loss: accuracies of a small test set may agree by chance, losses do not."""
    losses = row.metric("test_loss")
    return len(losses) > 1 and len(set(losses)) == 1
