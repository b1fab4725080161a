"""A sweep file as rows: precedence, refusals, announcements, grids, comparisons."""

from typing import Any

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.expand import expand
from mnist_sweeps.config.sweep_spec import (
    SWEEP_WIDE,
    CommandLine,
    SearchSpec,
    Settings,
    Sweep,
    VariantSpec,
    comparisons,
    text,
)

GROUPS = {"model", "optimizer", "initializer", "data"}


def rows_of(sweep: Sweep, **command: Any) -> list[VariantSpec]:
    return expand(sweep, CommandLine(**command), GROUPS)[0]


def settings_of(sweep: Sweep, **command: Any) -> Settings:
    (row,) = rows_of(sweep, **command)
    return row.settings


def announced(sweep: Sweep, **command: Any) -> list[str]:
    return expand(sweep, CommandLine(**command), GROUPS)[1]


@pytest.mark.parametrize(
    ("common", "row", "size", "typed", "expected"),
    [
        (1, None, None, None, 1),
        (1, 2, None, None, 2),
        (1, 2, 3, None, 3),
        (1, 2, 3, 4, 4),
        (1, None, 3, None, 3),
        (None, 2, None, 4, 4),
        (None, None, 3, 4, 4),
    ],
)
def test_common_is_beaten_by_the_row_by_the_size_by_the_command_line(
    common: int | None, row: int | None, size: int | None, typed: int | None, expected: int
) -> None:
    def at(value: int | None) -> Settings:
        return {} if value is None else {"training.epochs": value}

    sweep = Sweep(common=at(common), variants={"a": at(row)})
    assert settings_of(sweep, size=at(size), settings=at(typed)) == {"training.epochs": expected}


@pytest.mark.parametrize("place", ["common", "size", "settings"])
def test_mappings_merge_key_by_key_wherever_they_stand(place: str) -> None:
    inner = {"model": {"hidden": [8], "conv": {"padding": "same"}}}
    sweep = Sweep(common=inner if place == "common" else {}, variants={"a": {"model": {"dropout": 0.1}}})
    settings = settings_of(sweep, **({} if place == "common" else {place: inner}))
    assert settings == {"model.hidden": [8], "model.conv.padding": "same", "model.dropout": 0.1}


def test_a_mapping_with_a_name_on_the_command_line_replaces_the_option_of_a_variant() -> None:
    sweep = Sweep(variants={"a": {"optimizer": "sgd"}})
    command = {"settings": {"optimizer": {"name": "adam", "learning_rate": 0.1}}}
    assert settings_of(sweep, **command) == {"optimizer.name": "adam", "optimizer.learning_rate": 0.1}
    assert announced(sweep, **command)[0].endswith("replaces optimizer=sgd")


def test_a_mapping_that_is_a_value_stays_whole() -> None:
    schedule = {"name": "exponential_decay", "decay_rate": 0.9}
    sweep = Sweep(variants={"a": {"optimizer": {"name": "sgd", "learning_rate": schedule}}})
    assert settings_of(sweep) == {"optimizer.name": "sgd", "optimizer.learning_rate": schedule}


def test_a_key_set_by_mapping_and_by_dots_in_one_place_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"model.dropout=0.2: already set to 0.1 in the same place"):
        expand(Sweep(variants={"a": {"model": {"dropout": 0.1}, "model.dropout": 0.2}}), CommandLine(), GROUPS)


def test_group_choices_come_before_the_keys_inside_them() -> None:
    sweep = Sweep(common={"model.dropout": 0.1}, variants={"a": {"training.epochs": 3, "optimizer": "sgd"}})
    assert list(settings_of(sweep, settings={"data": "mnist"})) == [
        "optimizer",
        "data",
        "model.dropout",
        "training.epochs",
    ]


def test_a_row_keeps_only_what_is_its_own() -> None:
    (row,) = rows_of(Sweep(common={"seeds": 5}, variants={"a": {"optimizer": "sgd"}}), settings={"training.epochs": 2})
    assert row.own == {"optimizer": "sgd"}


@pytest.mark.parametrize("key", [*SWEEP_WIDE, "hydra.launcher", "size", "sweep"])
def test_a_row_cannot_set_what_belongs_to_the_sweep(key: str) -> None:
    with pytest.raises(ConfigError, match=rf"row a: {key}=x belongs to the whole sweep"):
        rows_of(Sweep(variants={"a": {key: "x"}}))


def test_common_may_set_what_belongs_to_the_sweep() -> None:
    assert settings_of(Sweep(common={"device": "cpu"}, variants={"a": {}})) == {"device": "cpu"}


@pytest.mark.parametrize(
    ("common", "typed", "where"),
    [({"model.dropout": 0.1}, {}, "common"), ({}, {"model.dropout": 0.1}, "the command line")],
)
def test_a_row_that_picks_a_group_while_another_sets_a_key_in_it_is_refused(
    common: Settings, typed: Settings, where: str
) -> None:
    sweep = Sweep(common=common, variants={"deep": {"model": "cnn_3"}, "plain": {}})
    with pytest.raises(ConfigError) as refused:
        rows_of(sweep, settings=typed)
    assert str(refused.value) == (
        f"row deep: model=cnn_3 against model.dropout=0.1 in {where}: say in the row which model.dropout is meant"
    )


def test_a_row_that_says_which_of_two_settings_it_means_is_taken() -> None:
    sweep = Sweep(common={"model.dropout": 0.1}, variants={"a": {"model": "mlp", "model.dropout": 0.2}})
    assert settings_of(sweep) == {"model": "mlp", "model.dropout": 0.2}


def test_a_group_chosen_on_the_command_line_settles_what_a_row_leaves_open() -> None:
    sweep = Sweep(common={"model.dropout": 0.1}, variants={"a": {"model": "cnn_3"}})
    assert settings_of(sweep, settings={"model": "mlp"}) == {"model": "mlp"}


def test_every_fault_of_every_row_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        rows_of(Sweep(variants={"a": {"device": "cpu"}, "b": {"threads": 2, "backend": "jax"}}))
    rest = "belongs to the whole sweep; set it in common or on the command line"
    assert str(refused.value).splitlines() == [
        f"row {fault} {rest}" for fault in ("a: device=cpu", "b: threads=2", "b: backend=jax")
    ]


def test_what_the_command_line_takes_from_a_row_is_announced() -> None:
    sweep = Sweep(variants={"a": {"training.epochs": 3}, "b": {}})
    (line,) = announced(sweep, settings={"training.epochs": 9})
    assert line == "a: training.epochs=9 on the command line replaces training.epochs=3"


def test_each_thing_that_the_command_line_takes_is_announced() -> None:
    sweep = Sweep(variants={"a": {"training.epochs": 3, "seeds": 2}})
    assert announced(sweep, settings={"training.epochs": 9, "seeds": 1}) == [
        "a: training.epochs=9 on the command line replaces training.epochs=3",
        "a: seeds=1 on the command line replaces seeds=2",
    ]


def test_an_equal_value_takes_nothing_away() -> None:
    assert not announced(Sweep(variants={"a": {"training.epochs": 3}}), settings={"training.epochs": 3})


def test_a_group_chosen_on_the_command_line_drops_a_rows_keys_inside_it() -> None:
    sweep = Sweep(
        common={"optimizer.learning_rate": 0.3},
        variants={"a": {"optimizer": "sgd", "optimizer.learning_rate": 0.1, "optimizer.momentum": 0.9, "seeds": 2}},
    )
    command = {"settings": {"optimizer": "adam"}}
    assert settings_of(sweep, **command) == {"optimizer": "adam", "seeds": 2}
    dropped = " ".join(announced(sweep, **command))
    assert all(part in dropped for part in ("optimizer=sgd", "learning_rate=0.1", "momentum=0.9"))
    assert "0.3" not in dropped


def test_a_key_typed_beside_its_group_stays() -> None:
    sweep = Sweep(variants={"a": {"optimizer.learning_rate": 0.1}})
    typed = {"optimizer": "sgd", "optimizer.learning_rate": 0.5}
    assert settings_of(sweep, settings=typed) == typed


def test_a_grid_multiplies_the_variants_in_order() -> None:
    sweep = Sweep(
        variants={"a": {"model": "mlp"}, "b": {}},
        grid={"optimizer": ["sgd", "adam"], "training.batch_size": [128, 32]},
    )
    rows = rows_of(sweep)
    assert [row.name for row in rows] == [
        f"{name}, {optimizer}, {size}" for name in "ab" for optimizer in ("sgd", "adam") for size in (128, 32)
    ]
    assert rows[1].settings == {"model": "mlp", "optimizer": "sgd", "training.batch_size": 32}


def test_a_grid_alone_names_its_rows_by_their_values() -> None:
    rows = rows_of(Sweep(grid={"model.hidden": [[64, 64], [32]], "model.batch_norm": [True, False]}))
    assert [row.name for row in rows] == ["[64,64], true", "[64,64], false", "[32], true", "[32], false"]


def test_the_suffix_of_a_name_is_its_place_on_the_grid() -> None:
    grid = {"optimizer": ["sgd"]}
    sweeps = [Sweep(variants={"a": {}}, grid=grid), Sweep(variants={"a": {}}), Sweep(grid=grid)]
    assert [rows_of(sweep)[0].suffix for sweep in sweeps] == [", sgd", "", ""]


def test_a_grid_alone_is_compared_with_its_first_row() -> None:
    sweep = Sweep(grid={"optimizer": ["sgd", "adam", "rmsprop"]})
    assert comparisons(sweep, rows_of(sweep)) == {"sgd": None, "adam": "sgd", "rmsprop": "sgd"}


def test_a_row_on_a_grid_may_be_compared_by_its_whole_name() -> None:
    sweep = Sweep(variants={"a": {}, "b": {}}, grid={"optimizer": ["sgd", "adam"]}, compare={"b, adam": "b, sgd"})
    assert comparisons(sweep, rows_of(sweep))["b, adam"] == "b, sgd"


def test_trials_are_not_compared() -> None:
    sweep = Sweep(search=SearchSpec(trials=2), variants={"trial 1": {}, "trial 2": {}})
    assert comparisons(sweep, rows_of(sweep)) == {"trial 1": None, "trial 2": None}


def test_a_row_on_a_grid_is_compared_at_its_own_point() -> None:
    sweep = Sweep(
        variants={"plain": {}, "wide": {}, "deep": {}},
        grid={"optimizer": ["sgd", "adam"]},
        baseline="plain",
        compare={"deep": "wide"},
    )
    assert comparisons(sweep, rows_of(sweep)) == {
        "plain, sgd": None,
        "plain, adam": None,
        "wide, sgd": "plain, sgd",
        "wide, adam": "plain, adam",
        "deep, sgd": "wide, sgd",
        "deep, adam": "wide, adam",
    }


def test_one_row_of_a_grid_may_be_the_baseline_of_all() -> None:
    sweep = Sweep(variants={"a": {}, "b": {}}, grid={"optimizer": ["sgd", "adam"]}, baseline="a, sgd")
    assert set(comparisons(sweep, rows_of(sweep)).values()) == {None, "a, sgd"}


def test_without_a_baseline_the_first_row_is_it() -> None:
    sweep = Sweep(variants={"a": {}, "b": {}, "c": {}}, compare={"c": "b"})
    assert comparisons(sweep, rows_of(sweep)) == {"a": None, "b": "a", "c": "b"}


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"baseline": "plian"}, "baseline"),
        ({"compare": {"plian": "wide"}}, "compare"),
        ({"compare": {"wide": "plian"}}, "compare"),
        ({"reference": {"columns": ["test_accuracy"], "plian": [0.9]}}, "reference"),
    ],
)
def test_a_row_that_does_not_exist_is_refused_with_the_nearest(wrong: dict[str, Any], key: str) -> None:
    sweep = Sweep(variants={"plain": {}, "wide": {}}, **wrong)
    with pytest.raises(ConfigError, match=rf"sweep.{key}: there is no row plian; did you mean plain\?"):
        comparisons(sweep, rows_of(sweep))


@pytest.mark.parametrize(
    ("reference", "fault"),
    [
        ({"plain": [0.9]}, "columns=null: expected a list of metrics"),
        ({"columns": "test_loss", "plain": [0.9]}, "columns=test_loss: expected a list of metrics"),
        ({"columns": ["test_loss"], "plain": [0.9, 1]}, "plain=[0.9,1]: expected a number, or null, for each of"),
        ({"columns": ["test_loss"], "plain": 0.9}, "plain=0.9: expected a number, or null, for each of [test_loss]"),
        ({"columns": ["test_loss"], "plain": ["x"]}, "plain=[x]: expected a number"),
    ],
)
def test_a_reference_that_is_no_table_is_refused(reference: dict[str, Any], fault: str) -> None:
    sweep = Sweep(variants={"plain": {}}, reference=reference)
    with pytest.raises(ConfigError) as refused:
        comparisons(sweep, rows_of(sweep))
    assert str(refused.value).startswith(f"sweep.reference.{fault}")


def test_swept_keys_multiply_a_sweep_and_are_compared_at_their_own_point() -> None:
    sweep = Sweep(variants={"a": {}, "b": {}})
    rows = rows_of(sweep, axes={"optimizer": ["sgd", "adam"]})
    assert comparisons(sweep, rows) == {
        "a, optimizer=sgd": None,
        "a, optimizer=adam": None,
        "b, optimizer=sgd": "a, optimizer=sgd",
        "b, optimizer=adam": "a, optimizer=adam",
    }


@pytest.mark.parametrize("command", [{"axes": {"optimizer": ["rmsprop"]}}, {"settings": {"optimizer": "rmsprop"}}])
def test_the_command_line_replaces_an_axis_of_the_grid_and_says_so(command: dict[str, Any]) -> None:
    sweep = Sweep(variants={"a": {}}, grid={"optimizer": ["sgd", "adam"]})
    (row,) = rows_of(sweep, **command)
    assert row.settings == {"optimizer": "rmsprop"}
    assert any("replaces the grid's optimizer" in line for line in announced(sweep, **command))


def test_a_single_training_has_the_name_of_its_command() -> None:
    (row,) = rows_of(Sweep(), settings={"optimizer": "sgd"}, name="optimizer=sgd")
    assert (row.name, row.own, row.settings) == ("optimizer=sgd", {}, {"optimizer": "sgd"})
    assert rows_of(Sweep())[0].name == "default"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "true"),
        (None, "null"),
        ([64, [True, None]], "[64,[true,null]]"),
        ({"name": "x", "rate": 0.1}, "{name: x, rate: 0.1}"),
        (1e-06, "1e-06"),
        ("text", "text"),
    ],
)
def test_values_are_written_as_in_yaml(value: Any, written: str) -> None:
    assert text(value) == written
