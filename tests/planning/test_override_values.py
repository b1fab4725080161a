"""Values in Hydra's override grammar, both ways; tests/planning/test_compose.py has text that is hard to quote."""

from typing import Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning.interpolations import Interpolation
from mnist_sweeps.planning.override_values import axis, choices, literal, plain_value, quoted
from mnist_sweeps.planning.search_space import Axis, Interval, Values


def parsed(value: str) -> Any:
    return OverridesParser.create().parse_override(f"data.path={value}")


@pytest.mark.parametrize(
    "value",
    [1, -0.5, 1e-06, True, False, None, [64, 64], [0.5, [True, None]], {"name": "x", "rate": 1e-4, "list": ["a b", 2]}],
)
def test_values_keep_their_types(value: Any) -> None:
    again = plain_value(parsed(quoted(value)))
    assert again == value
    assert type(again) is type(value)


def test_an_interpolation_that_is_typed_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHERE", "/some/${place}")
    assert plain_value(parsed("${oc.env:WHERE}/mnist.npz")) == "/some/${place}/mnist.npz"


def test_an_interpolation_of_a_key_waits_for_its_variant() -> None:
    assert isinstance(plain_value(parsed("${model.dropout}")), Interpolation)


def test_a_missing_variable_is_refused_with_its_key() -> None:
    with pytest.raises(ConfigError, match=r"data.path=\$\{oc.env:NOTHING\}: "):
        plain_value(parsed("${oc.env:NOTHING}"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1e-6,1e-5", [1e-6, 1e-5]),
        ("on,off", ["on", "off"]),
        ("'it\\'s','a,b'", ["it's", "a,b"]),
        ("[64,64],[32]", [[64, 64], [32]]),
        ("choice(1,2)", [1, 2]),
        ("range(0,1,0.5)", [0.0, 0.5]),
        ("range(0.1,0.5,0.1)", [0.1, 0.2, 0.3, 0.4]),
        ("range(-0.2,0.2,0.1)", [-0.2, -0.1, 0.0, 0.1]),
        ("range(1e-4,5e-4,2e-4)", [1e-4, 3e-4]),
        ("range(1,7,2)", [1, 3, 5]),
        ("true,null", [True, None]),
    ],
)
def test_swept_values_are_those_that_were_typed(written: str, expected: list[Any]) -> None:
    assert choices(parsed(written)) == expected


def test_an_interval_is_no_list_of_values() -> None:
    with pytest.raises(ConfigError, match=r"data.path=interval\(0,1\)"):
        choices(parsed("interval(0,1)"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("choice(128, 256)", Values((128, 256))),
        ("adam,sgd", Values(("adam", "sgd"))),
        ("range(16, 64, 16)", Values((16, 32, 48), ordered=True)),
        ("interval(0, 1)", Interval(0.0, 1.0)),
        ("int(interval(8, 20))", Interval(8, 20, whole=True)),
        ("tag(log, interval(1e-4, 1e-1))", Interval(1e-4, 1e-1, log=True)),
    ],
)
def test_the_words_of_a_space_are_an_axis(written: str, expected: Axis) -> None:
    assert axis("sweep.search.space.x", written) == expected


@pytest.mark.parametrize("written", ["5", "chioce(1, 2)", "choice(1, 1)", "interval(1, 0)", "tag(log, interval(0, 1))"])
def test_other_words_of_a_space_are_refused_with_their_key(written: str) -> None:
    with pytest.raises(ConfigError) as refused:
        axis("sweep.search.space.x", written)
    assert str(refused.value).startswith(f"sweep.search.space.x={written}: expected ")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("${x}", r"\${x}"), (r"\${x}", r"\\\${x}"), (["${x}", 1], [r"\${x}", 1]), ({"a": "$x"}, {"a": "$x"})],
)
def test_an_interpolation_in_a_literal_is_escaped(value: Any, expected: Any) -> None:
    assert literal(value) == expected
