"""Claims of a sweep file: read, refused, bound to rows, and written for sweep.yaml."""

from typing import Any

import pytest

from mnist_sweeps.config.claim_spec import Claim, claim_to_yaml, parse_claim, parse_claims
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Training
from mnist_sweeps.planning.bind_claims import bind_claim

LOWER = {"row": "sgd", "is": "lower", "says": "sgd is worse"}
AT_LEAST = {"row": "sgd", "is": "at least", "value": 0.9, "says": "nine in ten"}


def test_test_accuracy_is_the_usual_metric() -> None:
    assert parse_claim(LOWER) == Claim("sgd is worse", "sgd", "lower", metric="test_accuracy", cause=True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"agianst": "adam"}, "agianst=adam: there is no such key; did you mean against?", id="key"),
        pytest.param({"says": ""}, "says: expected in every claim", id="no sentence"),
        pytest.param({"row": None}, "row: expected in every claim", id="no row"),
        pytest.param({"is": "lowr"}, r"is=lowr: did you mean lower\?", id="relation"),
        pytest.param({"metric": "acuracy"}, "metric=acuracy: .*allowed: ", id="metric"),
        pytest.param({"metric": "confusion_08_5"}, "metric=confusion_08_5: .*allowed: ", id="two names of a class"),
        pytest.param({"metric": "recall_100"}, r"metric=recall_100: did you mean recall_\d\?", id="class"),
        pytest.param({"value": 0.9}, r"value=0\.9: is=lower is about two rows", id="value between rows"),
        pytest.param({"is": "at least"}, "is=at least: needs a value", id="no value"),
        pytest.param({"is": "at most", "value": 1, "against": "a"}, "needs a value, and no against", id="both"),
        pytest.param({"is": "at most", "value": "much"}, "value=much: expected a number", id="word for a value"),
        pytest.param({"margin": True}, "margin=True: expected a number", id="margin"),
        pytest.param({"is": "same", "metric": "test_loss"}, "is=same: needs a margin where", id="same loss"),
        pytest.param({"is": "not higher", "metric": "seconds"}, "is=not higher: needs a margin", id="not slower"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_one_line(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        parse_claim(LOWER | changed)
    assert len(str(refused.value).splitlines()) == 1
    assert str(refused.value).startswith("sweep.claims")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"metric": "hidden_1/kernel/sd"}, id="a number of a layer's weights"),
        pytest.param({"metric": "test_loss"}, id="lower loss without a margin"),
        pytest.param({"is": "same"}, id="same accuracy by the margin of the sweep"),
        pytest.param({"is": "same", "metric": "test_loss", "margin": 0.1}, id="same loss with a margin"),
    ],
)
def test_what_makes_sense_is_taken(changed: dict[str, Any]) -> None:
    found = parse_claim(LOWER | changed)
    assert (found.relation, found.metric) == (changed.get("is", "lower"), changed.get("metric", "test_accuracy"))


def test_a_sweep_file_lists_its_claims() -> None:
    assert parse_claims(None) == []
    assert parse_claims([LOWER, AT_LEAST]) == [parse_claim(LOWER), parse_claim(AT_LEAST)]


@pytest.mark.parametrize(
    "content", [pytest.param(LOWER, id="one claim"), pytest.param([LOWER, "sgd is worse"], id="words among claims")]
)
def test_anything_but_a_list_of_claims_is_refused(content: Any) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_claims(content)
    assert str(refused.value) == "sweep.claims: expected a list, like [{row: ROW, is: lower, says: a sentence}]"


CONFIGS = {
    "adam": Config(),
    "sgd": Config(optimizer={"name": "sgd", "learning_rate": 0.01}),
    "sgd, longer": Config(optimizer={"name": "sgd", "learning_rate": 0.01}, training=Training(epochs=50)),
}
COMPARED = {"adam": None, "sgd": "adam", "sgd, longer": "sgd"}


@pytest.mark.parametrize(
    ("changed", "against", "changes"),
    [
        pytest.param({}, "adam", ("optimizer",), id="the row it is compared with"),
        pytest.param({"row": "sgd, longer", "against": "adam"}, "adam", ("optimizer", "epochs"), id="another"),
        pytest.param({"row": "adam", "against": "sgd"}, "sgd", ("optimizer",), id="the baseline against a row"),
    ],
)
def test_a_claim_knows_what_differs_between_its_rows(changed: dict[str, Any], against: str, changes: Any) -> None:
    found = bind_claim(parse_claim(LOWER | changed), CONFIGS, COMPARED)
    assert (found.against, found.changes) == (against, changes)


def test_a_claim_about_a_value_is_against_no_row() -> None:
    assert bind_claim(parse_claim(AT_LEAST), CONFIGS, COMPARED) == parse_claim(AT_LEAST)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"row": "sdg"}, r"row=sdg: there is no such row; did you mean sgd\?", id="row"),
        pytest.param({"against": "adm"}, r"against=adm: there is no such row; did you mean adam\?", id="against"),
        pytest.param({"row": "adam"}, "row=adam: it is the baseline; say with against", id="baseline"),
    ],
)
def test_a_row_that_is_not_there_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        bind_claim(parse_claim(LOWER | changed), CONFIGS, COMPARED)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LOWER, id="short"),
        pytest.param(AT_LEAST, id="value"),
        pytest.param(LOWER | {"metric": "gap", "cause": False, "margin": 1, "printed": "3"}, id="long"),
    ],
)
def test_what_is_written_is_read_again(content: dict[str, Any]) -> None:
    found = bind_claim(parse_claim(content), CONFIGS, COMPARED)
    assert parse_claim(claim_to_yaml(found)) == found
