"""How often verdicts are wrong, and how often a difference is found: simulated sweeps through `stats.compare`.

python -m benchmarks.verdicts [SWEEPS]        the table of docs/explanation/statistics.md; 2,000 sweeps of each scenario
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np

from benchmarks.rate import rate
from mnist_sweeps import stats
from mnist_sweeps.stats import Comparison, Sample

N, TRUE, MARGIN = 10_000, 0.984, 0.002
LAW = (1 - TRUE) / (2 * N)
Spread = Callable[[np.random.Generator, int], np.ndarray]  # to the sds over the law's, [rows]


def noise_law(random: np.random.Generator, rows: int) -> np.ndarray:
    """Every row spreads by the noise law."""
    return np.ones(rows)


def realistic(random: np.random.Generator, rows: int) -> np.ndarray:
    """As 80 real rows did: variances over the law's are inverse chi-square with 5 degrees of freedom."""
    return np.sqrt(5 / random.chisquare(5, rows))


def baseline(times: float) -> Spread:
    """The row that all others are compared with spreads `times` as far."""
    return lambda random, rows: np.where(np.arange(rows) == 0, times, 1.0)


def last_row(times: float) -> Spread:
    """One row spreads `times` as far: the last."""
    return lambda random, rows: np.where(np.arange(rows) == rows - 1, times, 1.0)


def half(times: float) -> Spread:
    """Half of the rows spread `times` as far, the baseline not among them."""
    return lambda random, rows: np.where(np.arange(rows) >= rows // 2, times, 1.0)


def every(times: float) -> Spread:
    """Every row spreads `times` as far as the law says."""
    return lambda random, rows: np.full(rows, times)


@dataclass(frozen=True)
class Scenario:
    """Sweeps with so many seeds in each row, the baseline first; `diverging` is the share of runs at chance.

    `difference` (a fraction) is by how much the second row is better than the others, or the baseline, if it is
    `of_baseline`.
    """

    name: str
    seeds: tuple[int, ...]
    spread: Spread = noise_law
    diverging: float = 0.0
    difference: float = 0.0
    of_baseline: bool = False

    def sweeps(self, count: int, seed: int = 0) -> Iterator[dict[str, Comparison]]:
        """The comparisons of each simulated sweep with its first row, by row name."""
        random = np.random.default_rng(seed)
        means = TRUE + self.difference * (np.arange(len(self.seeds)) == (0 if self.of_baseline else 1))
        for _ in range(count):
            sds = self.spread(random, len(self.seeds)) * sqrt(LAW)
            samples = {}
            for row, (runs, mean, sd) in enumerate(zip(self.seeds, means, sds, strict=True)):
                values = np.clip(np.round(random.normal(mean, sd, runs) * N) / N, 0, 1)
                values = np.where(random.random(runs) < self.diverging, 0.098, values)
                kept = values[~np.array(stats.at_chance(values.tolist(), N))]
                samples[str(row)] = Sample(tuple(kept.tolist()), N)
            yield stats.compare(samples, {name: "0" for name in samples if name != "0"}, MARGIN)


def false_rate(scenario: Scenario, count: int, seed: int = 0) -> float:
    """Share of sweeps with any `higher` or `lower`, though all rows are truly equal."""
    words = {"higher", "lower"}
    return float(np.mean([any(c.verdict in words for c in s.values()) for s in scenario.sweeps(count, seed)]))


def found_rate(scenario: Scenario, count: int, seed: int = 0, word: str = "higher") -> float:
    """Share of sweeps in which the second row gets the verdict that `word` begins."""
    return float(np.mean([s["1"].verdict.startswith(word) for s in scenario.sweeps(count, seed)]))


def ceiling(count: int, rate: float = 0.05) -> float:
    """`rate` and two binomial standard errors of a simulation of `count` sweeps: 0.0597 for 2,000."""
    return rate + 2 * sqrt(rate * (1 - rate) / count)


def _spreads(name: str, seeds: tuple[int, ...], **spreads: Spread) -> list[Scenario]:
    return [Scenario(f"{name}, {words.replace('_', ' ')}", seeds, spread) for words, spread in spreads.items()]


SAME_SEEDS = [
    scenario
    for rows, seeds in ((4, 2), (10, 2), (4, 3), (6, 3), (6, 5), (15, 5))
    for scenario in _spreads(
        f"{rows} x {seeds}",
        (seeds,) * rows,
        noise_law=noise_law,
        realistic=realistic,
        baseline_2_times=baseline(2),
        baseline_3_times=baseline(3),
        one_row_3_times=last_row(3),
        one_row_6_times=last_row(6),
        half_2_times=half(2),
        half_4_times=half(4),
    )
]
MANY_ROWS = _spreads(
    "60 x 3", (3,) * 60, noise_law=noise_law, realistic=realistic, baseline_2_times=baseline(2), half_2_times=half(2)
)
OTHER_SEEDS = [
    *_spreads("5 rows of 5, one of 2", (5, 5, 5, 5, 5, 2), one_row_3_times=last_row(3), realistic=realistic),
    *_spreads("14 rows of 5, one of 2", (5,) * 14 + (2,), one_row_3_times=last_row(3), realistic=realistic),
    *_spreads("baseline of 2, 5 rows of 5", (2,) + (5,) * 5, baseline_2_times=baseline(2), realistic=realistic),
    *_spreads("baseline of 2, 14 rows of 5", (2,) + (5,) * 14, baseline_2_times=baseline(2), realistic=realistic),
    *_spreads("baseline of 20, 9 rows of 3", (20,) + (3,) * 9, one_row_3_times=last_row(3), realistic=realistic),
    *_spreads("baseline of 3, 9 rows of 20", (3,) + (20,) * 9, baseline_2_times=baseline(2), realistic=realistic),
    *_spreads("2 to 5 seeds", (5, 2, 3, 5, 4, 5, 3, 5, 2, 5), half_4_times=half(4), realistic=realistic),
    *_spreads("6 x 1", (1,) * 6, twice_the_law=every(2), realistic=realistic),
    *_spreads("15 x 1", (1,) * 15, realistic=realistic),
    *_spreads("baseline of 5, 9 rows of 1", (5,) + (1,) * 9, twice_the_law=every(2), realistic=realistic),
    *_spreads("one row of 1, 14 of 5", (5,) * 14 + (1,), one_row_3_times=last_row(3)),
    Scenario("10 x 2, a fifth of the runs diverging", (2,) * 10, diverging=0.2),
    Scenario("15 x 5, a fifth of the runs diverging", (5,) * 15, diverging=0.2),
]
SCENARIOS = SAME_SEEDS + MANY_ROWS + OTHER_SEEDS
POWERS = [
    Scenario(f"{rows} x {seeds}, {name}, {100 * difference:.1f} pp", (seeds,) * rows, spread, difference=difference)
    for rows, seeds in ((4, 2), (10, 2), (6, 3), (2, 5), (6, 5), (15, 5), (15, 10))
    for name, spread, difference in (
        ("noise law", noise_law, 0.002),
        ("realistic", realistic, 0.002),
        ("noise law", noise_law, 0.005),
    )
]


def main(words: list[str]) -> int:
    """Prints a line for each scenario: rate and standard error in per cent."""
    count = int(words[0]) if words else 2000
    for title, scenarios, share in (
        ("false higher or lower", SCENARIOS, false_rate),
        ("difference found", POWERS, found_rate),
    ):
        print(f"{title}, % of {count:,} sweeps")
        for scenario in scenarios:
            print(f"| {scenario.name} | {rate(share(scenario, count), count)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
