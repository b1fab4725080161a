"""How values and allowed names stand in messages."""

import pytest

from mnist_sweeps.config.errors import ConfigError, nearest, written
from mnist_sweeps.config.schema import Config, Model
from mnist_sweeps.config.validate import check


def test_the_nearest_name_comes_first() -> None:
    assert nearest("adm", ["sgd", "adam"]) == "did you mean adam? allowed: adam, sgd"
    assert nearest("x", ["sgd", "adam"]) == "allowed: adam, sgd"


@pytest.mark.parametrize(
    ("value", "shown"), [("0.2", "'0.2'"), (0.2, "0.2"), ("relu", "relu"), ([1, 2], "[1, 2]"), (None, "None")]
)
def test_text_that_looks_like_a_number_has_quotes(value: object, shown: str) -> None:
    assert written(value) == shown


def test_a_number_in_quotes_is_told_apart_from_the_number() -> None:
    with pytest.raises(ConfigError, match=r"^model.dropout='0.2': expected a rate"):
        check(Config(model=Model(hidden=[3], dropout="0.2")))
    with pytest.raises(ConfigError, match=r"^seeds='5': expected a count"):
        check(Config(seeds="5"))
