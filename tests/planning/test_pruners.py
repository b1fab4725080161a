"""When the next trial must end early."""

from collections.abc import Callable

import optuna
import pytest

from mnist_sweeps.planning.pruners import Curves, hyperband_bracket, pruning_threshold

CURVES: Curves = dict(enumerate([[0.5, 0.4, 0.9], [0.2, 0.7, 0.8], [0.3, 0.6], [0.4, 0.8, 0.9], [0.1]]))
EPOCHS = 10


def test_the_median_is_of_the_best_so_far_of_those_that_came_so_far() -> None:
    assert pruning_threshold("median", CURVES, 5, 3) == [0.3, 0.65]  # of the best: 0.5, 0.7, 0.6, 0.8


@pytest.mark.parametrize(
    ("pruner", "count"),
    [(None, 5), ("median", 4), ("successive_halving", 0), ("hyperband", 0)],
)
def test_too_few_trials_prune_nothing(pruner: str | None, count: int) -> None:
    assert pruning_threshold(pruner, {number: CURVES[number] for number in range(count)}, count, 3) is None


def test_successive_halving_asks_for_the_best_quarter_at_epochs_1_4_and_16() -> None:
    curves = {number: [number / 10] * 20 for number in range(7)}  # the eighth trial may be the second best
    assert pruning_threshold("successive_halving", curves, 7, 17) == [0.5, 0, 0, 0.5, *[0] * 11, 0.5]
    assert pruning_threshold("successive_halving", curves, 7, 16) == [0.5, 0, 0, 0.5]  # nothing is left to save
    assert pruning_threshold("successive_halving", {0: [0.3]}, 1, 17) == [0.3]


def test_brackets_of_hyperband_begin_to_prune_later() -> None:
    first = {bracket: next(n for n in range(50) if hyperband_bracket(n, EPOCHS) == bracket) for bracket in (0, 1, 2)}
    thresholds = {}
    for bracket, number in first.items():
        curves = {other: [0.5] * EPOCHS for other in range(50) if other != number}
        thresholds[bracket] = pruning_threshold("hyperband", curves, number, EPOCHS)
    assert [thresholds[0], thresholds[1], thresholds[2]] == [
        [0.5, 0, 0.5, 0, 0, 0, 0, 0, 0.5], [0, 0, 0.5, 0, 0, 0, 0, 0, 0.5], [0] * 8 + [0.5],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pruner", "of_optuna"),
    [
        ("successive_halving", lambda: optuna.pruners.SuccessiveHalvingPruner(min_resource=1)),
        ("hyperband", lambda: optuna.pruners.HyperbandPruner(max_resource=EPOCHS)),
    ],
)
def test_trials_one_after_the_other_are_pruned_where_optuna_prunes_them(
    pruner: str, of_optuna: Callable[[], optuna.pruners.BasePruner]
) -> None:
    study = optuna.create_study(
        study_name="mnist_sweeps", direction="maximize", pruner=of_optuna(), sampler=optuna.samplers.RandomSampler(0)
    )
    curves: dict[int, list[float]] = {}
    ends, ends_of_optuna = [], []
    for number in range(40):
        trial = study.ask()
        level, speed = trial.suggest_float("level", 0, 1), trial.suggest_float("speed", 0.1, 1)
        curve = [level * (1 - (1 - speed) ** epoch) for epoch in range(1, EPOCHS + 1)]
        least = pruning_threshold(pruner, curves, number, EPOCHS) or []
        ends.append(
            next((at for at, (value, floor) in enumerate(zip(curve, least, strict=False)) if value < floor), 99)
        )
        for at, value in enumerate(curve[:-1]):
            trial.report(value, at + 1)
            if trial.should_prune():
                ends_of_optuna.append(at)
                break
        else:
            ends_of_optuna.append(99)
        curves[number] = curve[: ends[-1] + 1]
        study.tell(trial, curves[number][-1])
    assert ends == ends_of_optuna
    assert len(set(ends)) > 2
