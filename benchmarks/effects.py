"""How often effects in a grid are wrong: simulated grids through `stats.effects`.

python -m benchmarks.effects [SWEEPS]         the table of docs/explanation/statistics.md; 2,000 grids of each scenario
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod, sqrt

import numpy as np

from benchmarks.rate import rate
from benchmarks.verdicts import LAW, MARGIN, TRUE, N, Spread, half, last_row, noise_law, realistic
from mnist_sweeps.stats import Sample
from mnist_sweeps.stats.effects import MATTERS, Cell, Effect, effects


@dataclass(frozen=True)
class Scenario:
    """Grids of `shape` with so many seeds in each cell, in the order of the cells; one number is for all.

    `main` (a fraction) is by how much the last level of the first factor is better.
    """

    name: str
    shape: Cell
    seeds: tuple[int, ...]
    spread: Spread = noise_law
    main: float = 0.0

    def grids(self, count: int, seed: int = 0) -> Iterator[list[Effect]]:
        """The effects of each simulated grid."""
        random = np.random.default_rng(seed)
        places = list(np.ndindex(self.shape))
        seeds = self.seeds * (prod(self.shape) if len(self.seeds) == 1 else 1)
        for _ in range(count):
            samples, cells = {}, {}
            for cell, runs, sd in zip(places, seeds, self.spread(random, len(places)) * sqrt(LAW), strict=True):
                mean = TRUE + self.main * (cell[0] == self.shape[0] - 1)
                values = np.clip(np.round(random.normal(mean, sd, runs) * N) / N, 0, 1)
                cells[cell], samples[str(cell)] = str(cell), Sample(tuple(values.tolist()), N)
            yield effects(samples, cells, MARGIN)


def rates(scenario: Scenario, count: int, seed: int = 0) -> tuple[float, float, float]:
    """Shares of grids with a false `matters` or `within`, with every interval right, and with the true effect found."""
    false = covered = found = 0
    for grid in scenario.grids(count, seed):
        true = [scenario.main if effect.factors == (0,) else 0.0 for effect in grid]
        pairs = list(zip(grid, true, strict=True))
        false += any(effect.verdict == MATTERS for effect, size in pairs if not size)
        false += any(effect.verdict.startswith("within") for effect, size in pairs if size >= MARGIN)
        covered += all(effect.low <= size <= effect.high for effect, size in pairs[:1])
        found += grid[0].verdict == MATTERS
    return false / count, covered / count, found / count


UNEQUAL = (2, 5, 3, 5, 4, 5, 2, 5, 3, 5, 4, 5)
SCENARIOS = [
    Scenario("2 x 2, 5 seeds, noise law", (2, 2), (5,)),
    Scenario("2 x 2, 5 seeds, realistic", (2, 2), (5,), realistic),
    Scenario("2 x 2, 3 seeds, one cell 6 times", (2, 2), (3,), last_row(6)),
    Scenario("3 x 4, 5 seeds, noise law", (3, 4), (5,)),
    Scenario("3 x 4, 5 seeds, realistic", (3, 4), (5,), realistic),
    Scenario("3 x 4, 3 seeds, half 4 times", (3, 4), (3,), half(4)),
    Scenario("3 x 4, 2 seeds, realistic", (3, 4), (2,), realistic),
    Scenario("3 x 4, 2 to 5 seeds, half 4 times", (3, 4), UNEQUAL, half(4)),
    Scenario("3 x 4, 2 to 5 seeds, realistic", (3, 4), UNEQUAL, realistic),
    Scenario("2 x 3 x 4, 3 seeds, realistic", (2, 3, 4), (3,), realistic),
    Scenario("6 x 6, 5 seeds, half 4 times", (6, 6), (5,), half(4)),
    Scenario("3 x 4, 5 seeds, realistic, 0.1 pp", (3, 4), (5,), realistic, 0.001),
    Scenario("3 x 4, 5 seeds, realistic, 0.2 pp", (3, 4), (5,), realistic, 0.002),
    Scenario("2 x 3 x 4, 3 seeds, noise law, 0.2 pp", (2, 3, 4), (3,), noise_law, 0.002),
]


def main(words: list[str]) -> int:
    """Prints a line for each scenario: rates and standard errors in per cent."""
    count = int(words[0]) if words else 2000
    print(f"false verdict | interval of the first setting right | first setting matters, % of {count:,} grids")
    for scenario in SCENARIOS:
        shares = [rate(share, count) for share in rates(scenario, count)]
        print(f"| {scenario.name} | {' | '.join(shares)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
