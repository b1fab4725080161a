"""Rounds of seeds: who gets more, what a round decides, and what never changes afterwards."""

from collections.abc import Sequence

import numpy as np
import pytest
from benchmarks.decided import Scenario, equal, right
from benchmarks.verdicts import ceiling
from scipy import stats as scipy_stats
from tests.stats.samples import N

from benchmarks import decided
from mnist_sweeps import stats
from mnist_sweeps.stats import Limits, Race, Result

MARGIN = 0.002
SMALL = Limits(at_most=8)  # 3, 5 and 8 seeds


def runs(accuracy: float, seed: int, count: int = 50) -> list[Result]:
    """Runs that spread by the noise law, each of which took a minute."""
    values = np.random.default_rng(seed).normal(accuracy, stats.noise_law_sd(accuracy, N), count)
    return [Result(round(value, 4), N, 60.0) for value in values.tolist()]


def far_and_near(**more: Sequence[Result]) -> dict[str, Sequence[Result]]:
    """A baseline, a row that is far from it, and one that is nearly the same."""
    return {"base": runs(0.984, 1), "far": runs(0.95, 2), "near": runs(0.9849, 3), **more}


def race(results: dict[str, Sequence[Result]], limits: Limits = SMALL, margin: float = MARGIN) -> Race:
    return stats.race(results, dict.fromkeys(list(results)[1:], "base"), margin, limits)


def test_rounds_are_fixed_in_advance_and_at_most_ten():
    assert Limits().rounds == [3, 5, 8, 12, 20, 31, 50]
    assert Limits(at_most=30).rounds == [3, 5, 8, 12, 20]
    assert Limits(at_most=1000).rounds[7:] == [81, 129, 206]
    assert Limits(at_least=2, at_most=5).rounds == [2, 3, 5]


def test_only_rows_that_are_not_decided_get_more_seeds_and_the_row_they_are_compared_with():
    state = race(far_and_near())
    assert state.seeds == {"base": 8, "far": 3, "near": 8}
    assert (state.comparisons["far"].verdict, state.comparisons["far"].round) == ("lower", 1)
    assert (state.rounds, state.running, dict(state.stopped)) == (3, False, {"near": "seeds"})


def test_a_round_waits_for_all_of_its_runs():
    whole = far_and_near()
    state = race({"base": whole["base"][:5], "far": whole["far"][:3], "near": whole["near"][:4]})
    assert (state.rounds, state.running) == (1, True)
    assert state.seeds == {"base": 5, "far": 3, "near": 5}


def test_the_next_round_depends_on_results_of_earlier_rounds_alone():
    whole = far_and_near()
    first = race({name: row[:3] for name, row in whole.items()})
    later = race({name: row[: first.seeds[name]] for name, row in whole.items()})
    assert later == race({**whole, "far": whole["far"][:3]} | {name: whole[name][:5] for name in ("base", "near")})


def test_a_verdict_stays_whatever_the_seeds_of_later_rounds_say():
    opposite = [*runs(0.95, 2, 3), *runs(0.999, 4)]
    assert race(far_and_near(far=opposite)).comparisons["far"] == race(far_and_near()).comparisons["far"]


def test_p_is_welchs_by_holm_over_all_comparisons_that_are_not_rejected_ten_times():
    whole = far_and_near()
    near = race(whole).comparisons["near"]
    values = [[result.accuracy for result in whole[name][:8]] for name in ("near", "base")]
    expected = scipy_stats.ttest_ind(*values, equal_var=False)
    assert near.p == pytest.approx(expected.pvalue)
    assert near.p_adjusted == pytest.approx(min(10 * expected.pvalue, 1))  # `far` is rejected, and counts no more
    assert (near.low, near.high) == pytest.approx(tuple(expected.confidence_interval(0.995)))


def test_a_row_that_is_the_same_counts_for_holm_as_long_as_others_are_open():
    whole = far_and_near(same=runs(0.984, 5), also=runs(0.984, 6))
    limits, margin = Limits(at_most=20), 0.004
    state = race({name: row for name, row in whole.items() if name != "far"}, limits, margin)
    assert {name: found.verdict for name, found in state.comparisons.items()}["same"] == "same within 0.4 pp"
    late = max(state.comparisons.values(), key=lambda found: found.round)
    assert late.p_adjusted >= min(1, 10 * 3 * late.p) - 1e-12  # two or more of the three are not rejected


def test_runs_that_did_not_complete_and_runs_at_chance_are_left_out():
    whole = far_and_near()
    broken = [Result(None, None), Result(0.098, N), *whole["far"][:2], *whole["far"]]
    found = race(far_and_near(far=broken)).comparisons["far"]
    assert (found.verdict, found.round, found.tests) == ("lower", 2, 2)


def test_rows_without_a_usable_run_are_given_up():
    state = race(far_and_near(far=[Result(None, None)] * 8))
    assert state.stopped["far"] == "no completed run"
    assert state.seeds["far"] == 3 and "far" not in state.comparisons


def test_few_runs_that_all_guess_may_have_diverged():
    dead = [Result(0.1 + seed / 1000, N) for seed in range(8)]
    found = race(far_and_near(far=dead)).comparisons["far"]
    assert (found.verdict, found.round) == ("lower", 2)  # of five runs


@pytest.mark.parametrize(
    ("limits", "reason", "rounds"),
    [
        (Limits(seconds=60 * 9), "minutes", 1),  # the second round would end at 13
        (Limits(seconds=60 * 13), "minutes", 2),
        (Limits(power=0.5), "power", 3),
    ],
    ids=["minutes", "more minutes", "power"],
)
def test_limits_stop_what_is_not_decided(limits, reason, rounds):
    state = race(far_and_near(), limits)
    assert (dict(state.stopped), state.rounds, state.running) == ({"near": reason}, rounds, False)


def test_few_sweeps_have_a_false_verdict():
    """Seven looks at the 5 % level have one in 19 % of all sweeps of two rows."""
    assert decided.any_wrong(equal(6, "", spread=decided.SPREADS["half 4 times"]), 100, decided.DIFFER) <= ceiling(100)


def test_a_difference_of_the_margin_is_found_with_as_many_seeds_as_expected():
    scenario = Scenario("", (MARGIN,) * 5)
    share, seeds = decided.race_result(scenario, 40)
    row, baseline = stats.expected_seeds(MARGIN, 0.984, N, 5, Limits(), spread=1.0)
    assert share > 0.97
    assert seeds == pytest.approx((5 * row + baseline) / 6, rel=0.2)


@pytest.mark.parametrize(("difference", "words"), [(0.0006, decided.DIFFER), (0.0012, ("same",))])
def test_simulated_sweeps_that_are_not_raced_have_no_verdict(difference, words):
    scenario = Scenario("", (difference,) * 2)
    verdicts = [[found.verdict for found in race.comparisons.values()] for race in scenario.races(60)]
    raced = [any(verdict.startswith(words) for verdict in of_sweep) for of_sweep in verdicts]
    assert 0.1 < decided.any_wrong(scenario, 60, words) == np.mean(raced) < 0.9


@pytest.mark.slow
@pytest.mark.parametrize("scenario", decided.FALSE, ids=lambda scenario: scenario.name)
def test_false_verdicts_in_2000_sweeps(scenario):
    assert decided.any_wrong(scenario, 2000, decided.DIFFER, seed=5) <= ceiling(2000)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", decided.NOT_SAME, ids=lambda scenario: scenario.name)
def test_few_sweeps_call_a_difference_of_the_margin_the_same(scenario):
    assert decided.any_wrong(scenario, 2000, ("same",), seed=5) <= ceiling(2000)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [6, 15, 60])
def test_a_difference_of_a_fifth_of_a_point_is_found(rows):
    """At 98.4 % with at most 50 seeds: in at least 95 % of 2,000 sweeps."""
    scenario = Scenario("", (MARGIN, *[0.0] * (rows - 2)))
    assert np.mean([state.comparisons["1"].verdict == "higher" for state in scenario.races(2000)]) >= 0.95


@pytest.mark.slow
def test_a_mixed_sweep_takes_a_third_less_than_a_fixed_one():
    scenario = next(one for one in decided.COST if "4 +0.5 pp, noise law" in one.name)
    share, seeds = decided.race_result(scenario, 2000)
    assert seeds <= 2 / 3 * decided.fixed_of_equal_power(scenario, 2000, share)
    assert right(scenario, dict(next(scenario.races(1)).comparisons)) == 1
