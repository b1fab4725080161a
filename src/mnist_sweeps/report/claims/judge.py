"""The verdicts on a sweep's claims: each from one test, with p values adjusted by Holm over all tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mnist_sweeps.config.claim_spec import CONFUSION, FIXED, NEAR, Claim
from mnist_sweeps.report.claims.evidence import Evidence, Sides, compared, evidence
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, listed
from mnist_sweeps.stats import ONE_SEED, Difference, holm
from mnist_sweeps.stats.difference import SINGLE
from mnist_sweeps.storage.sweep_record import SweepRecord

HOLDS, FAILS, NOISE, CONFOUNDED = "holds", "does not hold", "cannot be told from noise", "not attributable"
PENDING = "not measured"
LEVEL = 0.05
Key = tuple[str, str | None, str, float | None]  # row, the row it is against, metric, value
NearKey = tuple[Key, str, float]  # the test, the denied side, the margin
T = TypeVar("T")


@dataclass(frozen=True)
class JudgedClaim:
    """A claim with the rows that were compared, its test (None if not possible), its verdict and the reason.

    `key` identifies the test.
    """

    key: Key
    claim: Claim
    row: ReportRow
    other: ReportRow | None
    test: Evidence | None
    p_adjusted: float | None
    verdict: str
    reason: str


def judge_claims(plan: SweepRecord, rows: Sequence[ReportRow]) -> tuple[JudgedClaim, ...]:
    """Every claim of the plan, in its order. A test that several claims share enters Holm once.

    Args:
        plan: The sweep with its claims and its margin.
        rows: The rows of the report.

    Raises:
        ValueError: a claim is about a row that the plan does not have.
    """
    by_name = {row.name: row for row in rows}
    for claim in plan.claims:
        if missing := {claim.row, claim.against or claim.row} - by_name.keys():
            raise ValueError(f"sweep.yaml has a claim about {listed(sorted(missing))}, and no such row")
    rounds, looks = plan.until is not None, plan.looks
    sides = [compared(claim, by_name, rounds) for claim in plan.claims]
    tests = {
        _key(claim, by_name): test
        for claim, both in zip(plan.claims, sides, strict=True)
        if (test := evidence(claim, both, by_name, looks, rounds))
    }
    adjusted = _adjusted({key: test.p for key, test in tests.items() if test.p is not None}, looks)
    near = _adjusted(
        {
            near_key: _p_near(claim, test.tested, plan.margin)
            for claim in plan.claims
            if (near_key := _near_key(claim, by_name, plan.margin)) and (test := tests.get(near_key[0])) and test.tested
        },
        looks,
    )
    return tuple(
        _judged(claim, by_name, both, tests, adjusted, near, plan.margin)
        for claim, both in zip(plan.claims, sides, strict=True)
    )


def _adjusted(p: Mapping[T, float], looks: int) -> dict[T, float]:
    """Holm's p values, counted once for each look at the runs."""
    return {key: min(looks * value, 1.0) for key, value in zip(p, holm(list(p.values())).tolist(), strict=True)}


def _near_key(claim: Claim, rows: Mapping[str, ReportRow], margin: float) -> NearKey | None:
    """The identity of the test whether a difference is within the margin; None for a claim about a fixed value."""
    if claim.relation in FIXED:
        return None
    side = claim.relation if claim.relation in ("not higher", "not lower") else "same"
    return _key(claim, rows), side, _limit(claim, margin)


def _p_near(claim: Claim, test: Difference, margin: float) -> float:
    """P value of a true difference beyond the margin: on the denied side, or on either side."""
    limit = _limit(claim, margin)
    if claim.relation == "not higher":
        return test.p_below(limit)
    return test.p_above(-limit) if claim.relation == "not lower" else test.p_within(limit)


def _limit(claim: Claim, margin: float) -> float:
    """How near is the same, in the metric's unit: the claim's margin, else the sweep's; for a loss or a time 0."""
    if claim.margin is not None:
        return claim.margin / 100 if claim.fraction else claim.margin
    return margin if claim.fraction else 0.0


def _key(claim: Claim, rows: Mapping[str, ReportRow]) -> Key:
    """The identity of a claim's test: a row that equals another counts as that row."""
    other = rows[claim.against] if claim.against else None
    return rows[claim.row].trained, other.trained if other else None, claim.metric, claim.value


def _judged(
    claim: Claim,
    rows: Mapping[str, ReportRow],
    sides: Sides,
    tests: Mapping[Key, Evidence],
    adjusted: Mapping[Key, float],
    near: Mapping[NearKey, float],
    margin: float,
) -> JudgedClaim:
    key = _key(claim, rows)
    (row, other), test = sides, tests.get(key)
    if other and row.trained == other.trained:
        verdict, reason = CONFOUNDED, "nothing was changed: both rows are one configuration"
    elif test is None:
        unmeasured = [side for side in sides if side and not side.metric(claim.metric)]
        names = listed([side.name for side in unmeasured])
        verdict, reason = PENDING, f"no {claim.metric} of {names} yet"
        if CONFUSION.fullmatch(claim.metric) and any(side.finished for side in unmeasured):
            reason = f"{names}: no predictions, no test images on this machine, or no such class"
    else:
        near_key = _near_key(claim, rows, margin)
        verdict, reason = verdict_of(claim, test, adjusted.get(key), near.get(near_key) if near_key else None, margin)
    return JudgedClaim(key, claim, row, other, test, adjusted.get(key), verdict, reason)


def verdict_of(claim: Claim, test: Evidence, p: float | None, near: float | None, margin: float) -> tuple[str, str]:
    """The verdict and its reason.

    A difference is *shown* if p is below 0.05. A claim that there is a difference (`higher`, `lower`, `different`,
    `at least`, `at most`) holds if that difference is shown. It does not hold if the opposite is shown or, except for
    `at least` and `at most`, if the rows are shown to be the same: two one-sided tests against the margin give a p
    below 0.05, and the 95 % interval lies inside. A claim that there is none (`same`, `not higher`, `not lower`) holds
    if that is shown of the denied side, even if a small difference is shown. It does not hold if a difference to that
    side is shown, and its interval reaches beyond the margin. Every other claim cannot be told from noise, and so is
    every claim about a single run; the reason says if its own interval alone would show a difference. A claim that
    would hold but names a cause, although the rows differ in several things, is not attributable.

    Args:
        claim: The claim.
        test: Its test.
        p: Its p value adjusted by Holm's method; None if there is no test.
        near: The p value of a difference beyond the margin, adjusted by Holm's method over such tests; None without.
        margin: The sweep's margin, a fraction; used if the claim has none.
    """
    low, high = _beyond(claim, test, margin)
    is_near = near is not None and near < LEVEL
    shown = 0 if p is None or p >= LEVEL else 1 if test.difference > 0 else -1
    untested = ONE_SEED if test.method == SINGLE else test.method
    why_open = untested if p is None else "" if shown else _alone(test)
    wanted = {"higher": 1, "at least": 1, "lower": -1, "at most": -1}.get(claim.relation, 0)
    if test.certain:
        verdict, reason = (HOLDS if test.difference * wanted >= 0 else FAILS), "all runs are equal"
    elif claim.relation in NEAR:
        stays = is_near and not ((low and claim.relation != "not higher") or (high and claim.relation != "not lower"))
        denied = shown and claim.relation != ("not higher" if shown < 0 else "not lower")
        within = not (low if shown < 0 else high)
        failed = (NOISE, "a difference within the margin is shown") if within else (FAILS, "a difference is shown")
        verdict, reason = (HOLDS, "") if stays else failed if denied else (NOISE, why_open)
    elif shown:
        verdict, reason = (HOLDS, "") if shown == wanted or not wanted else (FAILS, "the contrary is shown")
    elif claim.relation not in FIXED and is_near and not low and not high:
        verdict, reason = FAILS, "they are the same"
    else:
        verdict, reason = NOISE, why_open
    several = f"{counted(len(claim.changes), 'thing')} changed: {', '.join(claim.changes)}"
    if len(claim.changes) > 1 and claim.cause:
        return (CONFOUNDED, several) if verdict == HOLDS else (verdict, "; ".join(filter(None, [reason, several])))
    return verdict, reason


def _alone(test: Evidence) -> str:
    """Why a test shows nothing although its interval, which is not adjusted, leaves out zero; empty if it does not."""
    if test.p is None or test.low is None or test.high is None or test.low <= 0 <= test.high:
        return ""
    return f"p {test.p:.2g} before adjustment"


def _beyond(claim: Claim, test: Evidence, margin: float) -> tuple[bool, bool]:
    """Whether the 95 % interval extends below, and above, the margin; both true if there is no interval."""
    limit = _limit(claim, margin)
    if test.low is None or test.high is None:
        return True, True
    return test.low <= -limit, test.high >= limit
