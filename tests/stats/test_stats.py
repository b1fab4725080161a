"""Statistics against independent sources: scipy.stats, statsmodels, published numbers."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats as scipy_stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import proportion_confint
from tests.stats.samples import DEAD, UNSTABLE, N, follows_law, spread, sweep

from mnist_sweeps import stats
from mnist_sweeps.stats import Sample
from mnist_sweeps.stats.pool import bartlett

SCORES = (0.9841, 0.9836, 0.9852, 0.9839, 0.9844)


def against_first(samples: dict[str, Sample]) -> dict[str, str]:
    first, *others = samples
    return dict.fromkeys(others, first)


# intervals


@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
def test_t_interval_is_scipys(level):
    expected = scipy_stats.ttest_1samp(SCORES, 0.98).confidence_interval(level)
    assert stats.t_interval(SCORES, level) == pytest.approx(tuple(expected), abs=1e-12)


def test_summary_of_runs_and_of_one():
    five, one = stats.summarize(SCORES), stats.summarize([0.98])
    assert (five.n, five.mean) == (5, pytest.approx(0.98424))
    assert five.sd == pytest.approx(scipy_stats.tstd(SCORES))
    assert (five.low, five.high) == stats.t_interval(SCORES)
    assert one == stats.Summary(1, 0.98, None, None, None)


@pytest.mark.parametrize("values", [[], [0.98]])
def test_t_interval_needs_two(values):
    with pytest.raises(ValueError, match="at least 2"):
        stats.t_interval(values)


def test_prediction_interval_is_the_textbook_one():
    half = scipy_stats.t.ppf(0.975, 4) * scipy_stats.tstd(SCORES) * sqrt(1 + 1 / 5)
    mean = np.mean(SCORES)
    assert stats.prediction_interval(SCORES, N) == pytest.approx((mean - half, mean + half))


def test_prediction_from_one_run_is_two_single_runs_apart():
    low, high = stats.prediction_interval([0.984], N)
    assert (high - low) / 2 == pytest.approx(0.0025, abs=5e-5)  # "differ by 0.25 pp one time in twenty"


def test_prediction_from_equal_runs_keeps_a_width():
    low, high = stats.prediction_interval([0.984] * 5, N)
    assert high - low > 4 * stats.noise_law_sd(0.984, N)


@pytest.mark.parametrize(("right", "count"), [(9840, 10_000), (200, 200), (0, 50)])
def test_wilson_interval_is_statsmodels(right, count):
    expected = proportion_confint(right, count, method="wilson")
    assert stats.wilson_interval(right / count, count) == pytest.approx(expected, abs=1e-12)


def test_new_digits_are_less_certain_than_new_seeds():
    flips = np.random.default_rng(0).random((5, N)) < 0.002
    correct = (np.arange(N) % 50 != 0) ^ flips
    low, high = stats.new_digits_interval(correct)
    seeds_low, seeds_high = stats.t_interval(correct.mean(axis=1))
    assert low < seeds_low < seeds_high < high
    assert low < correct.mean() < high


def test_new_digits_of_identical_runs_are_one_net_on_new_images():
    correct = np.tile(np.arange(N) % 50 != 0, (4, 1))
    assert stats.new_digits_interval(correct) == pytest.approx(stats.wilson_interval(0.98, N), abs=2e-5)


def test_new_digits_without_an_error_keep_a_width():
    low, high = stats.new_digits_interval(np.ones((5, 200), bool))
    assert low == pytest.approx(proportion_confint(200, 200, method="wilson")[0])
    assert high == 1


@pytest.mark.parametrize("shape", [(1, 100), (5, 1), (100,)])
def test_new_digits_need_runs_and_images(shape):
    with pytest.raises(ValueError, match="at least 2 runs and 2 images"):
        stats.new_digits_interval(np.ones(shape))


# folds


def test_corrected_resampled_is_nadeau_and_bengios():
    gaps = [0.012, 0.004, 0.009, -0.002, 0.007, 0.011, 0.003, 0.006, 0.001, 0.010]
    low, high, p = stats.corrected_resampled(gaps, n_train=900, n_test=100)
    plain = scipy_stats.ttest_1samp(gaps, 0)
    t = plain.statistic / sqrt(1 + 10 * 100 / 900)  # the paired t, shrunk by sqrt(1 + n n_test / n_train)
    assert p == pytest.approx(2 * scipy_stats.t.sf(abs(t), 9))
    assert (low + high) / 2 == pytest.approx(np.mean(gaps))
    assert (high - low) / 2 == pytest.approx(scipy_stats.t.ppf(0.975, 9) * np.mean(gaps) / t)
    assert p > plain.pvalue


def test_equal_folds_are_not_certain():
    low, high, p = stats.corrected_resampled([0.001] * 3, n_train=2000, n_test=1000)
    assert low < 0.001 < high
    assert p > 0.05
    assert stats.corrected_resampled([0.0] * 3, 2000, 1000)[2] == 1


def test_rows_with_folds_are_compared_by_them_and_adjusted_with_the_others():
    base, better = [0.950, 0.961, 0.970], [0.960, 0.970, 0.981]
    folds = {
        name: stats.FoldScores({(0, fold): score for fold, score in enumerate(scores)}, 2000, 1000)
        for name, scores in (("base", base), ("better", better))
    }
    samples = {name: stats.Sample((0.90, 0.91), 1000) for name in ("base", "better", "plain")}
    found = stats.compare(samples, {"better": "base", "plain": "base"}, 0.002, folds)
    low, high, p = stats.corrected_resampled([0.010, 0.009, 0.011], 2000, 1000)
    assert (found["better"].low, found["better"].high, found["better"].p) == pytest.approx((low, high, p))
    assert found["better"].p_adjusted == pytest.approx(2 * p)
    assert (found["plain"].difference, found["plain"].method) == (0, "pooled")  # base has folds, plain has none


def test_folds_need_two():
    with pytest.raises(ValueError, match="at least 2 differences"):
        stats.corrected_resampled([0.1], 10, 5)


# the noise law


def test_law_at_98_point_4():
    assert stats.noise_law_sd(0.984, N) == pytest.approx(0.0009, abs=1e-5)


@pytest.mark.parametrize("factor", [0.5, 1, 3])
def test_self_check_and_dispersion_see_the_factor(factor):
    wide = spread(follows_law(0.984, 1), factor)
    assert stats.self_check_ratio(wide) == pytest.approx(factor)
    assert stats.dispersion({"a": wide, "b": wide}) == pytest.approx(factor**2)


def test_dispersion_weighs_by_degrees_of_freedom():
    a, b, c = Sample(SCORES, N), Sample((0.97, 0.972, 0.973), 5000), Sample((0.9,), N)
    law = [(1 - np.mean(row.values)) / (2 * row.n_test) for row in (a, b)]
    expected = (4 * np.var(a.values, ddof=1) / law[0] + 2 * np.var(b.values, ddof=1) / law[1]) / 6
    assert stats.dispersion({"a": a, "b": b, "c": c}) == pytest.approx(expected)
    assert stats.dispersion({"c": c}) == 1


def test_self_check_of_equal_runs_and_of_one():
    assert stats.self_check_ratio(DEAD) == stats.self_check_ratio(Sample((1.0, 1.0), 200)) == 0
    with pytest.raises(ValueError, match=r"^one run has no spread: the self-check needs at least 2$"):
        stats.self_check_ratio(Sample((0.98,), N))


@pytest.mark.parametrize(("seeds", "points"), [(1, 0.25), (5, 0.13)])
def test_detectable_difference_is_the_known_one(seeds, points):
    assert 100 * stats.detectable_difference(0.984, N, seeds) == pytest.approx(points, abs=0.003)


@pytest.mark.parametrize("power", [0.5, 0.8, 0.95])
def test_detectable_difference_agrees_with_the_noncentral_t(power):
    found = stats.detectable_difference(0.984, N, seeds=5, power=power) / stats.noise_law_sd(0.984, N)
    exact = TTestIndPower().solve_power(nobs1=5, alpha=0.05, power=power)
    assert found == pytest.approx(exact, rel=0.05)


def test_more_rows_need_a_larger_difference():
    few, many = (stats.detectable_difference(0.984, N, 1, rows=rows) for rows in (2, 15))
    assert many > few
    with pytest.raises(ValueError, match="2 rows"):
        stats.detectable_difference(0.984, N, 5, rows=1)


@pytest.mark.parametrize(
    ("values", "n_test", "words"),
    [
        ((), N, "at least one"),
        ((98.4,), N, "fractions"),
        ((float("nan"),), N, "fractions"),
        ((0.9,), 0, "count"),
    ],
)
def test_a_sample_is_checked(values, n_test, words):
    with pytest.raises(ValueError, match=words):
        Sample(values, n_test)


# who obeys the law


def test_bartlett_is_scipys():
    groups = [np.random.default_rng(i).normal(0, 1 + i, 4 + i) for i in range(4)]
    found = bartlett(np.array([g.var(ddof=1) for g in groups]), np.array([len(g) - 1.0 for g in groups]))
    assert found == pytest.approx(scipy_stats.bartlett(*groups).pvalue)


@pytest.mark.parametrize("broken", [UNSTABLE, DEAD], ids=["unstable", "dead"])
@pytest.mark.parametrize("count", [1, 6], ids=["one", "six of fifteen"])
def test_rows_that_break_the_law_do_not_hide_each_other(broken, count):
    samples = sweep() | {f"row {i}": broken for i in range(count)}
    shared = stats.pool(samples)
    assert set(samples) - shared.follows_law == {f"row {i}" for i in range(count)}
    assert shared.dispersion == pytest.approx(1, abs=0.01)
    assert shared.freedom == 4 * (15 - count)


@pytest.mark.parametrize("broken", [UNSTABLE, DEAD], ids=["unstable", "dead"])
def test_of_two_rows_the_broken_one_is_told(broken):
    shared = stats.pool({"a": broken, "b": follows_law(0.984, 1)})
    assert shared.follows_law == {"b"}


def test_a_common_dispersion_is_no_breach():
    wide = {name: spread(row, 2) for name, row in sweep().items()}
    shared = stats.pool(wide)
    assert shared.follows_law == set(wide)
    assert shared.dispersion == pytest.approx(4, abs=0.01)


# verdicts


@pytest.mark.parametrize("p", [[0.01, 0.04, 0.03, 0.005], [0.5, 0.9, 0.8], [0.02], [0.01, 0.01, 0.06]])
def test_holm_is_statsmodels(p):
    assert stats.holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_holm_of_nothing():
    assert stats.holm([]).size == 0
    assert stats.compare({"a": DEAD}, {}, 0.002) == {}


def test_pooled_comparison_by_hand():
    samples = sweep() | {"row 3": follows_law(0.9865, 3)}
    found = stats.compare(samples, against_first(samples), 0.002)["row 3"]
    error = sqrt(stats.dispersion(samples) * ((1 - 0.984) + (1 - 0.9865)) / (2 * N) / 5)
    p = 2 * scipy_stats.t.sf(0.0025 / error, 60)
    half = scipy_stats.t.ppf(0.975, 60) * error
    assert (found.method, found.verdict) == ("pooled", "higher")
    assert (found.p, found.p_adjusted) == pytest.approx((p, 14 * p))
    assert (found.low, found.high) == pytest.approx((0.0025 - half, 0.0025 + half))


def test_samples_of_unequal_size_and_test_set_by_hand():
    samples = {"a": follows_law(0.98, 1, runs=3, n_test=1000), "b": follows_law(0.97, 2, runs=8, n_test=5000)}
    found = stats.compare(samples, {"b": "a"}, 0.002)["b"]
    error = sqrt(0.02 / 2000 / 3 + 0.03 / 10_000 / 8)
    assert found.p == pytest.approx(2 * scipy_stats.t.sf(0.01 / error, 9), rel=1e-6)
    assert found.verdict == "lower"


def test_a_row_that_breaks_the_law_gets_scipys_welch():
    samples = sweep() | {"row 4": UNSTABLE}
    found = stats.compare(samples, against_first(samples), 0.002)
    expected = scipy_stats.ttest_ind(UNSTABLE.values, samples["row 0"].values, equal_var=False)
    assert found["row 4"].method == "Welch"
    assert found["row 4"].p == pytest.approx(expected.pvalue)
    assert (found["row 4"].low, found["row 4"].high) == pytest.approx(tuple(expected.confidence_interval()))
    assert found["row 1"].method == "pooled"


def test_p_is_adjusted_over_the_whole_sweep():
    samples = sweep() | {"row 2": UNSTABLE, "row 3": follows_law(0.982, 3), "row 4": follows_law(0.9845, 4)}
    found = stats.compare(samples, against_first(samples), 0.002)
    expected = multipletests([row.p for row in found.values()], method="holm")[1]
    assert [row.p_adjusted for row in found.values()] == pytest.approx(expected.tolist())


def test_a_dead_net_is_lower_and_two_dead_nets_are_not_told_apart():
    samples = sweep() | {"row 1": DEAD, "row 2": DEAD, "row 3": Sample((0.1028,) * 5, N)}
    found = stats.compare(samples, against_first(samples) | {"row 2": "row 1", "row 3": "row 1"}, 0.002)
    assert found["row 1"].verdict == "lower"
    for row in ("row 2", "row 3"):
        assert found[row].verdict == "not distinguishable"
        assert found[row].high - found[row].low > 0.001


def test_a_seed_that_is_not_applied_is_one_run_however_often_it_is_copied():
    copies = {f"row {i}": Sample((accuracy,) * 5, N) for i, accuracy in enumerate((0.984, 0.9862, 0.95))}
    singles = {name: Sample(row.values[:1], N) for name, row in copies.items()}
    found, expected = (stats.compare(rows, against_first(rows), 0.002) for rows in (copies, singles))
    assert [row.verdict for row in found.values()] == ["not distinguishable", "lower"]
    assert [(row.low, row.high) for row in found.values()] == [(row.low, row.high) for row in expected.values()]


def test_equal_perfect_rows_are_no_certainty():
    samples = {"a": Sample((1.0,) * 5, 200), "b": Sample((1.0,) * 5, 200), "c": Sample((0.995,) * 5, 200)}
    found = stats.compare(samples, {"b": "a", "c": "a"}, 0.002)
    assert found["b"].difference == 0
    assert found["b"].p == 1
    assert found["b"].low < 0 < found["b"].high


def test_single_runs_get_a_band_and_no_test():
    samples = {"a": Sample((0.984,), N), "b": Sample((0.9855,), N), "c": Sample((0.95,), N)}
    found = stats.compare(samples, {"b": "a", "c": "a"}, 0.002)
    half = 1.96 * sqrt((0.016 + 0.0145) / (2 * N))
    assert (found["b"].low, found["b"].high) == pytest.approx((0.0015 - half, 0.0015 + half), rel=1e-4)
    assert [row.verdict for row in found.values()] == ["not distinguishable", "lower"]
    assert {row.method for row in found.values()} == {"noise law, single runs"}
    assert {(row.p, row.p_adjusted) for row in found.values()} == {(None, None)}


def test_the_band_is_adjusted_over_the_sweep():
    single = {f"row {i}": Sample((0.984,), N) for i in range(14)} | {"good": Sample((0.9869,), N)}
    assert stats.compare(single, {"good": "row 0"}, 0.002)["good"].verdict == "higher"
    assert stats.compare(single, against_first(single), 0.002)["good"].verdict == "not distinguishable"


def test_the_band_widens_with_the_dispersion_and_never_narrows():
    def width(factor: float) -> float:
        rows = {name: spread(row, factor) for name, row in sweep().items()}
        found = stats.compare(rows | {"one": Sample((0.984,), N)}, {"one": "row 0"}, 0.002)["one"]
        return found.high - found.low

    assert width(2) == pytest.approx(2 * width(1), rel=1e-3)
    assert width(0.3) == pytest.approx(width(1), rel=1e-3)


def test_same_within_the_margin_by_interval():
    many = {name: follows_law(0.984, i, runs=20) for i, name in enumerate("ab")}
    assert stats.compare(many, {"b": "a"}, 0.002)["b"].verdict == "same within 0.2 pp"
    assert stats.compare(many, {"b": "a"}, 0.0125)["b"].verdict == "same within 1.25 pp"
    assert stats.compare(many, {"b": "a"}, 0.0002)["b"].verdict == "not distinguishable"


def test_a_proven_difference_is_told_inside_the_margin_too():
    samples = {"a": follows_law(0.984, 1, runs=50), "b": follows_law(0.9848, 2, runs=50)}
    found = stats.compare(samples, {"b": "a"}, 0.002)["b"]
    assert 0 < found.low < found.high < 0.002
    assert found.verdict == "higher"


@pytest.mark.parametrize(
    ("against", "margin", "words"),
    [
        ({"x": "row 0"}, 0.002, "no runs of 'x'"),
        ({"row 1": "y"}, 0.002, "no runs of 'y'"),
        ({"row 1": "row 1"}, 0.002, "itself"),
        ({"row 1": "row 0"}, -0.1, "margin"),
    ],
)
def test_what_cannot_be_compared_is_said(against, margin, words):
    with pytest.raises(ValueError, match=words):
        stats.compare(sweep(3), against, margin)


# other metrics


def test_another_metric_gets_welch_and_holm():
    values = {"a": [0.05, 0.06, 0.055], "b": [0.09, 0.095, 0.091], "c": [0.07, 0.05, 0.06]}
    found = stats.compare_metric(values, {"b": "a", "c": "a"}, 0.01)
    p = [scipy_stats.ttest_ind(values[row], values["a"], equal_var=False).pvalue for row in "bc"]
    assert [row.p for row in found.values()] == pytest.approx(p)
    adjusted = multipletests(p, method="holm")[1].tolist()
    assert [row.p_adjusted for row in found.values()] == pytest.approx(adjusted)
    assert [row.verdict for row in found.values()] == ["higher", "not distinguishable"]


@pytest.mark.parametrize("values", [[0.05], [2.3, 2.3, 2.3]], ids=["one run", "equal runs"])
def test_a_metric_without_spread_is_not_tested(values):
    found = stats.compare_metric({"a": [0.1, 0.2], "b": values, "c": [0.1, 0.3]}, {"b": "a", "c": "a"}, 0.01)
    assert list(found) == ["b", "c"]
    assert (found["b"].p, found["b"].verdict) == (None, "not distinguishable")
    assert np.isnan(found["b"].low)
    assert found["c"].p_adjusted == found["c"].p


def test_a_metric_must_be_finite():
    with pytest.raises(ValueError, match=r"^every row needs at least one value, and every value must be finite$"):
        stats.compare_metric({"a": [0.1, 0.2], "b": [float("nan"), 1.0]}, {"b": "a"}, 0.01)


def test_a_fixed_value_is_judged_by_the_spread_that_the_row_has():
    samples = {"a": Sample((0.981, 0.983, 0.982), N), "b": Sample((0.970, 0.972, 0.971), N)}
    shared = stats.pool(samples)
    found = stats.accuracy_above("a", 0.98, samples, shared)
    assert (found.method, found.value, found.freedom) == ("pooled", pytest.approx(0.002), shared.freedom)
    assert found.error == pytest.approx(sqrt(shared.dispersion * samples["a"].law / 3))


def test_a_fixed_value_beside_one_run_and_beside_equal_runs_goes_by_the_law():
    one, dead = {"a": Sample((0.98,), N)}, {"a": Sample((0.1135,) * 3, N)}
    assert stats.accuracy_above("a", 0.98, one, stats.pool(one)).error == pytest.approx(sqrt(0.02 / (2 * N)))
    found = stats.accuracy_above("a", 0.1, dead, stats.pool(dead))
    assert (found.method, found.error) == ("t", pytest.approx(sqrt((1 - 0.1135) / (2 * N))))


def test_a_metric_against_a_value_is_the_textbook_t_test():
    values = [0.12, 0.15, 0.11, 0.14]
    found, expected = stats.metric_above(values, 0.1), scipy_stats.ttest_1samp(values, 0.1)
    assert (found.p, found.value) == (pytest.approx(expected.pvalue), pytest.approx(0.03))
    assert found.interval == pytest.approx(tuple(end - 0.1 for end in expected.confidence_interval()))


@pytest.mark.parametrize(
    ("values", "others"), [([0.1], [0.2, 0.3]), ([0.1, 0.1, 0.1], [0.2, 0.3]), ([0.0, 0.0], [1.0, 1.0])]
)
def test_without_spread_there_is_no_test_of_a_metric(values, others):
    assert stats.metric_above(values, 0.2) is None
    assert stats.metric_difference(values, others) is None
    assert stats.metric_difference(others, values) is None
    assert stats.predict_metric(values) is None


def test_a_metric_may_stand_still_at_a_bound_on_one_side():
    values, others = [0.0, 0.0, 0.0], [0.47, 0.35, 0.61]  # recall of a digit that one net never predicts
    found, expected = stats.metric_difference(values, others), scipy_stats.ttest_ind(values, others, equal_var=False)
    assert (found.p, found.freedom) == (pytest.approx(expected.pvalue), pytest.approx(expected.df))


def test_a_prediction_has_the_p_of_its_interval():
    for law in (stats.predict_accuracy(SCORES, N), stats.predict_accuracy([0.984], N), stats.predict_metric(SCORES)):
        low, high = law.interval(0.95)
        assert law.p(low) == pytest.approx(0.05)
        assert law.p(high) == pytest.approx(0.05)
        assert law.p(law.mean) == pytest.approx(1)


def test_one_more_run_of_a_metric_lies_in_the_textbook_interval():
    values = np.array([0.12, 0.15, 0.11, 0.14])
    half = scipy_stats.t.ppf(0.975, 3) * values.std(ddof=1) * sqrt(1 + 1 / 4)
    law = stats.predict_metric(values)
    assert law is not None and law.interval() == pytest.approx((0.13 - half, 0.13 + half))
