"""The answer to a sweep's question, in one or two sentences made from its verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, percent, points, spread
from mnist_sweeps.stats import ONE_SEED
from mnist_sweeps.storage.sweep_record import SweepRecord

NAMED = 4  # rows in one list: a sentence, not the table


def answer(plan: SweepRecord, rows: Sequence[ReportRow]) -> str:
    """What the completed runs say; empty without any.

    A sweep with comparisons is answered by its verdicts, a search by its best trial, any other one by its best row.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    compared = [row for row in rows if row.comparison and row.same_as is None]
    if plan.search is not None or not compared:
        return _best(plan, rows)
    pairs = groupby(sorted(compared, key=lambda row: _first(rows, row)), key=lambda row: row.variant.compared_with)
    sentences = [sentence for against, group in pairs for sentence in _against(str(against), list(group))]
    return " ".join(sentences)


def _first(rows: Sequence[ReportRow], row: ReportRow) -> int:
    """The place of the row that is compared with."""
    return next(place for place, other in enumerate(rows) if other.name == row.variant.compared_with)


def _against(against: str, rows: Sequence[ReportRow]) -> list[str]:
    """What differs from a row, the largest difference first, and what does not."""
    by_verdict: dict[str, list[ReportRow]] = {}
    for row in rows:
        assert row.comparison is not None
        by_verdict.setdefault(row.comparison.verdict, []).append(row)
    measure = "fold accuracy" if rows[0].folds else "test accuracy"
    differs = [
        f"{word} with {_listed([_with_interval(row) for row in sorted(by_verdict[word], key=_size, reverse=True)])}"
        for word in ("higher", "lower")
        if word in by_verdict
    ]
    sentences = [f"Against {against}, {measure} is {' and '.join(differs)}."] if differs else []
    for verdict, members in by_verdict.items():
        names = _listed([row.name for row in members])
        if verdict.startswith("same"):
            sentences.append(f"the {measure} of {names} is the {verdict}.")
        elif verdict == ONE_SEED:
            sentences.append(f"one seed cannot show a difference for {names}.")
        elif verdict not in ("higher", "lower"):
            seeds = max(len(row.finished) for row in members)
            sentences.append(f"{counted(seeds, 'run')} cannot show a difference for {names}.")
    if not differs:
        sentences[0] = f"Against {against}, {sentences[0]}"
    return [f"{sentence[0].upper()}{sentence[1:]}" for sentence in sentences]


def _size(row: ReportRow) -> float:
    return abs(row.comparison.difference) if row.comparison else 0.0


def _with_interval(row: ReportRow) -> str:
    """`small CNN (+2.03 pp [+1.11, +2.96])`."""
    found = row.comparison
    assert found is not None
    return f"{row.name} ({points(found.difference)} pp [{points(found.low)}, {points(found.high)}])"


def _best(plan: SweepRecord, rows: Sequence[ReportRow]) -> str:
    """The row to prefer by validation, else the only one, with its test accuracy."""
    done = [row for row in rows if row.accuracy and row.same_as is None]
    winner = next((row for row in done if row.name == "winner"), None)
    ranked = sorted((row for row in done if row.rank), key=lambda row: row.rank or 0)
    row = winner or (ranked or done or [None])[0]  # type: ignore[list-item]
    if row is None or (len(done) > 1 and not ranked):
        return ""
    tested = f"test accuracy {spread(row.accuracy, '.2f', 100)} %"
    if len(done) == 1:
        return f"{row.name}: {tested}."
    if winner is not None and plan.search is not None and plan.search.winner:
        return f"Best of {counted(len(done) - 1, 'trial')} by validation: {plan.search.winner}; trained anew, {tested}."
    kind = "trial" if plan.search else "variant"
    validated = f"validation accuracy {percent(row.score or 0)} %, " if row.score is not None else ""
    return f"Best of {counted(len(done), kind)} by validation: {row.name} ({validated}{tested})."


def _listed(names: Sequence[str]) -> str:
    """`a, b and c`; `a, b, c, d and 9 more`."""
    rest = len(names) - NAMED
    if rest > 1:
        return f"{', '.join(names[:NAMED])} and {rest} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
