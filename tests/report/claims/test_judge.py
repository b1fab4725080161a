"""Claims: from rows to verdicts."""

import pytest

from mnist_sweeps.config.claim_spec import parse_claim
from mnist_sweeps.report import read
from mnist_sweeps.report.claims.evidence import Evidence
from mnist_sweeps.report.claims.judge import verdict_of

LOW, SAME, HIGH = [0.9700, 0.9702, 0.9698, 0.9701, 0.9699], [0.9800, 0.9802, 0.9798, 0.9801, 0.9799], [0.9900] * 4
NOISE = [0.9788, 0.9812, 0.9795, 0.9807, 0.9790]


def judged(sweep, *claims):
    sweep.plan["claims"] = [{"says": "so", "metric": "test_accuracy", **one} for one in claims]
    return read(sweep.save()).claims


def verdict(sweep, **written):
    (one,) = judged(sweep, written)
    return f"{one.verdict} ({one.reason})" if one.reason else one.verdict


ABOVE = Evidence(0.01, 0.008, 0.012, 0.001, "pooled")
BELOW = Evidence(-0.01, -0.012, -0.008, 0.001, "pooled")
SLIGHTLY = Evidence(0.001, 0.0005, 0.0015, 0.001, "pooled")  # shown, and within 0.2 pp
EQUAL = Evidence(0.0001, -0.001, 0.0012, 0.8, "pooled")
ADJUSTED = Evidence(0.003, 0.001, 0.005, 0.02, "pooled")  # shown by this test alone
WIDE = Evidence(0.001, -0.004, 0.006, 0.7, "pooled")
ONE_SEED = Evidence(0.01, 0.008, 0.012, None, "noise law, single runs")
ONE_RUN = Evidence(0.01, None, None, None, "no spread known")
NEAR = 0.01  # p of a difference beyond the margin; the interval of `WIDE` is not inside all the same
ZERO = Evidence(0.0, None, None, None, "all runs equal", certain=True)


@pytest.mark.parametrize(
    ("relation", "found", "expected"),
    [
        ("higher", ABOVE, "holds"),
        ("higher", SLIGHTLY, "holds"),
        ("higher", BELOW, "does not hold (the contrary is shown)"),
        ("higher", EQUAL, "does not hold (they are the same)"),
        ("higher", WIDE, "cannot be told from noise"),
        ("higher", ONE_RUN, "cannot be told from noise (no spread known)"),
        ("higher", ADJUSTED, "cannot be told from noise (p 0.02 before adjustment)"),
        ("at most", ADJUSTED, "cannot be told from noise (p 0.02 before adjustment)"),
        ("lower", BELOW, "holds"),
        ("lower", ABOVE, "does not hold (the contrary is shown)"),
        ("different", ABOVE, "holds"),
        ("different", BELOW, "holds"),
        ("different", EQUAL, "does not hold (they are the same)"),
        ("different", WIDE, "cannot be told from noise"),
        ("same", EQUAL, "holds"),
        ("same", SLIGHTLY, "holds"),
        ("same", ABOVE, "does not hold (a difference is shown)"),
        ("same", BELOW, "does not hold (a difference is shown)"),
        ("same", WIDE, "cannot be told from noise"),
        ("same", ONE_RUN, "cannot be told from noise (no spread known)"),
        ("same", ONE_SEED, "cannot be told from noise (one seed)"),
        ("higher", ONE_SEED, "cannot be told from noise (one seed)"),
        ("not higher", EQUAL, "holds"),
        ("not higher", BELOW, "holds"),
        ("not higher", ABOVE, "does not hold (a difference is shown)"),
        ("not higher", WIDE, "cannot be told from noise"),
        ("not lower", ABOVE, "holds"),
        ("not lower", BELOW, "does not hold (a difference is shown)"),
        ("at least", ABOVE, "holds"),
        ("at least", BELOW, "does not hold (the contrary is shown)"),
        ("at least", EQUAL, "cannot be told from noise"),
        ("at most", BELOW, "holds"),
        ("at most", ZERO, "holds (all runs are equal)"),
        ("at least", Evidence(-0.1, None, None, None, "", certain=True), "does not hold (all runs are equal)"),
    ],
)
def test_verdicts(relation, found, expected):
    value = {"value": 0.9} if relation.startswith("at ") else {}
    p = 0.2 if found is ADJUSTED else found.p
    said, why = verdict_of(parse_claim({"says": "so", "row": "a", "is": relation, **value}), found, p, NEAR, 0.002)
    assert (f"{said} ({why})" if why else said) == expected


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("same", "cannot be told from noise (a difference within the margin is shown)"),
        ("not higher", "cannot be told from noise (a difference within the margin is shown)"),
        ("not lower", "cannot be told from noise"),
    ],
)
def test_a_small_difference_is_no_failure_where_sameness_is_not_shown_after_the_adjustment(relation, expected):
    claim = parse_claim({"says": "so", "row": "a", "is": relation})
    said, why = verdict_of(claim, SLIGHTLY, SLIGHTLY.p, 0.06, 0.002)
    assert (f"{said} ({why})" if why else said) == expected


@pytest.mark.parametrize(
    ("changes", "cause", "found", "expected"),
    [
        (["optimizer"], True, ABOVE, ("holds", "")),
        (["optimizer", "epochs"], True, ABOVE, ("not attributable", "2 things changed: optimizer, epochs")),
        (["optimizer", "epochs"], False, ABOVE, ("holds", "")),
        (["optimizer", "epochs"], True, WIDE, ("cannot be told from noise", "2 things changed: optimizer, epochs")),
        (
            ["optimizer", "epochs"],
            True,
            BELOW,
            ("does not hold", "the contrary is shown; 2 things changed: optimizer, epochs"),
        ),
    ],
)
def test_a_cause_is_told_only_where_one_thing_changed(changes, cause, found, expected):
    written = {"says": "so", "row": "a", "is": "higher", "against": "b", "changes": changes, "cause": cause}
    assert verdict_of(parse_claim(written), found, found.p, NEAR, 0.002) == expected


@pytest.mark.parametrize(
    ("metric", "margin", "found", "said"),
    [
        ("test_accuracy", 1, WIDE, "holds"),
        ("test_accuracy", 0.1, EQUAL, "cannot be told from noise"),
        ("test_loss", 0.1, WIDE, "holds"),
        ("test_loss", 0.001, WIDE, "cannot be told from noise"),
    ],
)
def test_a_margin_of_its_own_is_in_points_for_accuracies_and_else_in_the_metrics_unit(metric, margin, found, said):
    written = {"says": "so", "row": "a", "is": "same", "against": "b", "metric": metric, "margin": margin}
    assert verdict_of(parse_claim(written), found, found.p, NEAR, 0.002)[0] == said


def test_p_is_holms_over_all_claims_and_a_shared_test_counts_once(sweep):
    sweep.row("base", NOISE)
    for name, shift in (("a", 0.0018), ("b", 0.0002), ("c", 0.0001)):
        sweep.row(name, [value + shift for value in NOISE], compared_with="base")
    pairs = [{"row": name, "is": "higher", "against": "base"} for name in "abc"]
    sweep.row("a again", compared_with="base", same_as="a", seeds=5)
    twice = {"row": "a again", "is": "higher", "against": "base"}
    alone = judged(sweep, pairs[0])[0].p_adjusted
    assert judged(sweep, pairs[0], twice)[1].p_adjusted == pytest.approx(alone)
    assert judged(sweep, *pairs)[0].p_adjusted == pytest.approx(3 * alone)
    assert judged(sweep, pairs[0], pairs[0], pairs[0])[0].p_adjusted == pytest.approx(alone)


def test_that_rows_are_the_same_is_adjusted_over_all_such_claims(sweep):
    near = [value + 0.0012 for value in NOISE]  # 0.12 pp above, with an interval up to 0.275 pp
    sweep.row("base", NOISE)
    pairs = []
    for name in "abcde":
        sweep.row(name, near, compared_with="base")
        pairs.append({"row": name, "is": "not higher", "against": "base", "margin": 0.28})
    assert judged(sweep, pairs[0])[0].verdict == "holds"
    assert judged(sweep, pairs[0], pairs[0])[0].verdict == "holds"
    assert {claim.verdict for claim in judged(sweep, *pairs)} == {"cannot be told from noise"}


def test_one_seed_is_no_reason_for_any_claim(sweep):
    sweep.row("base", [0.98])
    sweep.row("a", [0.90], compared_with="base")
    assert verdict(sweep, row="a", against="base", **{"is": "lower"}) == "cannot be told from noise (one seed)"
    loss = verdict(sweep, row="a", against="base", metric="test_loss", **{"is": "lower"})
    assert loss == "cannot be told from noise (one seed)"


def test_two_names_of_one_configuration_show_no_cause(sweep):
    sweep.row("base", SAME)
    sweep.row("momentum that never applied", compared_with="base", same_as="base", seeds=5)
    said = verdict(sweep, row="momentum that never applied", against="base", **{"is": "same"})
    assert said == "not attributable (nothing was changed: both rows are one configuration)"


@pytest.mark.parametrize(
    ("metric", "said"),
    [("test_accuracy", "no test_accuracy of later yet"), ("recall_5", "no recall_5 of later; base yet")],
)
def test_what_was_not_measured_is_no_verdict(sweep, metric, said):
    sweep.row("base", SAME)
    sweep.row("later", seeds=5, compared_with="base")
    assert verdict(sweep, row="later", against="base", metric=metric, **{"is": "lower"}) == f"not measured ({said})"


def test_a_claim_about_no_row_is_a_broken_sweep_yaml(sweep):
    sweep.row("base", SAME)
    with pytest.raises(ValueError, match="claim about gone, and no such row"):
        judged(sweep, {"row": "gone", "is": "lower", "against": "base"})


@pytest.mark.parametrize(
    ("accuracies", "relation", "value", "said"),
    [
        (SAME, "at least", 0.97, "holds"),
        (SAME, "at most", 0.97, "does not hold (the contrary is shown)"),
        (SAME, "at least", 0.98, "cannot be told from noise"),
        ([0.98], "at least", 0.90, "cannot be told from noise (one seed)"),
    ],
)
def test_a_value(sweep, accuracies, relation, value, said):
    sweep.row("base", accuracies)
    assert verdict(sweep, row="base", value=value, **{"is": relation}) == said
