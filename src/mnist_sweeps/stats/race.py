"""Seeds that are added in rounds until each comparison is decided: how many, and what each round decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from statistics import fmean

from mnist_sweeps.stats.compare import Comparison
from mnist_sweeps.stats.race_round import ROUNDS, Result, power_of, round_comparisons, round_test, sample_of

GROWTH = 1.6  # of the number of seeds from round to round
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
        samples = {row: sample for row in rows if (sample := sample_of(results[row][:size]))}
        tests = {
            name: round_test(name, other, samples)
            for name, other in undecided.items()
            if name in samples and other in samples
        }
        tested = round_comparisons(tests, state.comparisons, len(against), margin)
        stopped = dict.fromkeys(undecided.keys() - tests.keys(), NO_RUNS)
        undecided = {name: undecided[name] for name in tests if not tested[name].decided}
        enough = [name for name in undecided if power_of(tests[name], margin, len(against)) >= limits.power]
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


def _seconds_after(
    seeds: Mapping[str, int], rows: Sequence[str], size: int, results: Mapping[str, Sequence[Result]]
) -> float:
    """What all runs took so far, and the next round is expected to take: a row's runs as its runs did on average."""
    took = {row: [result.seconds for result in results[row][:count]] for row, count in seeds.items()}
    return sum(map(sum, took.values())) + sum((size - seeds[row]) * fmean(took[row]) for row in rows)
