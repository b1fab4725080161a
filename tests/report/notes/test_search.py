"""The report of a search."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.synthetic_sweep import Sweep

from mnist_sweeps.report import read
from mnist_sweeps.report.page import render
from mnist_sweeps.report.tables import markdown, text

Searched = Callable[..., Sweep]


@pytest.fixture
def searched(sweep: Sweep) -> Searched:
    """Makes a search of four trials; `changed` is of the search in sweep.yaml."""

    def make(validation: str = "held out", **changed: Any) -> Sweep:
        sweep.plan |= {"order": "rank"}
        sweep.plan["search"] = {
            "sampler": "tpe", "seed": 0, "trials": 4, "drawn": [{}] * 4, "winner": None,
            "space": {"model.hidden.0": "choice(8, 16)", "model.hidden.1": "choice(8, 16)", "training.epochs": "1,2"},
            "importances": {"training.epochs": 0.75, "model.hidden.0": 0.2, "model.hidden.1": 0.05},
        } | changed  # fmt: skip
        data = {"name": "mnist", "test": 10_000, "validation_is": validation, "description": "mnist"}
        reached = {"01: 8-8, 1": 0.90, "02: 16-8, 2": 0.95, "03: 8-16, 1": 0.91, "04: 8-8, 2": 0.92}
        for name, accuracy in reached.items():
            sweep.row(f"trial {name}", [accuracy], data=data)
        return sweep

    return make


def with_winner(searched: Searched, seeds: list[int], **more: Any) -> Sweep:
    sweep = searched(**more)
    sweep.plan["search"]["winner"] = {"trial": "trial 02: 16-8, 2", "overrides": {"training.epochs": 5}}
    sweep.row("winner", folder="winner-trial-02", seeds=2)
    sweep.variants[-1]["seeds"] = seeds
    for seed in seeds:
        sweep.run("winner-trial-02", seed, 0.96)
    return sweep


def notes(sweep: Sweep) -> str:
    return "\n".join(read(sweep.save()).notes)


def test_rows_stand_by_rank_and_the_best_first(searched: Searched) -> None:
    report = read(searched().save())
    assert [row.name[6:8] for row in report.rows] == ["02", "04", "03", "01"]
    assert [row.rank for row in report.rows] == [1, 2, 3, 4]


def test_trials_that_have_no_rank_stand_last(searched: Searched) -> None:
    sweep = searched()
    sweep.row("trial 05: 16-16, 1", seeds=1)
    assert [row.name[6:8] for row in read(sweep.save()).rows] == ["02", "04", "03", "01", "05"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, "4 trials by tpe, seed 0", id="all"),
        pytest.param({"trials": 9, "sampler": "random", "seed": 3}, "4 of 9 trials by random, seed 3", id="some"),
    ],
)
def test_the_header_says_how_the_trials_were_drawn(searched: Searched, changed: dict[str, Any], said: str) -> None:
    assert said in read(searched(**changed).save()).header


def test_the_names_of_trials_are_explained(searched: Searched) -> None:
    assert "Trials are named by what they drew: model.hidden, training.epochs." in notes(searched())


def test_no_row_is_compared_with_another(searched: Searched) -> None:
    told = text.render(read(searched().save()))
    assert "Verdicts" not in told and "Difference" not in told
    assert "Validation %" in told  # what the search goes by


CHOSEN = "trial 02: 16-8, 2 is the best of 4 trials by validation accuracy, which is biased upward by selection"


def test_the_best_of_many_is_not_believed(searched: Searched) -> None:
    assert f"{CHOSEN}; test accuracy was not used to choose." in notes(searched())


@pytest.mark.parametrize(
    ("seeds", "said"),
    [
        pytest.param([1, 2], " and new seeds: its test accuracy has no selection bias.", id="fresh"),
        pytest.param([0, 1], "; seed 0 was also its trial's, so part of the selection bias remains.", id="own"),
    ],
)
def test_the_winner_is_worth_what_its_seeds_are(searched: Searched, seeds: list[int], said: str) -> None:
    assert f"{CHOSEN}. winner is trial 02: 16-8, 2, trained again with training.epochs=5{said}" in notes(
        with_winner(searched, seeds)
    )


def test_a_winner_that_is_its_trial_is_no_new_training(searched: Searched) -> None:
    sweep = searched()
    sweep.plan["search"]["winner"] = {"trial": "trial 02: 16-8, 2", "overrides": {}}
    sweep.row("winner", seeds=1, same_as="trial 02: 16-8, 2")
    assert f"{CHOSEN}; winner is that same training, not a new one." in notes(sweep)


def test_trials_validated_on_the_test_set_leave_nothing_to_believe(searched: Searched) -> None:
    told = notes(with_winner(searched, [1, 2], validation="test"))
    assert f"{CHOSEN}, and so is its test accuracy: the trials were validated on the test set." in told


def test_importances_are_a_note_and_a_table(searched: Searched) -> None:
    sweep = searched()
    assert "Validation accuracy depends on training.epochs 75%; model.hidden.0 20%; model.hidden.1 5%" in notes(sweep)
    report = read(sweep.folder)
    assert "## What the validation accuracy depends on" in markdown.render(report)
    assert "| training.epochs | 75% |" in markdown.render(report)
    assert '<code>training.epochs</code></th><td class="number">75%</td>' in render.render(report)


def test_importances_have_their_intervals(searched: Searched) -> None:
    ends = {"training.epochs": [0.6, 0.9], "model.hidden.0": [0.1, 0.3], "model.hidden.1": [0.0, 0.1]}
    sweep = searched(importance_intervals=ends)
    assert "depends on training.epochs 75 % [60, 90]; model.hidden.0 20 % [10, 30]; model" in notes(sweep)
    assert '</code></th><td class="number">75 % [60, 90]</td>' in render.render(read(sweep.folder))


def test_without_importances_there_is_no_table(searched: Searched) -> None:
    report = read(searched(importances={}).save())
    assert "depends on" not in markdown.render(report) + render.render(report) + text.render(report)


def test_other_sweeps_know_nothing_of_it(three_rows: Sweep) -> None:
    report = read(three_rows.save())
    assert [row.name for row in report.rows] == ["512-256", "wide", "sgd, 5 epochs"]
    assert "trial" not in text.render(report) and "Difference" in text.render(report)


def test_trials_that_a_pruner_ended_are_counted(searched: Searched) -> None:
    sweep = searched(pruner="median")
    sweep.row("trial 05: 16-16, 1", [0.5], pruned_at=1)
    assert "1 of 5 trials ended early, compared with those before them (pruner: median)." in notes(sweep)


def test_an_asynchronous_search_says_that_another_may_draw_others(searched: Searched) -> None:
    sentence = "Trials were drawn as workers became free: another such search may draw other trials."
    assert sentence in notes(searched(asynchronous=True))
