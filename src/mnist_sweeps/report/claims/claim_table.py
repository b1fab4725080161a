"""The table of claims: what was said, what was printed, what we measured, and the verdict."""

from collections.abc import Sequence

from mnist_sweeps.config.claim_spec import FIXED, Claim
from mnist_sweeps.report.claims.judge import JudgedClaim
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, percent, points
from mnist_sweeps.stats import Summary
from mnist_sweeps.stats.difference import SINGLE

UNITS = {"seconds": ("s an epoch", ".2f")}  # else a loss
HEADERS = ("Claim", "Expected", "Printed", "Measured", "Verdict")


def table(claims: Sequence[JudgedClaim]) -> list[tuple[str, ...]]:
    """The header and a line for each claim; what was printed only where anything was."""
    lines = [HEADERS, *map(cells, claims)]
    silent = not any(printed(one) for one in claims)
    return [line[:2] + line[3:] for line in lines] if silent else lines


def cells(found: JudgedClaim) -> tuple[str, ...]:
    """One line of the table, in the order of `HEADERS`."""
    verdict = f"{found.verdict} ({found.reason})" if found.reason else found.verdict
    return found.claim.says, expected(found.claim), printed(found), measured(found), verdict


def expected(claim: Claim) -> str:
    """`no batch norm lower than 512-256 in test accuracy`: the sentence as it is judged."""
    metric = claim.metric.replace("_", " ")
    if claim.relation in FIXED:
        return f"{metric} of {claim.row} {claim.relation} {_number(claim, float(claim.value or 0))}"
    relation = {"same": "the same as", "different": "different from"}.get(claim.relation, f"{claim.relation} than")
    return f"{metric} of {claim.row} {relation} {claim.against}"


def printed(found: JudgedClaim) -> str:
    """`98.41 against 98.44`: the sweep's reference values, or what the claim says was printed."""
    metric = found.claim.metric
    values = [one.reference.get(metric) for one in (found.row, found.other) if one]
    known = [_number(found.claim, value) for value in values if value is not None]
    return found.claim.printed or (" against ".join(known) if len(known) == len(values) else "")


def measured(found: JudgedClaim) -> str:
    """`98.38 ± 0.10 against 98.45 ± 0.07 (n = 5, 5): -0.07 [-0.18, +0.04] pp`, empty before there are runs."""
    test, sides = found.test, [one for one in (found.row, found.other) if one]
    if test is None:
        return ""
    shown = " against ".join(_spread(found.claim, one) for one in sides)
    runs = ", ".join(str(len(one.metric(found.claim.metric))) for one in sides)
    if test.low is None or test.high is None:
        return f"{shown} (n = {runs})"
    law = ", band of the noise law" if test.method == SINGLE else ""
    if found.claim.value is not None:
        ends = ", ".join(_number(found.claim, found.claim.value + end) for end in (test.low, test.high))
        return f"{shown} (n = {runs}): [{ends}]{law}"
    if found.claim.fraction:
        interval = f"{points(test.difference)} [{points(test.low)}, {points(test.high)}] pp"
    else:
        unit, form = UNITS.get(found.claim.metric, ("", ".4f"))
        interval = f"{test.difference:+{form}} [{test.low:+{form}}, {test.high:+{form}}] {unit}".rstrip()
    return f"{shown} (n = {runs}): {interval}{law}"


def record(found: JudgedClaim) -> dict[str, object]:
    """The claim's line of claims.csv: numbers in the metric's unit, fractions for accuracies, None for the unknown."""
    claim, test = found.claim, found.test
    mine, theirs = (_summary(claim, one) for one in (found.row, found.other))
    tested = test is not None and test.method != SINGLE
    return {
        "says": claim.says,
        "metric": claim.metric,
        "row": claim.row,
        "is": claim.relation,
        "against": claim.against,
        "value": claim.value,
        "changes": ", ".join(claim.changes),
        "printed": printed(found),
        "runs": mine.n if mine else 0,
        "mean": mine and mine.mean,
        "sd": mine and mine.sd,
        "against_runs": theirs and theirs.n,
        "against_mean": theirs and theirs.mean,
        "against_sd": theirs and theirs.sd,
        "difference": test and test.difference,
        "difference_ci_low": test and test.low,
        "difference_ci_high": test and test.high,
        "p_adjusted": found.p_adjusted if tested else None,
        "method": test and test.method,
        "verdict": found.verdict,
        "reason": found.reason,
    }


def footnote(claims: tuple[JudgedClaim, ...]) -> str:
    """How the verdicts were found."""
    tests = len({one.key for one in claims if one.p_adjusted is not None})
    metrics = {one.claim.metric for one in claims}
    notes = [f"Claims: 95 % intervals of single differences; verdicts: p by Holm over {counted(tests, 'test')}."]
    if "gap" in metrics:
        notes.append("A gap is train minus test accuracy, train being Keras's running average with dropout active.")
    if "seconds" in metrics:
        notes.append("The seeds of a row run in one process, one after the other: their spread is not the machine's.")
    return " ".join(notes)


def _summary(claim: Claim, row: ReportRow | None) -> Summary | None:
    return row.summary(claim.metric) if row else None


def _spread(claim: Claim, row: ReportRow) -> str:
    found = row.summary(claim.metric)
    if found is None:
        return ""
    mean = _number(claim, found.mean)
    return mean if found.sd is None else f"{mean} ± {_number(claim, found.sd)}"


def _number(claim: Claim, value: float) -> str:
    form = UNITS.get(claim.metric, ("", ".4f"))[1]
    return percent(value) if claim.fraction else f"{value:{form}}"
