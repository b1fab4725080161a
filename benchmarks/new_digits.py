"""How often the interval for new digits covers the true difference: simulated nets on simulated test images.

python -m benchmarks.new_digits [SWEEPS]      the table of docs/explanation/statistics.md; 2,000 pairs of rows each
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from benchmarks.rate import rate
from mnist_sweeps import stats
from mnist_sweeps.stats import Sample
from mnist_sweeps.stats.new_digits import new_digits_difference

HARD = 0.035  # share of the images that are not recognized by every net; about 98.4 % are recognized in all
WORLD = 400_000  # images from which test sets are drawn: their mean is the true accuracy


@dataclass(frozen=True)
class Scenario:
    """Two rows of `runs` on `images`; `apart` is how far the rows disagree on single images, on the logit scale.

    `shift` makes the second row better on every hard image, `unstable` spreads its runs, both on the logit scale.
    """

    name: str
    runs: tuple[int, int]
    images: int
    apart: float = 1.0
    shift: float = 0.0
    unstable: float = 0.0

    def world(self, random: np.random.Generator) -> np.ndarray:
        """The logit of being recognized by a run of each row, for every hard image [2, images]."""
        shared = random.normal(0, 2, int(WORLD * HARD))
        own = random.normal(0, self.apart, (2, len(shared)))
        return shared + own + np.array([[0.0], [self.shift]])


def covered(scenario: Scenario, count: int, seed: int = 0) -> tuple[float, float]:
    """Shares of test sets whose interval holds the true difference: for new digits, and of the seeds alone."""
    random = np.random.default_rng(seed)
    logits = scenario.world(random)
    effects = scenario.unstable * np.sqrt(2) * np.polynomial.hermite.hermgauss(15)[0]
    weights = np.polynomial.hermite.hermgauss(15)[1] / np.sqrt(np.pi)
    means = [
        (weights[:, None] * expit(row + (place * effects)[:, None])).sum(axis=0).mean()
        for place, row in enumerate(logits)
    ]
    true = HARD * (means[1] - means[0])
    hits = seeds_alone = 0
    for _ in range(count):
        chosen = random.integers(0, logits.shape[1], random.binomial(scenario.images, HARD))
        rows = []
        for place, runs in enumerate(scenario.runs):
            quality = (
                place * random.normal(0, scenario.unstable, (runs, 1)) if scenario.unstable else np.zeros((runs, 1))
            )
            right = random.random((runs, len(chosen))) < expit(logits[place, chosen] + quality)
            rows.append(np.hstack([right, np.ones((runs, scenario.images - len(chosen)), bool)]))
        low, high = new_digits_difference(rows[1], rows[0])
        hits += low <= true <= high
        samples = {name: Sample(tuple(row.mean(axis=1)), scenario.images) for name, row in zip("ab", rows, strict=True)}
        plain = stats.compare(samples, {"b": "a"}, 0.002)["b"]
        seeds_alone += plain.low <= true <= plain.high
    return hits / count, seeds_alone / count


def expit(logit: np.ndarray) -> np.ndarray:
    """The logistic function."""
    return np.asarray(1 / (1 + np.exp(-logit)))


SCENARIOS = [
    Scenario("5 and 5 runs, 10,000 images", (5, 5), 10_000),
    Scenario("5 and 5 runs, 1,000 images", (5, 5), 1_000),
    Scenario("2 and 2 runs, 10,000 images", (2, 2), 10_000),
    Scenario("3 and 20 runs, 10,000 images", (3, 20), 10_000),
    Scenario("5 and 5 runs, rows that err on the same images", (5, 5), 10_000, apart=0.1),
    Scenario("5 and 5 runs, one row better", (5, 5), 10_000, shift=1.0),
    Scenario("5 and 5 runs, one row better and unstable", (5, 5), 10_000, shift=1.0, unstable=1.0),
    Scenario("3 and 3 runs, one row unstable", (3, 3), 10_000, unstable=1.0),
]


def main(words: list[str]) -> int:
    """Prints a line for each scenario: coverage and standard error in per cent."""
    count = int(words[0]) if words else 2000
    print(f"the interval for new digits | of the seeds alone holds the true difference, % of {count:,}")
    for scenario in SCENARIOS:
        shares = [rate(share, count) for share in covered(scenario, count)]
        print(f"| {scenario.name} | {' | '.join(shares)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
