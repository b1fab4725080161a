"""The table of claims: the claim, its expectation, the printed values, the measured values and the verdict."""

from collections.abc import Mapping, Sequence
from typing import Any

from mnist_sweeps.config.claim_spec import CONFUSION, FIXED, Claim
from mnist_sweeps.config.history_metric import history_metric
from mnist_sweeps.report.claims.judge import JudgedClaim
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import adjustment, confidence, percent, points
from mnist_sweeps.stats import Summary
from mnist_sweeps.stats.difference import SINGLE

UNITS = {"seconds": ("s an epoch", ".2f"), "parameters": ("", ",.0f")}  # else a loss
HEADERS = ("Claim", "Expected", "Printed", "Measured", "Verdict")


def table(claims: Sequence[JudgedClaim]) -> list[tuple[str, ...]]:
    """The header and a line for each claim; the column `Printed` only if a claim has printed values."""
    lines = [HEADERS, *map(cells, claims)]
    any_printed = any(printed(claim) for claim in claims)
    return lines if any_printed else [line[:2] + line[3:] for line in lines]


def cells(judged: JudgedClaim) -> tuple[str, ...]:
    """One line of the table, in the order of `HEADERS`."""
    verdict = f"{judged.verdict} ({judged.reason})" if judged.reason else judged.verdict
    return judged.claim.says, expected(judged.claim), printed(judged), measured(judged.claim, record(judged)), verdict


def expected(claim: Claim) -> str:
    """`no batch norm lower than 512-256 in test accuracy`: the expectation that is tested."""
    history, confusion = history_metric(claim.metric), CONFUSION.fullmatch(claim.metric)
    metric = f"{history.in_words}," if history else claim.metric.replace("_", " ")
    if confusion:
        metric = f"share of {confusion[1]} recognized as {confusion[2]},"
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


def measured(claim: Claim, numbers: Mapping[str, Any]) -> str:
    """`98.38 ± 0.10 against 98.45 ± 0.07 (n = 5, 5): -0.07 [-0.18, +0.04] pp`, empty without a test.

    Args:
        claim: The claim.
        numbers: Its line of claims.csv, as `record` returns it.
    """
    if numbers["difference"] is None:
        return ""
    sides = ("", "against_") if claim.against else ("",)
    means = " against ".join(_spread(claim, numbers[f"{side}mean"], numbers[f"{side}sd"]) for side in sides)
    runs = ", ".join(str(numbers[f"{side}runs"]) for side in sides)
    difference, low, high = (numbers[f"difference{end}"] for end in ("", "_ci_low", "_ci_high"))
    if low is None or high is None:
        return f"{means} (n = {runs})"
    law = ", band of the noise law" if numbers["method"] == SINGLE else ""
    if claim.value is not None:
        ends = ", ".join(_number(claim, claim.value + end) for end in (low, high))
        return f"{means} (n = {runs}): [{ends}]{law}"
    if claim.fraction:
        interval = f"{points(difference)} [{points(low)}, {points(high)}] pp"
    else:
        unit, form = UNITS.get(claim.metric, ("", ".4f"))
        interval = f"{difference:+{form}} [{low:+{form}}, {high:+{form}}] {unit}".rstrip()
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


def footnote(claims: Sequence[JudgedClaim], looks: int = 1) -> str:
    """The line below the table: how intervals, verdicts, gaps and times were computed.

    Args:
        claims: The claims of the table.
        looks: How often the runs are tested at most.
    """
    tests = len({judged.key for judged in claims if judged.p_adjusted is not None})
    metrics = {judged.claim.metric for judged in claims}
    adjusted = f" Verdicts use {adjustment(tests, 'test')}." if tests else ""
    notes = [f"Each interval is a {confidence(looks)} confidence interval, not adjusted for multiple tests.{adjusted}"]
    if "gap" in metrics:
        notes.append(
            "A gap is train accuracy minus test accuracy. Train accuracy is Keras's running average over the epoch, "
            "with dropout active."
        )
    if metrics & {"evaluated_gap", "evaluated_train_accuracy"}:
        notes.append("Evaluated means: of the training images after training, without dropout.")
    if any("fluctuation" in metric for metric in metrics):
        notes.append("Fluctuation is the standard deviation of the changes from one epoch to the next.")
    if any(metric.endswith("/peaks") for metric in metrics):
        notes.append("Peaks are those of a violin's density, with a prominence of a twentieth of the highest.")
    if "seconds" in metrics:
        notes.append(
            "The seeds of a row run one after the other in the same process, so the spread of their times does not "
            "include the variation between processes or machines."
        )
    return " ".join(notes)


def _summary(claim: Claim, row: ReportRow | None) -> Summary | None:
    return row.summary(claim.metric) if row else None


def _spread(claim: Claim, mean: float | None, sd: float | None) -> str:
    if mean is None:
        return ""
    return _number(claim, mean) if sd is None else f"{_number(claim, mean)} ± {_number(claim, sd)}"


def _number(claim: Claim, value: float) -> str:
    form = UNITS.get(claim.metric, ("", ".4f"))[1]
    return percent(value) if claim.fraction else f"{value:{form}}"
