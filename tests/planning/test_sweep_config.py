"""What a command line and its files say of the sweep as a whole, and what they must not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning.compose import session
from mnist_sweeps.planning.explain_errors import explain
from mnist_sweeps.planning.planner import plan
from mnist_sweeps.planning.sweep_plan import SweepPlan

Planned = Callable[..., SweepPlan]
SMALL = "common: {model.hidden: [8]}\n"


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planned:
    """Plans a command line in a folder with these files below `conf/`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MNIST_SWEEPS_OUTPUTS", raising=False)

    def plan_with(*words: str, config_name: str = "config", **files: str) -> SweepPlan:
        for name, content in files.items():
            path = tmp_path / "conf" / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        with session():
            try:
                return plan(list(words), config_name)
            except Exception as error:
                raise ConfigError(explain(error)) from error

    return plan_with


def test_an_interpolation_is_resolved_in_each_variant_after_all_its_settings(planned: Planned) -> None:
    mine = """
common: {training.epochs: 3, model.hidden: [8, 8]}
variants:
  tied: {training.early_stopping.patience: "${training.epochs}"}
  longer: {training.early_stopping.patience: "${training.epochs}", training.epochs: 7}
  rates: {model.dropout: "${model.input_dropout}", model.input_dropout: 0.3}
  entries: {model.hidden: [16, "${training.epochs}"]}
"""
    rows = {row.name: row for row in planned("sweep=mine", sweep__mine=mine).rows}
    assert [rows[name].config.training.early_stopping.patience for name in ("tied", "longer")] == [3, 7]
    assert rows["rates"].config.model.dropout == 0.3
    assert rows["entries"].config.model.hidden == [16, 3]
    assert rows["longer"].own["training.early_stopping.patience"] == 7  # as the report shows it
    assert "training.early_stopping.patience=7" in rows["longer"].overrides  # as the job gets it


def test_the_command_line_counts_for_an_interpolation_too(planned: Planned) -> None:
    mine = 'variants: {tied: {training.early_stopping.patience: "${training.epochs}"}}'
    (row,) = planned("sweep=mine", "training.epochs=5", sweep__mine=mine).rows
    assert row.config.training.early_stopping.patience == 5
    (row,) = planned("training.epochs=4", "training.early_stopping.patience=${training.epochs}").rows
    assert row.config.training.early_stopping.patience == 4


def test_a_variable_is_resolved_once_when_the_plan_is_made(planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDTH", "24")
    mine = 'variants: {a: {optimizer: "${oc.env:OPT,sgd}", model.hidden: ["${oc.decode:${oc.env:WIDTH}}"]}}'
    (row,) = planned("sweep=mine", sweep__mine=mine).rows
    assert row.overrides == ["optimizer='sgd'", "model.hidden=[24]"]


@pytest.mark.parametrize("value", ["${training.nothing}", "${model.dropout}", "${sweep.margin}"])
def test_an_interpolation_of_nothing_is_refused_with_variant_and_key(planned: Planned, value: str) -> None:
    mine = f'variants: {{a: {{model.dropout: "{value}"}}, b: {{}}}}'
    with pytest.raises(ConfigError, match=r"^row a: model.dropout"):
        planned("sweep=mine", sweep__mine=mine)


def test_a_space_takes_no_interpolation(planned: Planned) -> None:
    mine = 'search: {trials: 2, space: {training.epochs: "choice(1, ${training.batch_size})"}}'
    with pytest.raises(ConfigError, match=r"^sweep.search.space.training.epochs=.*no interpolations"):
        planned("sweep=mine", sweep__mine=mine)


def test_variants_are_planned_from_the_primary_config_that_is_chosen(planned: Planned) -> None:
    mine = "defaults: [config, override model: softmax, override optimizer: sgd, _self_]\ntraining: {epochs: 2}\n"
    (row,) = planned(config_name="mine", mine=mine).rows
    assert (row.config.model.hidden, row.config.optimizer["name"], row.config.training.epochs) == ([], "sgd", 2)


def test_a_primary_config_chooses_sweep_size_and_flags(planned: Planned) -> None:
    mine = "defaults: [config, override sweep: own, override size: smoke, _self_]\nfresh: true\noutput_dir: far\n"
    chosen = planned(config_name="mine", mine=mine, sweep__own=SMALL + "variants: {a: {}, b: {model.dropout: 0.1}}")
    assert [row.name for row in chosen.rows] == ["a", "b"]
    assert chosen.rows[0].config.training.epochs == 1
    assert chosen.fresh
    assert chosen.folder.parent == Path("far")


def test_a_primary_config_that_does_not_build_on_ours_is_refused(planned: Planned) -> None:
    with pytest.raises(ConfigError, match="must begin with `- config`"):
        planned(config_name="bare", bare="defaults: [model: mlp]\n")


def test_a_sweep_file_that_sets_more_than_the_sweep_is_refused(planned: Planned) -> None:
    mine = "# @package _global_\ndefaults: [override /model: softmax]\nsweep: {}\ntraining: {batch_size: 16}\n"
    with pytest.raises(ConfigError, match=r"^sweep=mine: its file sets model, training.batch_size .* in common$"):
        planned("sweep=mine", sweep__mine=mine)


EXPERIMENT = """# @package _global_
defaults: [override /model: softmax, override /optimizer: sgd]
training: {epochs: 2}
"""


def test_a_group_of_ones_own_is_chosen_with_a_plus(planned: Planned) -> None:
    (row,) = planned("+experiment=wide", "training.batch_size=16", experiment__wide=EXPERIMENT).rows
    assert (row.config.model.hidden, row.config.training.epochs, row.config.training.batch_size) == ([], 2, 16)
    assert row.overrides[0] == "+experiment='wide'"


def test_a_group_of_ones_own_is_an_axis_and_a_variants_setting(planned: Planned) -> None:
    files = {"experiment__wide": EXPERIMENT, "experiment__long": "# @package _global_\ntraining: {epochs: 9}\n"}
    assert [row.config.training.epochs for row in planned("+experiment=wide,long", **files).rows] == [2, 9]
    mine = "variants: {a: {experiment: wide}, b: {experiment: long}}"
    assert [row.config.training.epochs for row in planned("sweep=mine", sweep__mine=mine).rows] == [2, 9]


def test_without_the_plus_the_message_says_it(planned: Planned) -> None:
    with pytest.raises(ConfigError, match=r"write \+experiment="):
        planned("experiment=wide", experiment__wide=EXPERIMENT)


def test_an_option_of_one_variant_cannot_set_what_the_sweep_has_as_a_whole(planned: Planned) -> None:
    files = {"experiment__a": EXPERIMENT, "experiment__b": "# @package _global_\nfresh: true\n"}
    assert planned("+experiment=b", **files).fresh
    with pytest.raises(ConfigError, match="sets fresh, which belongs to the whole sweep"):
        planned("+experiment=a,b")


def test_several_options_of_a_group_are_not_merged(planned: Planned) -> None:
    with pytest.raises(ConfigError, match=r"^optimizer=\[adam,sgd\]: .* write optimizer=adam,sgd$"):
        planned("optimizer=[adam,sgd]")


@pytest.mark.parametrize(
    ("words", "variable", "folder"),
    [
        ([], None, "outputs/run"),
        (["output_dir=far"], "env", "far/run"),
        ([], "env", "env/run"),
        (["hydra.sweep.dir=here"], None, "here"),
        (["hydra.sweep.dir=here/${oc.env:HOME}", "output_dir=far"], None, "here//root"),
    ],
)
def test_the_folder_is_where_the_command_line_or_the_variable_says(
    planned: Planned, monkeypatch: pytest.MonkeyPatch, words: list[str], variable: str | None, folder: str
) -> None:
    monkeypatch.setenv("HOME", "/root")
    if variable:
        monkeypatch.setenv("MNIST_SWEEPS_OUTPUTS", variable)
    assert planned(*words).folder == Path(folder)


def test_parameters_of_hydras_sweeper_are_overrides_of_the_command_line(planned: Planned) -> None:
    params = "+hydra.sweeper.params={optimizer: 'adam,sgd', training.epochs: 3}"
    rows = planned(params).rows
    assert [(row.name, row.config.training.epochs) for row in rows] == [("optimizer=adam", 3), ("optimizer=sgd", 3)]
    assert len(planned(params, "optimizer=adam").rows) == 1  # what is typed counts


def test_some_variants_are_chosen_by_name_and_the_plan_keeps_all(planned: Planned) -> None:
    mine = SMALL + "variants: {a: {}, b: {model.dropout: 0.1}, c: {model.dropout: 0.2}, same: {model.dropout: 0.2}}"
    chosen = planned("sweep=mine", "variants=[b,same]", sweep__mine=mine)
    assert len(chosen.rows) == 4
    assert [row.name for row in chosen.to_train] == ["b", "c"]  # c stands for its equal
    assert chosen.folder == Path("outputs/mine")


def test_on_a_grid_a_variants_name_stands_for_its_points(planned: Planned) -> None:
    mine = SMALL + "variants: {a: {}, b: {model.dropout: 0.1}}\ngrid: {training.epochs: [1, 2]}"
    chosen = planned("sweep=mine", "variants=[b]", sweep__mine=mine)
    assert [row.name for row in chosen.to_train] == ["b, 1", "b, 2"]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["variants=[d]"], r"variants=\[d\]: there is no d; allowed: a, b"),
        (["variants=[]"], r"variants=\[\]: expected names of variants, or null for all"),
        (["trials=3"], r"trials=3: only a search draws trials; leave it out"),
        (["variants=a,b"], r"variants=a,b: expected a list, like 'variants=\[a,b\]'"),
        (["planned=x"], "planned=x: is set for each job"),
        (["size=full,smoke"], "size=full,smoke: one size at a time"),
        (["fresh=true,false"], "fresh=true,false: one fresh at a time"),
        (["trials=0"], "trials=0: expected a whole number"),
    ],
)
def test_what_a_sweep_cannot_be_told_is_refused(planned: Planned, words: list[str], line: str) -> None:
    with pytest.raises(ConfigError, match=f"^{line}"):
        planned("sweep=mine", *words, sweep__mine="variants: {a: {}, b: {model.dropout: 0.1}}")


def test_a_setting_of_a_sweep_where_there_is_none_is_refused(planned: Planned) -> None:
    line = "sweep.margin=0.5: there is no sweep to set it for; choose one with sweep=NAME"
    with pytest.raises(ConfigError, match=f"^{line}$"):
        planned("model=softmax", "sweep.margin=0.5")


def test_a_setting_of_a_search_where_there_is_none_is_refused(planned: Planned) -> None:
    with pytest.raises(ConfigError, match=r"^sweep.search.trials=3: the sweep has no search; write one into its file$"):
        planned("sweep=mine", "sweep.search.trials=3", sweep__mine=SMALL + "variants: {a: {}, b: {seeds: 2}}")
