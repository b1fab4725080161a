"""Notes on sweeps whose runs are tested more than once: in rounds until decided, or again after seeds were added."""

from collections.abc import Sequence

from mnist_sweeps.report.rounds import limits, race_of
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import confidence, counted, listed
from mnist_sweeps.stats import ROUNDS, Race
from mnist_sweeps.stats.race import MINUTES, NO_RUNS, POWER, SEEDS
from mnist_sweeps.storage.sweep_record import SweepRecord


def rounds(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """Which round decided what, what stopped the others, and the level of each round.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    if plan.until is None:
        return _extended(plan)
    race = race_of(plan, rows)
    sizes = limits(plan.until).rounds
    done = ", ".join(str(size) for size in sizes[: race.rounds])
    sentences = [
        f"Seeds were added until decided: {counted(race.rounds, 'round')}"
        + (" so far" if race.running else "")
        + (f", with {done} seeds" if done else "")
        + f". Each has 1/{ROUNDS} of the 5 %, so that all together keep it: p counts {ROUNDS} times, and an interval "
        f"is the {confidence(ROUNDS)} one, of the runs of its row's last round."
        + (" So are the claims, each on as many seeds of both rows." if plan.claims else ""),
        *_decided(race, sizes),
    ]
    open_rows = [name for name, other in _compared(rows).items() if _is_open(race, name)]
    if race.running and open_rows:
        sentences.append(
            f"Round {race.rounds + 1} ({counted(sizes[race.rounds], 'seed')}) is not trained to its end yet; "
            f"not decided: {listed(open_rows)}."
        )
    return sentences + [
        f"Not decided, and given no more seeds: {listed(names)} ({_reason(plan, reason)})."
        for reason in (SEEDS, MINUTES, POWER, NO_RUNS)
        if (names := [name for name, why in race.stopped.items() if why == reason])
    ]


def _compared(rows: Sequence[ReportRow]) -> dict[str, str]:
    return {row.name: row.variant.compared_with for row in rows if row.same_as is None and row.variant.compared_with}


def _is_open(race: Race, name: str) -> bool:
    return name not in race.stopped and (name not in race.comparisons or not race.comparisons[name].decided)


def _decided(race: Race, sizes: Sequence[int]) -> list[str]:
    """`Decided with 3 seeds: softmax; SGD.`, for each round that decided any."""
    by_round = [
        (
            size,
            [
                name
                for name, comparison in race.comparisons.items()
                if comparison.round == number and comparison.decided
            ],
        )
        for number, size in enumerate(sizes, 1)
    ]
    return [f"Decided with {counted(size, 'seed')}: {listed(names)}." for size, names in by_round if names]


def _reason(plan: SweepRecord, reason: str) -> str:
    rule = plan.until
    assert rule is not None
    return {
        SEEDS: f"at most {counted(limits(rule).rounds[-1], 'seed')}",
        MINUTES: f"the budget of {rule.budget or 0:g} min",
        POWER: f"its seeds show a difference of the margin, {plan.margin_points:g} pp, with a power of {rule.power}",
        NO_RUNS: "no run of it, or of the row it is compared with, can be used",
    }[reason]


def _extended(plan: SweepRecord) -> list[str]:
    """What was added to a finished sweep, and what that costs."""
    if not plan.extended:
        return []
    added = listed([f"{count:+d}" for count in plan.extended])
    return [
        f"Seeds were added after the sweep was finished ({added}), so this is look {plan.looks} at its runs: p counts "
        f"{plan.looks} times, and intervals are of {confidence(plan.looks)}."
    ]
