"""Claims bound to the rows of a plan."""

from typing import Any

import pytest

from mnist_sweeps.config.claim_spec import Claim
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Training
from mnist_sweeps.config.sweep_spec import CommandLine, SearchSpec, Sweep
from mnist_sweeps.planning.bind_claims import bind_claims

CONFIGS = {
    "adam": Config(),
    "sgd": Config(optimizer={"name": "sgd"}),
    "sgd, longer": Config(optimizer={"name": "sgd"}, training=Training(epochs=50)),
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


def test_a_search_has_no_rows_to_make_claims_about() -> None:
    sweep = Sweep(claims=[{"row": "sgd", "is": "lower", "says": "so"}], search=SearchSpec(trials=2))
    with pytest.raises(ConfigError, match=r"^sweep.claims: a search"):
        bind_claims(sweep, CommandLine(), CONFIGS, COMPARED)
