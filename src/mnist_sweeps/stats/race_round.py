"""One round of seeds that are added until decided: the runs that count, the tests, and what they decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scipy.special import ndtr

from mnist_sweeps.stats.chance import MNIST_CHANCE, at_chance
from mnist_sweeps.stats.compare import LEVEL, Comparison, holm, judged, same_within
from mnist_sweeps.stats.difference import UNTESTED, Difference, accuracy_difference
from mnist_sweeps.stats.noise import Sample
from mnist_sweeps.stats.pool import Pool

ROUNDS = 10  # at most; each has a tenth of the level, however many are needed
NOT_SHARED = Pool(1.0, 0.0, frozenset())  # a spread shared with rows that stopped early would depend on the results
DEAD = 5  # runs that must all guess, before a row counts as one that does not learn
FEW_AT_CHANCE = "no test, all runs at chance"
NO_TEST = (*UNTESTED, FEW_AT_CHANCE)


@dataclass(frozen=True)
class Result:
    """How a run ended: its test accuracy on `n_test` images, None where it did not complete; it took `seconds`.

    `chance` is the share of the largest class among the test images.
    """

    accuracy: float | None
    n_test: int | None
    seconds: float = 0.0
    chance: float = MNIST_CHANCE


def sample_of(results: Sequence[Result]) -> Sample | None:
    """The accuracies of the runs that completed and did not end at chance; None without any."""
    scored = [(r.accuracy, r.n_test, r.chance) for r in results if r.accuracy is not None and r.n_test]
    if not scored:
        return None
    values, (_, n_test, chance) = [accuracy for accuracy, *_ in scored], scored[0]
    left_out = at_chance(values, n_test, chance)
    return Sample(tuple(value for value, out in zip(values, left_out, strict=True) if not out), n_test, chance)


def round_test(name: str, other: str, samples: Mapping[str, Sample]) -> Difference:
    """The difference of two rows; no test where all of a row's few runs guess, and the other row learned.

    Args:
        name: One row.
        other: The row that it is compared with.
        samples: The runs of both that count.
    """
    test = accuracy_difference(name, other, samples, NOT_SHARED)
    sides = samples[name], samples[other]
    if any(_too_few_at_chance(*pair) for pair in (sides, sides[::-1])):
        return replace(test, method=FEW_AT_CHANCE)
    return test


def round_comparisons(
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


def power_of(test: Difference, margin: float, count: int) -> float:
    """Probability with which runs of this spread show a true difference of the margin, in the first step of Holm.

    Args:
        test: The difference, with its standard error.
        margin: A fraction.
        count: Number of comparisons in the sweep.
    """
    if test.method in NO_TEST:
        return 0.0
    return float(ndtr(margin / test.error - test.quantile(LEVEL / ROUNDS / count / 2)))


def _too_few_at_chance(row: Sample, other: Sample) -> bool:
    """Whether all runs of a row may have diverged: three do in one row of 1,000 where a tenth of all runs diverge."""
    return len(row.values) < DEAD and row.only_guesses and other.learned


def _holm(p: Mapping[str, float], count: int) -> dict[str, float]:
    """Holm's p values over `count` hypotheses, those that are not tested counting as p = 1."""
    adjusted = holm([*p.values(), *[1.0] * (count - len(p))])
    return dict(zip(p, adjusted.tolist(), strict=False))
