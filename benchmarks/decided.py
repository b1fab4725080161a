"""Sweeps with `seeds: until decided`, simulated: how often they are wrong, what they find, how many seeds they take.

python -m benchmarks.decided [SWEEPS]     the tables of docs/explanation/until_decided.md, 2,000 sweeps of each scenario
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from benchmarks.rate import rate
from benchmarks.verdicts import MARGIN, TRUE, N, Spread, baseline, half, last_row, noise_law, realistic
from mnist_sweeps import stats
from mnist_sweeps.stats import Limits, Race, Result, Sample
from mnist_sweeps.stats.chance import guesses
from mnist_sweeps.stats.compare import LEVEL

LIMITS = Limits(at_least=3, at_most=50)
DIFFER = ("higher", "lower")


@dataclass(frozen=True)
class Scenario:
    """Sweeps whose rows differ from the first by `differences`, fractions; a share of the runs is `diverging`."""

    name: str
    differences: tuple[float, ...]
    spread: Spread = noise_law
    diverging: float = 0.0
    true: float = TRUE  # accuracy of the first row

    @property
    def against(self) -> dict[str, str]:
        """Every row but the first, compared with the first."""
        return {str(row): "0" for row in range(1, len(self.differences) + 1)}

    def runs(self, random: np.random.Generator, seeds: int) -> np.ndarray:
        """Accuracies [rows, seeds] of one sweep."""
        means = self.true + np.array([0.0, *self.differences])
        sds = self.spread(random, len(means)) * np.sqrt(np.maximum(1 - means, 1 / N) / (2 * N))
        values = np.clip(np.round(random.normal(means[:, None], sds[:, None], (len(means), seeds)) * N) / N, 0, 1)
        return np.where(random.random(values.shape) < self.diverging, 0.098, values)

    def races(
        self,
        sweeps: int,
        seed: int = 0,
        limits: Limits = LIMITS,
        skipped: Callable[[np.ndarray], bool] = lambda values: False,
    ) -> Iterator[Race]:
        """What each simulated sweep decides, without those whose accuracies are `skipped`."""
        random = np.random.default_rng(seed)
        for _ in range(sweeps):
            values = self.runs(random, limits.rounds[-1])
            if skipped(values):
                continue
            results = {str(row): [Result(value, N) for value in runs] for row, runs in enumerate(values.tolist())}
            yield stats.race(results, self.against, MARGIN, limits)

    def fixed(self, sweeps: int, seeds: int, seed: int = 0) -> Iterator[dict[str, stats.Comparison]]:
        """The comparisons of sweeps in which every row has so many seeds."""
        random = np.random.default_rng(seed)
        for _ in range(sweeps):
            samples = {str(row): Sample(tuple(runs), N) for row, runs in enumerate(self.runs(random, seeds).tolist())}
            yield stats.compare(samples, self.against, MARGIN)


def any_wrong(scenario: Scenario, sweeps: int, words: Sequence[str], seed: int = 0) -> float:
    """Share of sweeps with any verdict that begins with one of `words`, all of which would be wrong.

    Only sweeps that might have one are raced: the others have no p value that is small enough.
    """
    wrong = [
        any(comparison.verdict.startswith(tuple(words)) for comparison in race.comparisons.values())
        for race in scenario.races(sweeps, seed, skipped=lambda values: not might_be_wrong(values, words))
    ]
    return sum(wrong) / sweeps


def might_be_wrong(values: np.ndarray, words: Sequence[str]) -> bool:
    """Whether any comparison with the first row could get one of the first verdicts of its sweep, in any round.

    A first verdict has a p value of at most 5 % over rounds and comparisons. True where runs are equal or at chance,
    for which the test of two rows is another one.

    Args:
        values: Accuracies [rows, seeds].
        words: `("same",)` or `DIFFER`.
    """
    limit = 1.001 * LEVEL / stats.ROUNDS / (len(values) - 1)
    for size in LIMITS.rounds:
        runs = values[:, :size]
        spread = runs.var(axis=1, ddof=1) / size
        if not np.ptp(runs, axis=1).all() or guesses(runs.min(), N):
            return True
        square = spread[0] + spread[1:]
        freedom = square**2 / ((spread[0] ** 2 + spread[1:] ** 2) / (size - 1))
        distance = np.abs(runs[1:].mean(axis=1) - runs[0].mean())
        if words == ("same",):
            p = stdtr(freedom, (distance - MARGIN) / np.sqrt(square))
        else:
            p = 2 * stdtr(freedom, -distance / np.sqrt(square))
        if p.min() < limit:
            return True
    return False


def right(scenario: Scenario, comparisons: dict[str, stats.Comparison]) -> float:
    """Share of rows with the right verdict among those that differ by the margin or more, or are equal.

    Equal rows only have to be decided: false differences are limited to 5 % of the sweeps in every design, and a fixed
    number of seeds uses up more of that than rounds do.
    """
    found = [(d, comparisons[name]) for name, d in zip(scenario.against, scenario.differences, strict=True)]
    return float(np.mean([row.verdict == "higher" if d else row.decided for d, row in found]))


def race_result(scenario: Scenario, sweeps: int, seed: int = 0) -> tuple[float, float]:
    """Share of rows with the right verdict, and mean number of seeds a row."""
    races = [*scenario.races(sweeps, seed)]
    decided = float(np.mean([right(scenario, dict(race.comparisons)) for race in races]))
    return decided, float(np.mean([[*race.seeds.values()] for race in races]))


def fixed_of_equal_power(scenario: Scenario, sweeps: int, wanted: float, seed: int = 0) -> int:
    """The smallest number of seeds a row with which as many rows have the right verdict, up to 200."""

    def share(seeds: int) -> float:
        return float(np.mean([right(scenario, found) for found in scenario.fixed(sweeps, seeds, seed)]))

    return bisect_left(range(200), wanted, lo=2, key=share)


def equal(rows: int, name: str, **more: object) -> Scenario:
    """`rows` that are all equal, the baseline among them."""
    return Scenario(f"{rows} rows, {name}", (0.0,) * (rows - 1), **more)  # type: ignore[arg-type]


SPREADS = {
    "noise law": noise_law,
    "realistic": realistic,
    "baseline 3 times": baseline(3),
    "one row 6 times": last_row(6),
    "half 4 times": half(4),
}
FALSE = [
    scenario
    for rows in (6, 15, 60)
    for scenario in (
        *(equal(rows, name, spread=spread) for name, spread in SPREADS.items()),
        equal(rows, "99.95 % right", true=0.9995),
        equal(rows, "a tenth of the runs diverging", diverging=0.1),
    )
]
# The baseline is better than all others by the margin, so that each `same within` is wrong.
NOT_SAME = [
    Scenario(f"{rows} rows, {name}", (-MARGIN,) * (rows - 1), spread)
    for rows in (6, 15, 60)
    for name, spread in (("noise law", noise_law), ("realistic", realistic), ("half 4 times", half(4)))
]
COST = [
    Scenario(f"{len(differences) + 1} rows, {name}, {spread_name}", differences, spread)
    for name, differences in (
        ("all others +0.2 pp", (0.002,) * 5),
        ("all others +0.2 pp", (0.002,) * 14),
        ("all equal", (0.0,) * 14),
        ("5 equal, 5 +0.2 pp, 4 +0.5 pp", (0.0,) * 5 + (0.002,) * 5 + (0.005,) * 4),
        ("1 equal, 1 +0.2 pp, 3 +2 pp", (0.0, 0.002, 0.02, 0.02, 0.02)),
    )
    for spread_name, spread in (("noise law", noise_law), ("realistic", realistic))
]


def main(words: list[str]) -> int:
    """Prints a line for each scenario: rates and standard errors in per cent, numbers of seeds."""
    sweeps = int(words[0]) if words else 2000
    for title, scenarios, wrong in (("any higher or lower", FALSE, DIFFER), ("any same within", NOT_SAME, ("same",))):
        print(f"{title}, all false, % of {sweeps:,} sweeps")
        for scenario in scenarios:
            print(f"| {scenario.name} | {rate(any_wrong(scenario, sweeps, wrong), sweeps)} |", flush=True)
    print("rows with the right verdict, %; mean seeds a row; seeds of a fixed design with as many right; saved, %")
    for scenario in COST:
        decided, seeds = race_result(scenario, sweeps)
        fixed = fixed_of_equal_power(scenario, sweeps, decided)
        cells = f"{100 * decided:.1f} | {seeds:.1f} | {fixed} | {100 * (1 - seeds / fixed):.0f}"
        print(f"| {scenario.name} | {cells} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
