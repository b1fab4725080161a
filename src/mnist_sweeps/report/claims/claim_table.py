"""The table of claims: the claim, its expectation, the printed values, the measured values and the verdict."""

from collections.abc import Sequence

from mnist_sweeps.config.claim_spec import FIXED, Claim
from mnist_sweeps.report.claims.judge import JudgedClaim
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import adjustment, percent, points
from mnist_sweeps.stats import Summary
from mnist_sweeps.stats.difference import SINGLE

UNITS = {"seconds": ("s an epoch", ".2f")}  # else a loss
HEADERS = ("Claim", "Expected", "Printed", "Measured", "Verdict")


def table(claims: Sequence[JudgedClaim]) -> list[tuple[str, ...]]:
    """The header and a line for each claim; the column `Printed` only if a claim has printed values."""
    lines = [HEADERS, *map(cells, claims)]
    any_printed = any(printed(claim) for claim in claims)
    return lines if any_printed else [line[:2] + line[3:] for line in lines]


def cells(judged: JudgedClaim) -> tuple[str, ...]:
    """One line of the table, in the order of `HEADERS`."""
    verdict = f"{judged.verdict} ({judged.reason})" if judged.reason else judged.verdict
    return judged.claim.says, expected(judged.claim), printed(judged), measured(judged), verdict


def expected(claim: Claim) -> str:
    """`no batch norm lower than 512-256 in test accuracy`: the expectation that is tested."""
    metric = claim.metric.replace("_", " ")
    if claim.relation in FIXED:
        return f"{metric} of {claim.row} {claim.relation} {_number(claim, float(claim.value or 0))}"
    relation = {"same": "the same as", "different": "different from"}.get(claim.relation, f"{claim.relation} than")
    return f"{metric} of {claim.row} {relation} {claim.against}"


def printed(judged: JudgedClaim) -> str:
    """`98.41 against 98.44`: the sweep's reference values, or what the claim says was printed."""
    metric = judged.claim.metric
    values = [row.reference.get(metric) for row in (judged.row, judged.other) if row]
    numbers = [_number(judged.claim, value) for value in values if value is not None]
    return judged.claim.printed or (" against ".join(numbers) if len(numbers) == len(values) else "")


def measured(judged: JudgedClaim) -> str:
    """`98.38 ± 0.10 against 98.45 ± 0.07 (n = 5, 5): -0.07 [-0.18, +0.04] pp`, empty without completed runs."""
    test, rows = judged.test, [row for row in (judged.row, judged.other) if row]
    if test is None:
        return ""
    means = " against ".join(_spread(judged.claim, row) for row in rows)
    runs = ", ".join(str(len(row.metric(judged.claim.metric))) for row in rows)
    if test.low is None or test.high is None:
        return f"{means} (n = {runs})"
    law = ", band of the noise law" if test.method == SINGLE else ""
    if judged.claim.value is not None:
        ends = ", ".join(_number(judged.claim, judged.claim.value + end) for end in (test.low, test.high))
        return f"{means} (n = {runs}): [{ends}]{law}"
    if judged.claim.fraction:
        interval = f"{points(test.difference)} [{points(test.low)}, {points(test.high)}] pp"
    else:
        unit, form = UNITS.get(judged.claim.metric, ("", ".4f"))
        interval = f"{test.difference:+{form}} [{test.low:+{form}}, {test.high:+{form}}] {unit}".rstrip()
    return f"{means} (n = {runs}): {interval}{law}"


def record(judged: JudgedClaim) -> dict[str, object]:
    """The claim's line of claims.csv: values in the metric's unit (accuracies: fractions), None if unknown."""
    claim, test = judged.claim, judged.test
    summary, other = (_summary(claim, row) for row in (judged.row, judged.other))
    tested = test is not None and test.method != SINGLE
    return {
        "says": claim.says,
        "metric": claim.metric,
        "row": claim.row,
        "is": claim.relation,
        "against": claim.against,
        "value": claim.value,
        "changes": ", ".join(claim.changes),
        "printed": printed(judged),
        "runs": summary.n if summary else 0,
        "mean": summary and summary.mean,
        "sd": summary and summary.sd,
        "against_runs": other and other.n,
        "against_mean": other and other.mean,
        "against_sd": other and other.sd,
        "difference": test and test.difference,
        "difference_ci_low": test and test.low,
        "difference_ci_high": test and test.high,
        "p_adjusted": judged.p_adjusted if tested else None,
        "method": test and test.method,
        "verdict": judged.verdict,
        "reason": judged.reason,
    }


def footnote(claims: tuple[JudgedClaim, ...]) -> str:
    """The line below the table: how intervals, verdicts, gaps and times were computed."""
    tests = len({judged.key for judged in claims if judged.p_adjusted is not None})
    metrics = {judged.claim.metric for judged in claims}
    adjusted = f" Verdicts use {adjustment(tests, 'test')}." if tests else ""
    notes = [f"Each interval is a 95 % confidence interval, not adjusted for multiple tests.{adjusted}"]
    if "gap" in metrics:
        notes.append(
            "A gap is train accuracy minus test accuracy. Train accuracy is Keras's running average over the epoch, "
            "with dropout active."
        )
    if "seconds" in metrics:
        notes.append(
            "The seeds of a row run one after the other in the same process, so the spread of their times does not "
            "include the variation between processes or machines."
        )
    return " ".join(notes)


def _summary(claim: Claim, row: ReportRow | None) -> Summary | None:
    return row.summary(claim.metric) if row else None


def _spread(claim: Claim, row: ReportRow) -> str:
    summary = row.summary(claim.metric)
    if summary is None:
        return ""
    mean = _number(claim, summary.mean)
    return mean if summary.sd is None else f"{mean} ± {_number(claim, summary.sd)}"


def _number(claim: Claim, value: float) -> str:
    form = UNITS.get(claim.metric, ("", ".4f"))[1]
    return percent(value) if claim.fraction else f"{value:{form}}"
