"""Seeds that are added in rounds until each comparison is decided: how many, and what each round decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf, sqrt
from statistics import fmean

from scipy.special import nctdtr, ndtr, stdtrit

from mnist_sweeps.stats.chance import MNIST_CHANCE, at_chance
from mnist_sweeps.stats.compare import LEVEL, Comparison, holm, judged, same_within
from mnist_sweeps.stats.difference import UNTESTED, Difference, accuracy_difference
from mnist_sweeps.stats.noise import TYPICAL, Sample, noise_law_sd
from mnist_sweeps.stats.pool import Pool

ROUNDS = 10  # at most; each has a tenth of the level, however many are needed
GROWTH = 1.6  # of the number of seeds from round to round
NOT_SHARED = Pool(1.0, 0.0, frozenset())  # a spread shared with rows that stopped early would depend on the results
DEAD = 5  # runs that must all guess, before a row counts as one that does not learn
FEW_AT_CHANCE = "no test, all runs at chance"
NO_TEST = (*UNTESTED, FEW_AT_CHANCE)
SEEDS, MINUTES, POWER, NO_RUNS = "seeds", "minutes", "power", "no completed run"


@dataclass(frozen=True)
class Limits:
    """When comparisons that are not decided get no more seeds.

    `seconds` are of training, in all runs together. `power` is the probability with which a row's seeds would show a
    difference of the margin.
    """

    at_least: int = 3
    at_most: int = 50
    seconds: float = inf
    power: float = inf

    @property
    def rounds(self) -> list[int]:
        """The number of seeds after each round: 3, 5, 8, 12, 20, 31, 50."""
        sizes = (round(self.at_least * GROWTH**number) for number in range(ROUNDS))
        return [size for size in sizes if size <= self.at_most]


@dataclass(frozen=True)
class Result:
    """How a run ended: its test accuracy on `n_test` images, None where it did not complete; it took `seconds`.

    `chance` is the share of the largest class among the test images.
    """

    accuracy: float | None
    n_test: int | None
    seconds: float = 0.0
    chance: float = MNIST_CHANCE


@dataclass(frozen=True)
class Race:
    """What the rounds so far say.

    `rounds` is the number of those whose runs have all ended, `seeds` the number of seeds that each row is to have by
    now, `comparisons` those of each row's last round, `stopped` why rows that are not decided get no more seeds.
    `running` is whether a round is to be trained, or to its end.
    """

    rounds: int = 0
    seeds: Mapping[str, int] = field(default_factory=dict)
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    stopped: Mapping[str, str] = field(default_factory=dict)
    running: bool = True


def race(
    results: Mapping[str, Sequence[Result]], against: Mapping[str, str], margin: float, limits: Limits = Limits()
) -> Race:
    """The rounds that the results are enough for, and the seeds of the next one.

    After each round every comparison that is still open is tested by Welch's test, on the runs that its two rows have
    by then. Each round has a tenth of the 5 %, and within a round Holm's method counts every comparison of the sweep
    that is not rejected yet, so that the probability of any false `higher` or `lower` is at most 5 % over all rounds
    and rows, and the same holds for `same within`. A verdict stays. A row gets seeds while a comparison that it takes
    part in is open.

    Args:
        results: For each row its runs in the order of its seeds, up to the first one that has not ended.
        against: The row that each row is compared with.
        margin: Within which two rows count as the same, a fraction.
        limits: When to stop.

    Returns:
        A function of its arguments alone: whoever has the same results goes on in the same way.
    """
    state = Race()
    undecided = dict(against)
    sizes = limits.rounds
    for number, size in enumerate(sizes, 1):
        rows = list(dict.fromkeys(row for pair in undecided.items() for row in pair))
        if number > 1 and _seconds_after(state.seeds, rows, size, results) > limits.seconds:
            return replace(state, stopped={**state.stopped, **dict.fromkeys(undecided, MINUTES)}, running=False)
        state = replace(state, seeds={**state.seeds, **dict.fromkeys(rows, size)})
        if any(len(results.get(row, ())) < size for row in rows):
            return state
        samples = {row: sample for row in rows if (sample := _sample(results[row][:size]))}
        tests = {
            name: _test(name, other, samples)
            for name, other in undecided.items()
            if name in samples and other in samples
        }
        tested = _tested(tests, state.comparisons, len(against), margin)
        stopped = dict.fromkeys(undecided.keys() - tests.keys(), NO_RUNS)
        undecided = {name: undecided[name] for name in tests if not tested[name].decided}
        enough = [name for name in undecided if _power(tests[name], margin, len(against)) >= limits.power]
        stopped |= dict.fromkeys(enough, POWER)
        undecided = {name: other for name, other in undecided.items() if name not in stopped}
        if number == len(sizes):
            stopped |= dict.fromkeys(undecided, SEEDS)
            undecided = {}
        state = Race(
            number,
            state.seeds,
            {**state.comparisons, **{name: replace(found, round=number) for name, found in tested.items()}},
            {**state.stopped, **stopped},
            bool(undecided),
        )
        if not undecided:
            break
    return state


def _sample(results: Sequence[Result]) -> Sample | None:
    """The accuracies of the runs that completed and did not end at chance; None without any."""
    scored = [(r.accuracy, r.n_test, r.chance) for r in results if r.accuracy is not None and r.n_test]
    if not scored:
        return None
    values, (_, n_test, chance) = [accuracy for accuracy, *_ in scored], scored[0]
    left_out = at_chance(values, n_test, chance)
    return Sample(tuple(value for value, out in zip(values, left_out, strict=True) if not out), n_test, chance)


def _test(name: str, other: str, samples: Mapping[str, Sample]) -> Difference:
    """The difference of two rows; no test where all of a row's few runs guess, and the other row learned."""
    test = accuracy_difference(name, other, samples, NOT_SHARED)
    sides = samples[name], samples[other]
    if any(_too_few_at_chance(*pair) for pair in (sides, sides[::-1])):
        return replace(test, method=FEW_AT_CHANCE)
    return test


def _too_few_at_chance(row: Sample, other: Sample) -> bool:
    """Whether all runs of a row may have diverged: three do in one row of 1,000 where a tenth of all runs diverge."""
    return len(row.values) < DEAD and row.only_guesses and other.learned


def _tested(
    tests: Mapping[str, Difference], before: Mapping[str, Comparison], count: int, margin: float
) -> dict[str, Comparison]:
    """The comparisons of a round.

    Args:
        tests: Of the comparisons that are open.
        before: The last round of every comparison so far; those decided there are not tested again.
        count: Number of comparisons in the sweep.
        margin: A fraction.
    """
    decided = [comparison.verdict for comparison in before.values() if comparison.decided]
    same = same_within(margin)
    equal = sum(verdict == same for verdict in decided)
    possible = {name: test for name, test in tests.items() if test.method not in NO_TEST}
    p = _holm({name: test.p for name, test in possible.items()}, count - (len(decided) - equal))
    within = _holm({name: test.p_within(margin) for name, test in possible.items()}, count - equal)
    return {
        name: judged(test, p.get(name), within.get(name), margin, same, ROUNDS, count) for name, test in tests.items()
    }


def _holm(p: Mapping[str, float], count: int) -> dict[str, float]:
    """Holm's p values over `count` hypotheses, those that are not tested counting as p = 1."""
    adjusted = holm([*p.values(), *[1.0] * (count - len(p))])
    return dict(zip(p, adjusted.tolist(), strict=False))


def _power(test: Difference, margin: float, count: int) -> float:
    """Probability with which runs of this spread show a true difference of the margin, in the first step of Holm."""
    if test.method in NO_TEST:
        return 0.0
    return float(ndtr(margin / test.error - test.quantile(LEVEL / ROUNDS / count / 2)))


def _seconds_after(
    seeds: Mapping[str, int], rows: Sequence[str], size: int, results: Mapping[str, Sequence[Result]]
) -> float:
    """What all runs took so far, and the next round is expected to take: a row's runs as its runs did on average."""
    took = {row: [result.seconds for result in results[row][:count]] for row, count in seeds.items()}
    return sum(map(sum, took.values())) + sum((size - seeds[row]) * fmean(took[row]) for row in rows)


def expected_seeds(
    difference: float, accuracy: float, n_test: int, comparisons: int, limits: Limits, spread: float = TYPICAL
) -> tuple[float, float]:
    """Mean number of seeds of a row that truly differs by `difference`, and of the row that all are compared with.

    Every comparison is taken to have that difference, and to be decided by the first step of Holm's method; the second
    number is for `comparisons` that are decided independently of each other.

    Args:
        difference: A fraction.
        accuracy: Of the rows.
        n_test: Number of test images.
        comparisons: In the sweep.
        limits: Of the rounds.
        spread: Variance over seeds, relative to the noise law's.
    """
    sizes, decided = limits.rounds, 0.0
    row = baseline = float(sizes[0])
    for before, size in pairwise(sizes):
        freedom = 2 * (before - 1) - 0.5
        critical = float(stdtrit(freedom, 1 - LEVEL / ROUNDS / comparisons / 2))
        error = noise_law_sd(accuracy, n_test) * sqrt(2 * spread / before)
        decided = max(decided, 1 - float(nctdtr(freedom, difference / error, critical)))
        row += (size - before) * (1 - decided)
        baseline += (size - before) * (1 - decided**comparisons)
    return row, baseline
