"""Statistics of seeds: intervals, the noise law of test accuracy, and verdicts that can be trusted.

Accuracies are fractions in 0..1. Only numpy and `scipy.special` are imported: `scipy.stats` alone takes 0.4
s.
"""

from mnist_sweeps.stats.chance import at_chance
from mnist_sweeps.stats.compare import ONE_SEED, Comparison, compare, compare_metric, holm
from mnist_sweeps.stats.difference import (
    Difference,
    accuracy_above,
    accuracy_difference,
    metric_above,
    metric_difference,
)
from mnist_sweeps.stats.expected_seeds import expected_seeds
from mnist_sweeps.stats.folds import FoldScores, corrected_resampled, fold_difference
from mnist_sweeps.stats.intervals import (
    Prediction,
    Summary,
    new_digits_interval,
    predict_accuracy,
    predict_metric,
    prediction_interval,
    summarize,
    t_interval,
    wilson_interval,
)
from mnist_sweeps.stats.new_digits import new_digits_difference
from mnist_sweeps.stats.noise import (
    Sample,
    detectable_difference,
    dispersion,
    noise_law_sd,
    seeds_to_detect,
    self_check_ratio,
)
from mnist_sweeps.stats.pool import Pool, pool
from mnist_sweeps.stats.race import Limits, Race, race
from mnist_sweeps.stats.race_round import ROUNDS, Result
from mnist_sweeps.stats.superiority import Superiority, superiority

__all__ = [
    "ONE_SEED",
    "ROUNDS",
    "Comparison",
    "Difference",
    "FoldScores",
    "Limits",
    "Pool",
    "Prediction",
    "Race",
    "Result",
    "Sample",
    "Summary",
    "Superiority",
    "accuracy_above",
    "accuracy_difference",
    "at_chance",
    "compare",
    "compare_metric",
    "corrected_resampled",
    "detectable_difference",
    "dispersion",
    "expected_seeds",
    "fold_difference",
    "holm",
    "metric_above",
    "metric_difference",
    "new_digits_difference",
    "new_digits_interval",
    "noise_law_sd",
    "pool",
    "predict_accuracy",
    "predict_metric",
    "prediction_interval",
    "race",
    "seeds_to_detect",
    "self_check_ratio",
    "summarize",
    "superiority",
    "t_interval",
    "wilson_interval",
]
