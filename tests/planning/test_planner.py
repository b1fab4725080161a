"""The plan of a sweep: composed rows, equal rows, changes, folders, sweep.yaml."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import seed_list
from mnist_sweeps.planning import planner
from mnist_sweeps.planning.compose import session
from mnist_sweeps.planning.explain_errors import explain
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage.sweep_file import read_sweep_file, write_sweep_file
from mnist_sweeps.sweeps.record_plan import record_plan

Asked = Callable[..., SweepPlan]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Plans a command line; `mine` is the content of sweep=mine."""
    monkeypatch.chdir(tmp_path)

    def ask(*words: str, mine: str | None = None) -> SweepPlan:
        if mine is not None:
            (tmp_path / "conf" / "sweep").mkdir(parents=True, exist_ok=True)
            (tmp_path / "conf" / "sweep" / "mine.yaml").write_text(mine)
            words = ("sweep=mine", *words)
        with session():
            return planner.plan(list(words))

    return ask


def test_without_a_word_there_is_one_default_row(asked: Asked) -> None:
    planned = asked()
    (row,) = planned.rows
    assert (planned.name, row.name, row.folder, row.overrides) == ("run", "default", "default", [])
    assert row.config.model.hidden == [512, 256]
    assert not (planned.fresh or planned.overwrite)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["optimizer=sgd", "model.hidden=[64,64]"], "optimizer=sgd, model.hidden=[64,64]"),
        (["optimizer=sgd", "size=smoke"], "optimizer=sgd, size=smoke"),
        (["device=cpu", "backend=tensorflow", "keep_models=none", "overwrite=true"], "default"),
    ],
)
def test_a_single_training_is_named_by_what_changes_it(asked: Asked, words: list[str], name: str) -> None:
    assert [row.name for row in asked(*words).rows] == [name]


def test_a_grid_on_the_command_line_has_a_row_for_every_combination(asked: Asked) -> None:
    planned = asked("optimizer=adam,sgd", "model.dropout=0,0.5")
    assert [row.name for row in planned.rows] == [
        f"optimizer={optimizer}, model.dropout={rate}" for optimizer in ("adam", "sgd") for rate in (0, 0.5)
    ]
    assert [(row.config.optimizer["name"], row.config.model.dropout) for row in planned.rows] == [
        ("adam", 0), ("adam", 0.5), ("sgd", 0), ("sgd", 0.5),
    ]  # fmt: skip


def test_options_are_found_where_hydra_is_told_to_search(asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "sweep").mkdir(parents=True)
    (tmp_path / "elsewhere" / "sweep" / "three.yaml").write_text("variants: {a: {model.hidden: [8]}}\n")
    planned = asked("sweep=three", "hydra.searchpath=[file://elsewhere]")
    assert (planned.name, [row.name for row in planned.rows]) == ("three", ["a"])


def test_a_folder_to_search_in_must_exist_and_have_names_of_its_own(asked: Asked, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^elsewhere: no such folder of options"):
        asked("hydra.searchpath=[file://elsewhere]")
    (tmp_path / "elsewhere" / "model").mkdir(parents=True)
    (tmp_path / "elsewhere" / "model" / "mlp.yaml").touch()
    with pytest.raises(ConfigError, match=r"elsewhere/model/mlp.yaml: a shipped option has that name"):
        asked("hydra.searchpath=[file://elsewhere]")


@pytest.mark.parametrize(
    ("words", "folder"),
    [
        ([], "run"),
        (["optimizer=sgd"], "run"),
        (["optimizer=sgd", "size=smoke"], "run"),
        (["sweep=quickstart"], "quickstart"),
        (["sweep=quickstart", "size=smoke"], "quickstart,size=smoke"),
        (["sweep=quickstart", "training.epochs=2", "optimizer=sgd"], "quickstart,training.epochs=2,optimizer=sgd"),
        (["sweep=quickstart", "training.epochs=1,2"], "quickstart,training.epochs=1,2"),
        (["sweep=quickstart", "sweep.margin=0.5"], "quickstart,sweep.margin=0.5"),
        (["sweep=quickstart", "device=cpu", "threads=1", "backend=tensorflow", "keep_models=none"], "quickstart"),
        (["sweep=quickstart", "overwrite=true"], "quickstart"),
        (["sweep=mlp_table", "data.path=/anywhere"], "mlp_table"),
        (["optimizer=adam,sgd"], "optimizer"),
        (["optimizer=adam,sgd", "model.dropout=0,0.5"], "optimizer,model.dropout"),
        (["optimizer=adam,sgd", "training.epochs=3"], "optimizer,training.epochs=3"),
        (["optimizer=adam,sgd", "device=cpu"], "optimizer"),
    ],
)
def test_two_questions_never_share_a_folder(asked: Asked, words: list[str], folder: str) -> None:
    assert asked(*words).name == folder


def test_a_long_command_line_makes_a_short_folder_of_its_own(asked: Asked) -> None:
    widths = [f"model.hidden=[{','.join(['64'] * 40)},{last}]" for last in (1, 2)]
    long, other = (asked("sweep=quickstart", "model=mlp", word).name for word in widths)
    assert len(long.encode()) <= 80
    assert long != other


def test_flags_are_read_and_are_no_setting(asked: Asked) -> None:
    planned = asked("fresh=true", "overwrite=true")
    assert planned.fresh and planned.overwrite
    assert planned.rows[0].name == "default"


def test_common_row_size_and_command_line_in_their_order(asked: Asked) -> None:
    mine = """
        common: {training.epochs: 7, training.batch_size: 64, data.validation: test, seeds: 4}
        variants: {a: {training.epochs: 9, model.dropout: 0.1}, b: {}}
    """
    a, b = asked("size=smoke", "training.batch_size=16", mine=mine).rows
    assert (a.config.training.epochs, b.config.training.epochs) == (1, 1)
    assert (a.config.training.batch_size, a.config.model.dropout) == (16, 0.1)
    assert (a.config.data.validation, a.config.data.train_size, a.config.seeds) == (100, 500, 1)
    (a, b) = asked("size=smoke", "training.epochs=2", mine=mine).rows
    assert (a.config.training.epochs, b.config.training.epochs) == (2, 2)


def test_smoke_judges_no_claims_and_no_printed_values(asked: Asked) -> None:
    mine = """
        variants: {a: {}, b: {model.dropout: 0}}
        claims: [{row: b, is: lower, metric: test_accuracy, says: "000:1 b is worse"}]
        reference: {columns: [test_accuracy], a: [0.98]}
    """
    whole, smoke = asked(mine=mine), asked("size=smoke", mine=mine)
    assert (len(whole.claims), whole.sweep.reference["a"]) == (1, [0.98])
    assert (smoke.claims, smoke.sweep.reference) == ([], {})
    assert "size=smoke: claims and printed values are about the full size, not judged" in smoke.announcements


def test_smoke_shrinks_a_sweep_on_a_file_to_the_digits_that_ship(asked: Asked) -> None:
    (row,) = asked("size=smoke", mine="common: {data: mnist, data.path: /nowhere/mnist.npz}").rows
    assert (row.config.data.name, row.config.data.path) == ("mnist5k", None)


def test_an_announced_group_choice_makes_rows_equal(asked: Asked) -> None:
    planned = asked("optimizer=adam", mine="variants: {a: {}, b: {optimizer: sgd, optimizer.momentum: 0.5}}")
    assert [row.same_as for row in planned.rows] == [None, "a"]
    assert len(planned.announcements) == 2


def test_equal_rows_train_once(asked: Asked) -> None:
    mine = """
        variants:
          plain: {model.dropout: 0.5}
          written otherwise: {model.dropout: [0.5, 0.5]}
          other seeds: {seeds: [5, 6, 7]}
          plain again: {}
    """
    planned = asked(mine=mine)
    assert [row.same_as for row in planned.rows] == [None, "plain", None, "plain"]
    assert [row.name for row in planned.to_train] == ["plain", "other seeds"]
    assert [seed_list(row.config.seeds) for row in planned.to_train] == [[0], [5, 6, 7]]


def test_what_a_row_changes_is_against_the_row_that_it_is_compared_with(asked: Asked) -> None:
    mine = """
        baseline: a
        variants:
          b: {optimizer: sgd}
          a: {}
          c: {optimizer: sgd, training.epochs: 5}
        compare: {c: b}
    """
    rows = asked(mine=mine).rows
    assert [(row.name, row.compared_with, row.changes) for row in rows] == [
        ("b", "a", ["optimizer"]),
        ("a", None, []),
        ("c", "b", ["epochs"]),
    ]


@pytest.mark.parametrize(
    ("mine", "said"),
    [
        ("variants: {no: {}}", "sweep.variants: the name no, off or false is read by YAML as true or false"),
        ("variants: {12: {}}", "sweep.variants: the name 12 is read by YAML as a number"),
        ("variants: {12:30: {}}", "sweep.variants: the name 750 is read by YAML as a number"),
        ("variants: {1.5: {}}", "sweep.variants: the name 1.5 is read by YAML as a number"),
        ("variants: {~: {}}", "variants: the name ~ or null is read by YAML as nothing"),
        ("variants: {a: {}}\ncompare: {yes: a}", "sweep.compare: the name yes, on or true is read by YAML"),
        ("variant: {a: {}}", "sweep.variant: there is no such key in sweep; did you mean variants?"),
        ("variants: {a: 3}", "sweep.variants.a: expected settings, like {key: value}; or {} for none"),
        ("variants:\n  a:\n  b: {}", "sweep.variants.a: expected settings, like {key: value}; or {} for none"),
        ("variants: [a, b]", "sweep/mine.yaml: a list stands where settings like {key: value} are expected"),
        ("variants: 3", "sweep.variants: expected settings, like {key: value}; or {} for none"),
        ("grid: {optimizer: []}", "sweep.grid.optimizer: expected at least one value"),
        ("grid: {optimizer: sgd}", "sweep.grid.optimizer: expected a list"),
        ("margin: wide", "sweep.margin=wide: expected a number"),
        ("margin: -0.1", "sweep.margin=-0.1: expected percentage points from 0 to below 100"),
        ("margin: .nan", "sweep.margin=nan: expected percentage points from 0 to below 100"),
        ("variants: {a: {}, a: {}}", "found duplicate key a"),
        ("variants: [a", "mine.yaml, line 1: not valid YAML"),
        ("variants: {a: {model.hiden: [3]}}", "model.hiden=[3]: there is no such key in model; did you mean hidden?"),
        ("variants: {a: {}, b: {model: mpl}}", "row b: model=mpl: there is no such option; did you mean mlp?"),
        ("variants: {a: {}, b: {optimizer.name: off}}", "row b: optimizer.name=False: expected a name in words"),
        ("variants: {a: {training.epochs: many}}", "training.epochs=many: expected a whole number"),
        ("variants: {a: {seeds: [1, 1]}}", "seeds=[1, 1]: expected different seeds"),
        ("variants: {a: {model: cnn_3}}\ncommon: {model.dropout: 0.1}", "row a: model=cnn_3 against model.dropout=0.1"),
        ("variants: {a: {device: cpu}}", "row a: device=cpu belongs to the whole sweep"),
    ],
)
def test_a_wrong_sweep_file_is_told_in_one_line(asked: Asked, mine: str, said: str) -> None:
    from mnist_sweeps.planning.explain_errors import explain

    with pytest.raises(Exception) as refused:
        asked(mine=mine)
    (line,) = explain(refused.value).splitlines()
    assert said in line


def test_names_that_are_quoted_are_taken_as_they_stand(asked: Asked) -> None:
    names = ["no", "12", "12:30", "~", "it's [a] ${b}, {c}: d/e", "größer"]
    mine = yaml.safe_dump({"variants": {name: {"seeds": [seed]} for seed, name in enumerate(names)}}, sort_keys=False)
    rows = asked(mine=mine).rows
    assert [row.name for row in rows] == names
    assert len({row.folder for row in rows}) == len(names)


def test_every_fault_of_every_row_has_a_line(asked: Asked) -> None:
    mine = "variants: {a: {model.dropout: 2}, b: {model.hiden: 3}, c: {training.epochs: 0, seeds: 0}}"
    with pytest.raises(ConfigError) as refused:
        asked(mine=mine)
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == ["row a", "row b", "row c", "row c"]


@pytest.mark.parametrize(
    "word", ["sweep=quickstart,mlp_table", "size=full,smoke", "~optimizer", "model.dropout=interval(0,1)"]
)
def test_words_that_make_no_sweep_are_refused_as_typed(asked: Asked, word: str) -> None:
    with pytest.raises(ConfigError) as refused:
        asked(word)
    assert str(refused.value).startswith(f"{word}: ")
    assert "\n" not in str(refused.value)


def test_a_users_own_option_is_composed(asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "conf" / "model").mkdir(parents=True)
    (tmp_path / "conf" / "model" / "tiny.yaml").write_text("hidden: [8]\n")
    rows = asked(mine="variants: {a: {model: tiny}, b: {model: mlp}}").rows
    assert [row.config.model.hidden for row in rows] == [[8], [512, 256]]


def test_the_plan_is_written_for_the_report(asked: Asked, tmp_path: Path) -> None:
    mine = """
        question: Which?
        baseline: a
        margin: 0.3
        variants: {a: {}, "b, 50 %": {optimizer: sgd, seeds: [4, 5]}, c: {}}
        reference: {columns: [test_loss, test_accuracy], a: [0.05, 0.98]}
    """
    write_sweep_file(record_plan(asked(mine=mine), Machine("tensorflow", "cpu", 2)), tmp_path / "out")
    written: dict[str, Any] = yaml.safe_load((tmp_path / "out" / "sweep.yaml").read_text())
    assert (written["sweep"], written["question"], written["baseline"], written["margin"]) == (
        "mine",
        "Which?",
        "a",
        0.3,
    )
    assert written["reference"] == {"columns": ["test_loss", "test_accuracy"], "rows": {"a": [0.05, 0.98]}}
    assert Machine(**written["machine"]) == Machine("tensorflow", "cpu", 2)
    assert written["variants"][1] == {
        "name": "b, 50 %",
        "folder": "b,-50",
        "overrides": {"optimizer": "sgd", "seeds": [4, 5]},
        "seeds": [4, 5],
        "folds": None,
        "compared_with": "a",
        "changes": ["optimizer"],
        "same_as": None,
    }
    assert written["variants"][2]["same_as"] == "a"
    assert written["order"] == "file"


def test_the_plan_of_a_grid_is_shown_by_rank(asked: Asked, tmp_path: Path) -> None:
    mine = "{common: {data.folds: 3}, grid: {optimizer: [sgd, adam]}}"
    write_sweep_file(record_plan(asked(mine=mine), Machine("tensorflow", "cpu", 2)), tmp_path / "out")
    written: dict[str, Any] = yaml.safe_load((tmp_path / "out" / "sweep.yaml").read_text())
    assert (written["order"], [variant["folds"] for variant in written["variants"]]) == ("rank", [3, 3])


def test_rows_of_other_folds_are_not_equal(asked: Asked) -> None:
    rows = asked(mine="variants: {a: {}, b: {data.folds: 2}, c: {data.folds: 3}, d: {data.folds: 2}}").rows
    assert [row.same_as for row in rows] == [None, None, None, "b"]
    assert rows[1].changes == ["folds"]


CLAIMING = """\
baseline: adam
variants: {adam: {optimizer: adam}, sgd: {optimizer: sgd}, "sgd, longer": {optimizer: sgd, training.epochs: 50}}
compare: {"sgd, longer": sgd}
"""


def test_a_claim_is_bound_to_its_rows_and_written(asked: Asked, tmp_path: Path) -> None:
    claims = """\
claims:
  - {row: "sgd, longer", is: higher, says: "a: it is not done after 20 epochs"}
  - {row: "sgd, longer", is: lower, against: adam, metric: gap, says: less overfitting}
"""
    planned = asked(mine=CLAIMING + claims)
    assert [(one.against, set(one.changes)) for one in planned.claims] == [
        ("sgd", {"epochs"}), ("adam", {"optimizer", "epochs"}),
    ]  # fmt: skip
    write_sweep_file(record_plan(planned, Machine("jax", "cpu", 2, "compiled")), tmp_path / "out")
    assert list(read_sweep_file(tmp_path / "out").claims) == planned.claims


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ("[{row: sdg, is: lower, says: so}]", "sweep.claims.row=sdg: there is no such row; did you mean sgd?"),
        ("[{row: sgd, is: worse, says: so}]", "sweep.claims.is=worse: "),
        ("{row: sgd}", "sweep.claims: expected a list, like [{row: ROW"),
        ("[sgd is worse]", "sweep.claims: expected a list, like [{row: ROW"),
    ],
)
def test_a_claim_that_cannot_be_judged_is_refused_before_anything(asked: Asked, claims: str, said: str) -> None:
    with pytest.raises(Exception) as refused:
        asked(mine=CLAIMING + f"claims: {claims}\n")
    line = explain(refused.value)
    assert said in line and len(line.splitlines()) == 1


@pytest.mark.parametrize(
    "words", [["model.dropout=0,0.5"], ["data=mnist5k", "training.batch_size=64,128"]], ids=["an axis", "another"]
)
def test_claims_about_rows_that_the_command_line_multiplies_are_left_out_aloud(asked: Asked, words: list[str]) -> None:
    planned = asked(*words, mine=CLAIMING + "claims: [{row: sgd, is: lower, says: so}]\n")
    assert planned.claims == []
    assert "the claim about sgd is left out: the command line replaces sgd" in planned.announcements


def test_on_a_grid_a_claim_names_the_whole_row(asked: Asked) -> None:
    grid = "variants: {a: {}, b: {optimizer: sgd}}\ngrid: {model.dropout: [0, 0.5]}\n"
    planned = asked(mine=grid + 'claims: [{row: "b, 0.5", is: lower, says: so}]\n')
    assert [one.against for one in planned.claims] == ["a, 0.5"]
    with pytest.raises(ConfigError, match=r"sweep.claims.row=b: there is no such row"):
        asked(mine=grid + "claims: [{row: b, is: lower, says: so}]\n")


def test_a_setting_that_needs_another_one_is_announced_once_for_all_its_variants(asked: Asked) -> None:
    planned = asked("training.early_stopping.restore_best=true", "optimizer=adam,sgd")
    assert planned.announcements == [
        "optimizer=adam, optimizer=sgd: training.early_stopping.restore_best=true has no effect without "
        "training.early_stopping.patience"
    ]
