"""What may be drawn, and how it is shown."""

import pytest

from mnist_sweeps.planning import search_space
from mnist_sweeps.planning.search_space import Axis, Interval, Values

AXES = [
    pytest.param(Values((128, 256, 512)), [128, 256, 512], id="choice"),
    pytest.param(Values((None, [1, 2], "a")), [None, [1, 2], "a"], id="choice of anything"),
    pytest.param(Values((100, 150, 200), ordered=True), [100, 200], id="range"),
    pytest.param(Values((0.5,), ordered=True), [0.5], id="range of one"),
    pytest.param(Interval(0.0, 1.0), [0.0, 0.9999999999999999], id="interval"),
    pytest.param(Interval(1e-4, 1e-1, log=True), [1e-4, 0.09999999999999999], id="logarithm"),
    pytest.param(Interval(1, 9, whole=True), [1, 8], id="whole"),
]


@pytest.mark.parametrize(("axis", "ends"), AXES)
def test_the_ends_of_an_axis_are_built_before_anything_is_trained(axis: Axis, ends: list[object]) -> None:
    assert [axis.decoded(end) for end in axis.ends] == ends


@pytest.mark.parametrize(("axis", "ends"), AXES)
def test_a_value_and_its_draw_stand_for_each_other(axis: Axis, ends: list[object]) -> None:
    assert [axis.decoded(axis.encoded(value)) for value in ends] == ends
    distribution = axis.distribution()
    assert all(distribution._contains(distribution.to_internal_repr(axis.encoded(value))) for value in ends)


@pytest.mark.parametrize(
    ("drawn", "value"),
    [
        pytest.param(0.6518168887306186, 0.652, id="three digits"),
        pytest.param(0.99999, 0.99999, id="not out of the interval"),
        pytest.param(0.000123456, 0.000123, id="three digits of a small number"),
    ],
)
def test_what_is_shown_of_a_number_is_what_is_trained(drawn: float, value: float) -> None:
    assert Interval(0.0, 1.0).decoded(drawn) == value


def test_each_end_is_probed_beside_the_first_of_all_others() -> None:
    probes = search_space.probes({"x": Values((1, 2, 3)), "y": Interval(0, 9, whole=True)})
    assert probes == {
        "first": {"x": 1, "y": 0}, "x=2": {"x": 2, "y": 0}, "x=3": {"x": 3, "y": 0}, "y=8": {"x": 1, "y": 8},
        "last": {"x": 3, "y": 8},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "words"),
    [
        pytest.param({"model.hidden.0": 512, "model.hidden.1": 256, "optimizer": "sgd"}, "512-256, sgd", id="layers"),
        pytest.param({"model.dropout.0": 0.652, "x": 1e-4, "model.dropout.1": 0.1}, "0.652-0.1, 0.0001", id="apart"),
        pytest.param({"model.hidden": [64, 64], "y": None, "z": True}, "[64,64], null, true", id="other values"),
    ],
)
def test_a_trial_is_named_by_what_it_drew(values: dict[str, object], words: str) -> None:
    assert search_space.settings_text(values) == words


@pytest.mark.parametrize(
    ("key", "found"),
    [("model.hidden.0", ("model.hidden", 0)), ("model.hidden", None), ("optimizer.beta_1", None), ("0", None)],
)
def test_a_number_at_the_end_of_a_key_is_a_layer(key: str, found: object) -> None:
    assert search_space.index(key) == found
