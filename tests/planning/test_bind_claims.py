"""Claims bound to the rows of a plan."""

from typing import Any

import pytest

from mnist_sweeps.config.claim_spec import Claim
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Data, EarlyStopping, Training
from mnist_sweeps.config.sweep_spec import CommandLine, SearchSpec, Sweep
from mnist_sweeps.planning.bind_claims import bind_claims

CONFIGS = {
    "adam": Config(),
    "sgd": Config(optimizer={"name": "sgd"}),
    "sgd, longer": Config(optimizer={"name": "sgd"}, training=Training(epochs=50)),
    "patient": Config(training=Training(epochs=50, early_stopping=EarlyStopping(patience=2))),
    "not validated": Config(training=Training(epochs=50), data=Data(validation="none")),
    "evaluated": Config(training=Training(evaluate_train=True)),
}
COMPARED = {"adam": None, "sgd": "adam", "sgd, longer": "sgd"}


def bound(*claims: dict[str, Any], command: CommandLine | None = None) -> tuple[list[Claim], list[str]]:
    sweep = Sweep(claims=[{"says": "so", **claim} for claim in claims])
    return bind_claims(sweep, command or CommandLine(), CONFIGS, COMPARED)


def test_a_claim_is_against_the_row_that_its_row_is_compared_with() -> None:
    (claim,), _ = bound({"row": "sgd, longer", "is": "higher"})
    assert (claim.against, claim.changes) == ("sgd", ("epochs",))


def test_a_claim_may_name_another_row() -> None:
    (claim,), _ = bound({"row": "sgd, longer", "is": "higher", "against": "adam"})
    assert claim.against == "adam"
    assert set(claim.changes) == {"optimizer", "epochs"}


def test_a_claim_about_a_value_is_against_no_row() -> None:
    (claim,), _ = bound({"row": "sgd", "is": "at least", "value": 0.9})
    assert (claim.against, claim.changes) == (None, ())


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ({"row": "sdg", "is": "lower"}, r"^sweep.claims.row=sdg: .* did you mean sgd\?"),
        ({"row": "sgd", "is": "lower", "against": "adm"}, r"^sweep.claims.against=adm: .* did you mean adam\?"),
        ({"row": "sdg", "is": "at least", "value": 0.9}, r"^sweep.claims.row=sdg: "),
        ({"row": "adam", "is": "lower"}, r"^sweep.claims.row=adam: it is the baseline"),
    ],
)
def test_a_claim_without_its_rows_is_refused(claim: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        bound(claim)


def test_claims_about_rows_that_a_typed_axis_renamed_are_left_out() -> None:
    claims, lines = bound(
        {"row": "no batch norm", "is": "lower"},
        {"row": "sgd", "is": "lower"},
        command=CommandLine(axes={"training.epochs": [1, 2]}),
    )
    assert [claim.row for claim in claims] == ["sgd"]
    assert lines == ["the claim about no batch norm is left out: the command line replaces no batch norm"]


WINDOW = {"row": "sgd", "is": "at least", "value": 0.9, "metric": "val_accuracy[46:50]"}


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        pytest.param(WINDOW, r"val_accuracy\[46:50\]: sgd trains 20 epochs$", id="later epochs than there are"),
        pytest.param(
            {"row": "sgd, longer", "is": "higher", "metric": "train_loss[41:50]"},
            r"train_loss\[41:50\]: sgd trains 20 epochs$",
            id="of the other row",
        ),
        pytest.param({**WINDOW, "row": "patient"}, "runs of patient may end before epoch 50$", id="early stopping"),
        pytest.param({**WINDOW, "row": "not validated"}, "not validated has no validation; ", id="no validation"),
        pytest.param(
            {"row": "adam", "is": "at most", "value": 0.01, "metric": "evaluated_gap"},
            "evaluated_gap: the training images of adam are not evaluated; set training.evaluate_train=true$",
            id="training images",
        ),
    ],
)
def test_a_metric_that_runs_do_not_have_is_refused(claim: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=r"^sweep\.claims\.metric=.*" + message):
        bound(claim)


def test_a_metric_that_runs_have_is_taken() -> None:
    (claim, other), _ = bound(
        {**WINDOW, "row": "sgd, longer"}, {**WINDOW, "row": "evaluated", "metric": "evaluated_gap"}
    )
    assert (claim.metric, other.metric) == ("val_accuracy[46:50]", "evaluated_gap")


def test_a_claim_whose_metric_the_command_line_takes_away_is_left_out() -> None:
    shorter = CommandLine(settings={"training.epochs": 20})
    assert bound(WINDOW, command=shorter) == (
        [],
        ["the claim about val_accuracy[46:50] of sgd is left out: sgd trains 20 epochs"],
    )


def test_a_search_has_no_rows_to_make_claims_about() -> None:
    sweep = Sweep(claims=[{"row": "sgd", "is": "lower", "says": "so"}], search=SearchSpec(trials=2))
    with pytest.raises(ConfigError, match=r"^sweep.claims: a search"):
        bind_claims(sweep, CommandLine(), CONFIGS, COMPARED)
