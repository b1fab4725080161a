"""What a search asks for next."""

from collections.abc import Callable
from typing import Any

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import SearchSpec, Settings, Sweep
from mnist_sweeps.planning import sampler
from mnist_sweeps.planning.sampler import ScoredTrials
from mnist_sweeps.planning.search_space import Interval, Space, Values

SPACE: Space = {"width": Values((128, 256, 512)), "rate": Interval(0.0, 1.0), "epochs": Values((1, 2, 3), ordered=True)}


def best_at_30_percent(drawn: Settings) -> float:
    return 1 - abs(float(drawn["rate"]) - 0.3)


def play(count: int, asked: SearchSpec, score: Callable[[Settings], float | None], at_once: int = 1) -> ScoredTrials:
    told: list[tuple[Settings, float | None]] = []
    while len(told) < count:
        told += [(drawn, score(drawn)) for drawn in sampler.ask(asked, SPACE, told, at_once)]
    return told


def test_the_same_search_asks_for_the_same_trials() -> None:
    asked = SearchSpec(sampler="tpe")
    assert play(14, asked, best_at_30_percent) == play(14, asked, best_at_30_percent)
    assert play(3, asked, best_at_30_percent) != play(3, SearchSpec(sampler="tpe", seed=1), best_at_30_percent)


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_draws_lie_in_the_space(sampler: str) -> None:
    told = play(12, SearchSpec(sampler=sampler), best_at_30_percent)
    assert {drawn["width"] for drawn, _ in told} == {128, 256, 512}
    assert {drawn["epochs"] for drawn, _ in told} == {1, 2, 3}
    assert all(0 <= drawn["rate"] < 1 for drawn, _ in told)


def test_tpe_learns_from_the_scores_and_random_does_not() -> None:
    def late(sampler: str) -> float:
        told = play(40, SearchSpec(sampler=sampler), best_at_30_percent)
        return sum(best_at_30_percent(drawn) for drawn, _ in told[20:]) / 20

    assert late("tpe") > 0.85 > late("random")


def test_trials_that_are_asked_for_at_once_differ() -> None:
    asked = sampler.ask(SearchSpec(), SPACE, [], 4)
    assert len({tuple(drawn.values()) for drawn in asked}) == 4


def test_a_trial_keeps_away_from_those_that_run() -> None:
    space = {"rate": SPACE["rate"]}
    scored_trials = [({"rate": place / 20}, best_at_30_percent({"rate": place / 20})) for place in range(20)]
    running = [({"rate": rate}, None) for rate in (0.27, 0.28, 0.29, 0.3, 0.31, 0.32)]

    def rates(running_at: range) -> list[float]:
        searches = [SearchSpec(seed=seed) for seed in range(8)]
        told = [*scored_trials, *running]
        return [float(sampler.ask(search, space, told, 1, running_at)[0]["rate"]) for search in searches]

    beside, alone = rates(range(20, 26)), rates(range(0))
    assert beside == rates(range(20, 26)) != alone
    assert sum(abs(rate - 0.3) for rate in beside) > sum(abs(rate - 0.3) for rate in alone)


def test_a_bootstrap_sample_of_few_trials_may_hold_one_alone() -> None:
    space = {"rate": SPACE["rate"]}
    told = [({"rate": rate}, 0.5 + place / 100) for place, rate in enumerate((0.536, 0.973, 0.563, 0.479))]
    assert sampler.importances(SearchSpec(), space, told) == {"rate": 1.0}
    assert sampler.importance_intervals(SearchSpec(), space, told) == {"rate": (1.0, 1.0)}


def test_a_trial_without_a_score_stops_nothing() -> None:
    assert len(play(13, SearchSpec(), lambda drawn: None if drawn["width"] == 128 else 0.5)) == 13


@pytest.mark.parametrize(
    ("scores", "known"),
    [
        pytest.param([0.1, 0.2, 0.3], False, id="too few"),
        pytest.param([0.1, 0.2, 0.3, None], False, id="too few with a score"),
        pytest.param([0.5] * 6, False, id="all the same"),
        pytest.param([0.1, 0.2, 0.3, 0.4], True, id="enough"),
    ],
)
def test_importances_need_trials_that_differ(scores: list[float | None], known: bool) -> None:
    drawn = sampler.ask(SearchSpec(), SPACE, [], len(scores))
    found = sampler.importances(SearchSpec(), SPACE, list(zip(drawn, scores, strict=True)))
    assert bool(found) == known
    assert sum(found.values()) == pytest.approx(1 if known else 0, abs=1e-3)


def test_what_decides_the_score_is_the_most_important() -> None:
    told = play(30, SearchSpec(sampler="random"), best_at_30_percent)
    found = sampler.importances(SearchSpec(), SPACE, told)
    assert next(iter(found)) == "rate" and found["rate"] > 0.5
    assert found == sampler.importances(SearchSpec(), SPACE, told)


def test_importances_have_intervals_by_bootstrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampler, "TREES", 8)
    told = play(30, SearchSpec(sampler="random"), best_at_30_percent)
    found = sampler.importance_intervals(SearchSpec(), SPACE, told)
    assert found.keys() == SPACE.keys()
    assert all(0 <= low <= high <= 1 for low, high in found.values())
    assert found["rate"][0] > max(high for key, (_, high) in found.items() if key != "rate")
    assert sampler.importance_intervals(SearchSpec(), SPACE, told[:3]) == {}


GOOD: dict[str, Any] = {"trials": 3, "space": {"training.epochs": "choice(1, 2)"}}


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        pytest.param({"trials": 0}, "sweep.search.trials=0: expected a whole number of at least 1", id="trials"),
        pytest.param({"seed": -1}, "sweep.search.seed=-1: expected a whole number of at least 0", id="seed"),
        pytest.param({"sampler": "tpee"}, "sweep.search.sampler=tpee: did you mean tpe? allowed: ", id="sampler"),
        pytest.param(
            {"pruner": "asha"}, "sweep.search.pruner=asha: allowed: hyperband, median, successive_halving", id="pruner"
        ),
        pytest.param({"space": {}}, "sweep.search.space={}: nothing to draw; give a key its values", id="space"),
    ],
)
def test_a_search_for_nothing_is_refused(changed: dict[str, Any], line: str) -> None:
    sampler.check(Sweep(search=SearchSpec(**GOOD)))
    with pytest.raises(ConfigError) as refused:
        sampler.check(Sweep(search=SearchSpec(**{**GOOD, **changed})))
    assert str(refused.value).startswith(line) and "\n" not in str(refused.value)


@pytest.mark.parametrize("key", ["variants", "grid", "zip", "baseline", "compare", "reference"])
def test_a_search_has_no_rows_of_another_kind(key: str) -> None:
    value: Any = "plain" if key == "baseline" else {"plain": {}}
    with pytest.raises(ConfigError, match=rf"^sweep.{key}: a sweep with search has no {key}"):
        sampler.check(Sweep(search=SearchSpec(**GOOD), **{key: value}))


@pytest.mark.parametrize(
    ("name", "missing", "way_out"),
    [
        pytest.param("tpe", "optuna", r"pip install 'mnist-sweeps\[search\]'", id="Optuna"),
        pytest.param("gp", "torch", "search.sampler=gp: .* pip install torch, or take tpe", id="PyTorch"),
    ],
)
def test_what_is_not_installed_is_named_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, name: str, missing: str, way_out: str
) -> None:
    monkeypatch.setattr(sampler, "find_spec", lambda package: None if package == missing else object())
    with pytest.raises(ConfigError, match=way_out):
        sampler.require(SearchSpec(sampler=name))
