"""What may be written for a key of a search's space, and spaces that contradict themselves."""

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning.search_space import Conditional, Interval, Layers, Space, Values
from mnist_sweeps.planning.space_words import check_space, space_axis, without_undrawn

WIDTHS = Values((64, 128))
MOMENTUM = Conditional(Interval(0.0, 0.99), "optimizer", "sgd")
OPTIMIZER = Values(("adam", "sgd"))


def test_a_number_of_layers_and_a_condition_are_read() -> None:
    assert space_axis("model.hidden", "layers(1, 4, choice(64, 128))") == Layers(1, 4, WIDTHS)
    assert space_axis("model.conv.filters", "layers(2, 2, int(interval(8, 65)))") == Layers(
        2, 2, Interval(8, 65, whole=True)
    )
    assert space_axis("optimizer.momentum", "interval(0.0, 0.99) if optimizer=sgd") == MOMENTUM
    assert space_axis("x", "choice(1, 2) if training.batch_size = 32") == Conditional(
        Values((1, 2)), "training.batch_size", 32
    )
    assert space_axis("x", "choice(64, 128)") == WIDTHS


@pytest.mark.parametrize(
    ("key", "written", "line"),
    [
        ("model.hidden", "layers(3, 1, choice(8))", "expected the smaller number of layers first"),
        ("model.hidden", "layers(0, 0, choice(8))", "expected the smaller number of layers first, and not only 0"),
        ("model.hidden", "layers(1, 2, choice(a))", "expected whole numbers, the width of each layer"),
        ("model.hidden", "layers(1, 2, interval(0.5, 9.0))", "expected whole numbers, the width of each layer"),
        (
            "model.dropout",
            "layers(1, 2, choice(1))",
            "only model.hidden and model.conv.filters have a number of layers",
        ),
        ("optimizer.momentum", "wide if optimizer=sgd", 'expected in quotes "choice'),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_key(key: str, written: str, line: str) -> None:
    with pytest.raises(ConfigError) as error:
        space_axis(key, written)
    assert str(error.value).startswith(f"sweep.search.space.{key}=")
    assert line in str(error.value)


@pytest.mark.parametrize(
    ("space", "line"),
    [
        ({"optimizer.momentum": MOMENTUM}, "expected a key of the space with a choice or a range"),
        (
            {"optimizer": Values(("adam",)), "optimizer.momentum": MOMENTUM},
            "optimizer has no such value; allowed: adam",
        ),
        ({"model.hidden": Layers(1, 2, WIDTHS), "model.hidden.0": WIDTHS}, "model.hidden is drawn with its layers"),
    ],
)
def test_a_space_that_contradicts_itself_is_refused(space: Space, line: str) -> None:
    with pytest.raises(ConfigError, match=line):
        check_space(space)
    check_space({"optimizer": OPTIMIZER, "optimizer.momentum": MOMENTUM})


def test_a_condition_on_what_the_command_line_sets_is_decided() -> None:
    space: Space = {"optimizer.momentum": MOMENTUM}
    assert without_undrawn(space, {"optimizer": "sgd"}) == ({"optimizer.momentum": MOMENTUM.of}, [])
    lines = ["optimizer=adam is set: the search does not draw optimizer.momentum"]
    assert without_undrawn(space, {"optimizer": "adam"}) == ({}, lines)
