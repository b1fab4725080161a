"""Effects in a grid: how much each factor matters, averaged over the others, and which factors depend on each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np
from scipy.special import fdtrc, stdtr, stdtrit

from mnist_sweeps.stats.compare import LEVEL, NOT_DISTINGUISHABLE, holm
from mnist_sweeps.stats.difference import side_of
from mnist_sweeps.stats.noise import Sample
from mnist_sweeps.stats.pool import pool

MATTERS = "matters"
MANY = 1e9  # degrees of freedom of a variance that is known
Array = np.ndarray
Cell = tuple[int, ...]  # the level of each factor


@dataclass(frozen=True)
class Effect:
    """A main effect (one factor) or an interaction (two), averaged over the levels of all other factors; fractions.

    `size` is the largest difference between the means of two levels; of an interaction the largest difference of such
    differences. `low` and `high` are its 95 % interval, simultaneous over all such pairs. `best` and `worst` are the
    levels with the highest and lowest mean. `p` tests that there is no effect, `p_adjusted` is Holm's over all effects.
    """

    factors: tuple[int, ...]
    size: float
    low: float
    high: float
    p: float
    p_adjusted: float
    verdict: str
    best: int | None = None
    worst: int | None = None


def effects(samples: Mapping[str, Sample], cells: Mapping[Cell, str], margin: float) -> list[Effect]:
    """Every main effect, then every interaction of two factors.

    The mean of a cell counts by the variance that its row has in the table (`side_of`): spreads and numbers of runs may
    differ. An effect is tested by the ANOVA-type statistic (Brunner, Dette and Munk 1997), which for two levels is
    Welch's test. Verdicts: `matters` where Holm's p is below 0.05; `within M pp` where every pair of levels is shown to
    be within ±`margin` (two one-sided tests, Holm as well) and the interval ends below; else `not distinguishable`.

    Args:
        samples: The accuracies of every row of the sweep by name; those outside the grid count for the shared spread.
        cells: The name of the row in each cell; all levels of all factors, crossed. Two cells may have the same row.
        margin: Differences within the margin count as the same, a fraction.

    Raises:
        ValueError: The cells are not a full grid, or a row of a cell has fewer than two runs.
    """
    grid = _Grid(samples, cells)
    kinds = [*((factor,) for factor in range(len(grid.shape))), *combinations(range(len(grid.shape)), 2)]
    raw = [_effect(grid, factors, margin) for factors in kinds]
    p = holm([test for *_, test, _ in raw]).tolist()
    within = holm([near for *_, near in raw]).tolist()
    found = []
    for factors, (size, low, high, test, _), adjusted, near in zip(kinds, raw, p, within, strict=True):
        verdict = NOT_DISTINGUISHABLE
        if adjusted < LEVEL:
            verdict = MATTERS
        elif near < LEVEL and high < margin:
            verdict = f"within {100 * margin:g} pp"
        ends = grid.extremes(factors[0]) if len(factors) == 1 else (None, None)
        found.append(Effect(factors, size, low, high, test, adjusted, verdict, *ends))
    return found


def cell_means(
    samples: Mapping[str, Sample], cells: Mapping[Cell, str], factors: Sequence[int]
) -> dict[Cell, tuple[float, float, float]]:
    """Mean and 95 % interval (mean, low, high), fractions, of every cell of these factors, averaged over the others.

    Args:
        samples: As for `effects`.
        cells: As for `effects`.
        factors: Two factors, or one.

    Raises:
        ValueError: As `effects` does.
    """
    grid = _Grid(samples, cells)
    found = {}
    for cell in np.ndindex(tuple(grid.shape[factor] for factor in factors)):
        level = dict(zip(factors, cell, strict=True))
        weights = grid.row_weights(
            [
                np.eye(count)[[level[factor]]] if factor in level else np.full((1, count), 1 / count)
                for factor, count in enumerate(grid.shape)
            ]
        )
        variances = weights**2 * grid.variances
        reach = float(stdtrit(grid.freedom(variances), 0.975)[0]) * sqrt(variances.sum())
        mean = float((weights @ grid.means)[0])
        found[cell] = (mean, max(mean - reach, 0.0), min(mean + reach, 1.0))
    return found


class _Grid:
    """The cells as `shape` levels; `share` [cells, rows] says which row is in which cell, the rows are independent."""

    def __init__(self, samples: Mapping[str, Sample], cells: Mapping[Cell, str]) -> None:
        self.shape = tuple(len(set(levels)) for levels in zip(*cells, strict=True))
        order = list(np.ndindex(self.shape))
        if set(order) != set(cells) or min(self.shape) < 2:
            raise ValueError("the cells are not a full grid of at least two levels each")
        names = list(dict.fromkeys(cells[cell] for cell in order))
        if short := [name for name in names if not samples[name].freedom]:
            raise ValueError(f"fewer than two runs of {', '.join(short)}")
        shared = pool(samples)
        self.share = np.array([[name == cells[cell] for name in names] for cell in order], float)
        self.means = np.array([samples[name].mean for name in names])
        self.sides = [side_of(samples[name], shared) for name in names]
        self.variances = np.array([side.variance for side in self.sides])

    def row_weights(self, weights: Sequence[Array]) -> Array:
        """Weights of the rows [contrasts, rows], from one array [contrasts, levels] for each factor."""
        crossed = weights[0]
        for factor in weights[1:]:
            crossed = (crossed[:, :, None] * factor[:, None, :]).reshape(len(crossed), -1)
        return crossed if len(self.means) == len(self.share) else np.asarray(crossed @ self.share)

    def freedom(self, parts: Array) -> Array:
        """Satterthwaite's degrees of freedom [sums] of sums of variances with these `parts` [sums, rows].

        Rows that count by the shared spread are wrong together: they are one part.
        """
        pooled = np.array([side.pooled for side in self.sides])
        freedoms = np.array([side.freedom for side in self.sides], float)
        curve = parts[:, ~pooled] ** 2 @ (1 / freedoms[~pooled])
        if pooled.any():
            curve = curve + parts[:, pooled].sum(axis=1) ** 2 / freedoms[pooled][0]
        return np.where(curve > 0, parts.sum(axis=1) ** 2 / np.where(curve > 0, curve, 1), MANY)

    def extremes(self, factor: int) -> tuple[int, int]:
        """The levels of a factor with the highest and the lowest mean."""
        means = (self.share @ self.means).reshape(self.shape)
        levels = means.mean(axis=tuple(axis for axis in range(means.ndim) if axis != factor))
        return int(levels.argmax()), int(levels.argmin())


def _effect(grid: _Grid, factors: tuple[int, ...], margin: float) -> tuple[float, float, float, float, float]:
    """Size, its interval (low, high), p of no effect, and p of an effect beyond the margin."""
    contrasts = [grid.row_weights(weights) for weights in _contrasts(grid.shape, factors)]
    count = sum(map(len, contrasts))
    size = low = high = outside = 0.0
    for some in contrasts:
        values = np.abs(some @ grid.means)
        errors = np.sqrt(some**2 @ grid.variances)
        freedoms = grid.freedom(some**2 * grid.variances)
        reach = errors * stdtrit(freedoms, 1 - 0.025 / count)
        size, low, high = max(size, values.max()), max(low, (values - reach).max()), max(high, (values + reach).max())
        known = errors > 0
        near = stdtr(freedoms[known], (values[known] - margin) / errors[known])
        outside = max(outside, near.max(initial=0.0))
    return float(size), float(low), float(high), _no_effect(grid, factors), float(outside)


def _contrasts(shape: tuple[int, ...], factors: tuple[int, ...]) -> Iterator[list[Array]]:
    """The differences between two levels, and of two factors their differences: weights for `_Grid.row_weights`."""
    first = _pairs(shape[factors[0]])
    blocks = [first] if len(factors) == 1 else [np.broadcast_to(one, (1, one.size)) for one in first]
    for block in blocks:  # pair by pair of the first factor: 30 x 30 levels have 190,000 differences of differences
        others = _pairs(shape[factors[1]]) if len(factors) == 2 else None
        count = len(block) if others is None else len(others)
        weights = [np.full((count, levels), 1 / levels) for levels in shape]
        weights[factors[0]] = np.broadcast_to(block, (count, shape[factors[0]]))
        if others is not None:
            weights[factors[1]] = others
        yield weights


def _pairs(levels: int) -> Array:
    """One level minus another, for each two [pairs, levels]."""
    unit = np.eye(levels)
    return np.array([unit[one] - unit[other] for one, other in combinations(range(levels), 2)])


def _no_effect(grid: _Grid, factors: tuple[int, ...]) -> float:
    """P value of no effect by the ANOVA-type statistic: m'Tm / tr(TV) against F with tr(TV)² / tr(TVTV) and f degrees.

    T projects the means m on the effect; V are their variances. f are Satterthwaite's degrees of freedom of tr(TV).
    """
    projection = np.ones((1, 1))
    for factor, levels in enumerate(grid.shape):
        average = np.full((levels, levels), 1 / levels)
        projection = np.kron(projection, np.eye(levels) - average if factor in factors else average)
    rows = grid.share.T @ projection @ grid.share
    parts = np.diag(rows) * grid.variances
    trace = parts.sum()
    if trace <= 0:
        return 1.0
    numerator = trace**2 / (grid.variances @ rows**2 @ grid.variances)
    freedom = float(grid.freedom(parts[None])[0])
    return float(fdtrc(numerator, freedom, grid.means @ rows @ grid.means / trace))
