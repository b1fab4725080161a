"""The trials of a search as rows: good and bad spaces, as a person writes them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests import pretend

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.explain_errors import explain
from mnist_sweeps.planning.planner import Planner
from mnist_sweeps.planning.sampler import SearchState
from mnist_sweeps.planning.sweep_plan import SweepPlan


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend.prepare(tmp_path, monkeypatch)


def planned(space: dict[str, Any], *words: str, study: SearchState | None = None, **more: Any) -> SweepPlan:
    """The plan of a search over `space`; `common` and others are of the sweep, the rest of its search."""
    sweep = {"common": {"model": "mlp_small"}} | {key: more.pop(key) for key in ("common", "grid") if key in more}
    written = {**sweep, "search": {"trials": 4, "space": space, **more}}
    Path("conf/sweep/found.yaml").write_text(yaml.safe_dump(written, sort_keys=False))
    with compose.session():
        return Planner(["sweep=found", *words]).plan(study)


@pytest.mark.parametrize(
    ("space", "common", "last"),
    [
        pytest.param({"model.hidden.0": "choice(64, 128)"}, {}, {"model.hidden": [128, 32]}, id="one entry of a list"),
        pytest.param({"model.dropout.1": "choice(0.1, 0.5)"}, {}, {"model.dropout": [0.0, 0.5]}, id="a scalar widened"),
        pytest.param(
            {"model.hidden.1": "range(16, 64, 16)", "model.hidden.0": "choice(8, 9)"}, {}, {"model.hidden": [9, 48]},
            id="two layers, a range",
        ),
        pytest.param(
            {"model.hidden.0": "int(interval(8, 20))"}, {"model.hidden": [4, 4, 4]}, {"model.hidden": [19, 4, 4]},
            id="the list of common, whole numbers",
        ),
        pytest.param(
            {"model.conv.filters.0": "choice(4, 8)", "model.conv.pool_padding.0": "choice(same, valid)"},
            {"model": "cnn_small"}, {"model.conv.filters": [8, 32], "model.conv.pool_padding": ["valid", "valid"]},
            id="convolutions",
        ),
        pytest.param(
            {"initializer.stddev.1": "choice(0.1, 0.2)"}, {"initializer": "random_normal", "initializer.stddev": 0.05},
            {"initializer.stddev": [0.05, 0.2]}, id="initializer",
        ),
        pytest.param({"optimizer": "choice(adam, sgd)"}, {}, {"optimizer": "sgd"}, id="options of a group"),
        pytest.param({"model.hidden": "choice([8], [9, 9])"}, {}, {"model.hidden": [9, 9]}, id="lists"),
        pytest.param({"training.epochs": "1,2"}, {}, {"training.epochs": 2}, id="a plain list of Hydra's"),
    ],
)  # fmt: skip
def test_a_space_sets_what_it_says(space: dict[str, Any], common: dict[str, Any], last: dict[str, Any]) -> None:
    assert planned(space, common={"model": "mlp_small", **common}).rows[-1].own == last


EXPECTED = 'expected in quotes "choice'


@pytest.mark.parametrize(
    ("space", "line"),
    [
        pytest.param({"model.hiden.0": "choice(1, 2)"}, r"^sweep.search.space.model.hiden.0=1: ", id="key"),
        pytest.param({"training.epoch": "choice(1, 2)"}, "training.epoch=1: .* did you mean epochs?", id="plain key"),
        pytest.param({"model.hidden.2": "choice(1, 2)"}, "model.hidden.2=1: model.hidden has entries 0 to 1", id="far"),
        pytest.param({"model.conv.filters.0": "choice(1, 2)"}, "model.conv.filters has no entry", id="no such layers"),
        pytest.param({"training.epochs.0": "choice(1, 2)"}, "training.epochs has no entry per layer", id="no list"),
        pytest.param({"model.hidden.0": "chioce(1, 2)"}, f"space.model.hidden.0=chioce.*{EXPECTED}", id="word"),
        pytest.param({"model.hidden.0": "choice(128"}, f"hidden.0=choice.128: {EXPECTED}", id="cut by YAML"),
        pytest.param({"model.hidden.0": [1, 2]}, EXPECTED, id="YAML list"),
        pytest.param({"model.hidden.0": 5}, EXPECTED, id="one value"),
        pytest.param({"model.hidden.0": None}, EXPECTED, id="nothing"),
        pytest.param({"model.hidden.0": "glob(*)"}, EXPECTED, id="glob"),
        pytest.param({"model.dropout.0": "tag(exp, interval(0, 1))"}, EXPECTED, id="tag"),
        pytest.param({"model.dropout.0": "tag(log, choice(1, 2))"}, EXPECTED, id="logarithm of a choice"),
        pytest.param({"model.dropout.0": "tag(log, interval(0, 1))"}, "a lower end above 0", id="logarithm of 0"),
        pytest.param({"model.dropout.0": "interval(1, 0)"}, "the lower end first", id="ends"),
        pytest.param({"model.dropout.0": "choice(0.1, 0.1)"}, "none twice", id="twice"),
        pytest.param({"model.dropout.0": "interval(0, 2)"}, "model.dropout=1.99.*: expected a rate", id="value"),
        pytest.param({"training.epochs": "choice(a, b)"}, "training.epochs=a: expected a whole number", id="type"),
        pytest.param({"optimizer": "choice(adam, sdg)"}, "optimizer=sdg: .* did you mean sgd", id="option"),
        pytest.param({"device": "choice(cpu, gpu)"}, "device=cpu belongs to the whole sweep", id="sweep-wide"),
    ],
)  # fmt: skip
def test_a_bad_space_is_refused_in_one_line(space: dict[str, Any], line: str) -> None:
    with pytest.raises(Exception) as refused:
        planned(space)
    told = explain(refused.value)
    assert re.search(line, told) and "\n" not in told, told


EPOCHS = {"training.epochs": "choice(1, 2)", "model.hidden.0": "choice(8, 16)"}


@pytest.mark.parametrize(
    ("words", "more", "line"),
    [
        pytest.param(["optimizer=adam,sgd"], {}, "^optimizer: a search goes through no list", id="typed axis"),
        pytest.param(["training.epochs=1", "model=mlp"], {}, "sweep.search.space: all of it is set", id="all typed"),
        pytest.param(["trials=0"], {}, "^trials=0: expected a whole number", id="trials"),
        pytest.param([], {"common": {"data.validation": "none", "model": "mlp"}}, "^data.validation=none: ", id="none"),
        pytest.param([], {"winner": {"seeds": 0}}, "^seeds=0: expected a count", id="winner"),
        pytest.param([], {"winner": {"threads": 2}}, "^row winner: threads=2 belongs to", id="winner, sweep-wide"),
        pytest.param([], {"grid": {"optimizer": ["sgd", "adam"]}}, "^sweep.grid: a sweep with search", id="grid"),
    ],
)
def test_a_search_that_cannot_be_is_refused(words: list[str], more: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigError, match=line):
        planned(EPOCHS, *words, **more)


def test_before_any_trial_the_rows_are_probes_of_the_space() -> None:
    rows = planned(EPOCHS, winner={"seeds": [7]}).rows
    assert [row.name for row in rows] == ["first", "training.epochs=2", "model.hidden.0=16", "last", "winner"]
    assert [row.config.training.epochs for row in rows] == [1, 2, 1, 2, 1]
    assert rows[-1].config.seeds == [7]


def test_trials_are_rows_that_are_compared_with_none() -> None:
    drawn = [{"training.epochs": 2, "model.hidden.0": 8}, {"training.epochs": 1, "model.hidden.0": 16}]
    probes = planned(EPOCHS)
    assert probes.study is not None
    rows = planned(EPOCHS, winner={"training.epochs": 9}, study=SearchState(probes.study.space, drawn, winner=1)).rows
    assert [row.name for row in rows] == ["trial 01: 2, 8", "trial 02: 1, 16", "winner"]
    assert [row.compared_with for row in rows] == [None] * 3
    assert [row.config.training.epochs for row in rows] == [2, 1, 9]
    assert rows[2].config.model.hidden == rows[1].config.model.hidden == [16, 32]
    assert rows[2].folder == "winner-trial-02"


@pytest.mark.parametrize(
    ("words", "trials"),
    [([], 4), (["trials=2"], 2), (["trials=9"], 4), (["sweep.search.trials=9"], 9), (["size=smoke"], 3)],
)
def test_the_command_line_and_the_size_may_ask_for_fewer_trials(words: list[str], trials: int) -> None:
    search = planned({"model.hidden.0": "choice(8, 16)"}, *words).sweep.search
    assert search is not None and search.trials == trials


def test_what_is_set_already_is_not_drawn() -> None:
    typed = planned(EPOCHS, "training.epochs=5")
    assert typed.announcements == ["training.epochs=5 is set: the search does not draw training.epochs: choice(1, 2)"]
    assert {row.config.training.epochs for row in typed.rows} == {5}
    smoke = planned(EPOCHS, "size=smoke")
    assert {row.config.training.epochs for row in smoke.rows} == {1}
