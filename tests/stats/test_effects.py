"""Effects in a grid, checked against statsmodels, and their verdicts."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.stats.samples import N

from mnist_sweeps.stats import Sample
from mnist_sweeps.stats.effects import MATTERS, cell_means, effects

MARGIN = 0.002


def a_grid(shape, shift=lambda cell: 0.0, runs=5, sd=9e-4, seed=0):
    """Samples and cells of a grid; `shift` is added to 98.4 %, `runs` and `sd` are of every cell or by cell."""
    random = np.random.default_rng(seed)
    samples, cells = {}, {}
    for cell in np.ndindex(shape):
        count, spread = (of(cell) if callable(of) else of for of in (runs, sd))
        values = np.clip(np.round(random.normal(0.984 + shift(cell), spread, count) * N) / N, 0, 1)
        cells[cell] = str(cell)
        samples[str(cell)] = Sample(tuple(values.tolist()), N)
    return samples, cells


def unpooled(shape, **more):
    """A grid whose cells spread so differently that each counts by its own variance, as in statsmodels' HC2."""
    return a_grid(shape, sd=lambda cell: 6e-4 * 6 ** (sum(cell) % 2), runs=2, **more)


def frame(samples, cells):
    return pd.DataFrame([(*cell, value) for cell, name in cells.items() for value in samples[name].values])


def fitted(samples, cells):
    """statsmodels' model of all cells with the variance of each, s² / n: HC2 of the saturated model."""
    formula = pytest.importorskip("statsmodels.formula.api")
    data = frame(samples, cells).rename(columns={0: "a", 1: "b", 2: "y"})
    return formula.ols("y ~ C(a, Sum) * C(b, Sum)", data).fit(cov_type="HC2")


def test_two_levels_are_the_contrast_of_statsmodels():
    """Estimate and standard error; the degrees of freedom are Satterthwaite's, which statsmodels does not have."""
    samples, cells = unpooled((2, 2), shift=lambda cell: 0.002 * cell[0])
    fit = fitted(samples, cells)
    variances = np.array([np.var(sample.values, ddof=1) / 2 for sample in samples.values()])
    freedom = variances.sum() ** 2 / (variances**2).sum()
    names = ["C(a, Sum)[S.0]", "C(b, Sum)[S.0]", "C(a, Sum)[S.0]:C(b, Sum)[S.0]"]
    for effect, name, factor in zip(effects(samples, cells, MARGIN), names, (2, 2, 4), strict=True):
        assert effect.size == pytest.approx(abs(factor * fit.params[name]))
        reach = stats.t.ppf(0.975, freedom) * factor * fit.bse[name]
        assert effect.high - effect.size == pytest.approx(reach)
        assert effect.p == pytest.approx(2 * stats.t.sf(abs(fit.params[name] / fit.bse[name]), freedom))


def test_means_of_cells_are_those_of_statsmodels():
    samples, cells = unpooled((2, 3))
    fit = fitted(samples, cells)
    means = cell_means(samples, cells, (0,))
    for level in (0, 1):
        predicted = fit.predict(pd.DataFrame({"a": [level] * 3, "b": [0, 1, 2]}))
        assert means[(level,)][0] == pytest.approx(predicted.mean())


def test_several_levels_are_tested_as_by_brown_and_forsythe():
    """With one setting that changes anything, the ANOVA-type statistic is Brown and Forsythe's, as by Mehrotra."""
    oneway = pytest.importorskip("statsmodels.stats.oneway")
    samples, _ = unpooled((4, 1))
    names = list(samples)
    expected = oneway.anova_oneway([samples[name].values for name in names], use_var="bf")
    main, without = effects(samples, {(a, b): names[a] for a in range(4) for b in range(2)}, MARGIN)[:2]
    assert main.p == pytest.approx(expected.pvalue)
    assert (without.size, without.p) == (0, 1)


def test_equal_spreads_are_tested_as_by_anova():
    """One shared variance with its degrees of freedom: the F test of two-way ANOVA, apart from that variance."""
    formula = pytest.importorskip("statsmodels.formula.api")
    anova = pytest.importorskip("statsmodels.stats.anova")
    samples, cells = a_grid((3, 4))
    for name, sample in samples.items():  # the same deviations in every cell, so that all share one spread
        deviations = np.array([-8e-4, -4e-4, 0, 4e-4, 8e-4])
        samples[name] = Sample(tuple((sample.mean + deviations).tolist()), N)
    data = frame(samples, cells).rename(columns={0: "a", 1: "b", 2: "y"})
    table = anova.anova_lm(formula.ols("y ~ C(a, Sum) * C(b, Sum)", data).fit(), typ=3)
    found = effects(samples, cells, MARGIN)
    assert [effect.p for effect in found] == pytest.approx(table["PR(>F)"].iloc[1:4].tolist(), rel=0.05)


def test_a_large_effect_matters_and_a_small_one_is_within_the_margin():
    samples, cells = a_grid((3, 2), shift=lambda cell: 0.004 * cell[0])
    first, second, both = effects(samples, cells, MARGIN)
    assert (first.verdict, second.verdict) == (MATTERS, "within 0.2 pp")
    assert (first.best, first.worst) == (2, 0)
    assert first.low < 0.008 < first.high
    assert (both.factors, both.best) == ((0, 1), None)


def test_settings_that_depend_on_each_other_have_an_interaction():
    samples, cells = a_grid((2, 2), shift=lambda cell: 0.004 * cell[0] * cell[1])
    both = effects(samples, cells, MARGIN)[2]
    assert both.verdict == MATTERS
    assert both.low < 0.004 < both.high


def test_numbers_of_runs_may_differ():
    samples, cells = a_grid((2, 3), shift=lambda cell: 0.004 * cell[0], runs=lambda cell: 2 + 2 * cell[1])
    assert effects(samples, cells, MARGIN)[0].verdict == MATTERS


def test_two_cells_with_the_same_runs_do_not_count_twice():
    samples, cells = a_grid((2, 2))
    shared = cells | {(1, 1): cells[(1, 0)]}
    apart, together = effects(samples, cells, MARGIN), effects(samples, shared, MARGIN)
    assert together[0].high - together[0].size > apart[0].high - apart[0].size


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({(0, 0): "a", (0, 1): "b", (1, 0): "c"}, "full grid"),
        ({(0, 0): "a", (0, 1): "b", (1, 0): "c", (1, 1): "d"}, "two"),
    ],
)
def test_gaps_and_single_runs_are_refused(cells, words):
    samples = {name: Sample((0.98, 0.981), N) for name in "abc"} | {"d": Sample((0.98,), N)}
    with pytest.raises(ValueError, match=words):
        effects(samples, cells, MARGIN)
