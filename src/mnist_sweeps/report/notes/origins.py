"""Notes on the origin of the numbers: data, validation, code and machine."""

from collections.abc import Callable, Sequence

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, listed
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.sweep_record import SweepRecord

Fact = Callable[[RunRecord], object]


def origins(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """Sentences about validation and ranks, the data, and runs made under different conditions.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    unique_rows = [row for row in rows if row.same_as is None]
    return [*_validation(unique_rows), *_data(unique_rows), *_mixtures(unique_rows)]


def _validation(rows: Sequence[ReportRow]) -> list[str]:
    names_by_set: dict[str, list[str]] = {}
    for row in rows:
        if row.finished and row.validated_on:
            names_by_set.setdefault(row.validated_on, []).append(row.name)
    whole = len(names_by_set) == 1
    sentences = []
    if "test" in names_by_set:
        names = "" if whole else f" ({listed(names_by_set['test'])})"
        chosen = "the best epoch is" if all(row.folds for row in rows) else "rank and best epoch are"
        sentences.append(
            f"Validated on the test set{names}: {chosen} chosen by the images that are reported, so the scores "
            "of the best rows are biased upward."
        )
    if "none" in names_by_set:
        names = "" if whole else f" for {listed(names_by_set['none'])}"
        sentences.append(f"No rank{names}: there are no validation images, and the test set is never used to choose.")
    if "fold" in names_by_set:
        names = "" if whole else f" ({listed(names_by_set['fold'])})"
        sentences.append(
            f"Validated on the fold left out{names}: where early stopping or the best epoch is chosen by it, Folds % "
            "is biased upward."
        )
    if {"test", "held out"} <= names_by_set.keys() and not all(row.folds for row in rows):
        sentences.append("Ranks mix rows validated on the test set with rows validated on held-out images.")
    if len({bool(row.folds) for row in rows if row.finished}) > 1:
        sentences.append("Ranks mix rows scored on folds with rows scored on their validation.")
    return sentences


def _data(rows: Sequence[ReportRow]) -> list[str]:
    names: dict[str, list[str]] = {}
    for row in rows:
        for data in dict.fromkeys(run.data for run in row.runs.readable if run.data):
            names.setdefault(data, []).append(row.name)
    return [f"Data: {data}: {listed(which)}." for data, which in names.items()] if len(names) > 1 else []


def _mixtures(rows: Sequence[ReportRow]) -> list[str]:
    facts: dict[str, Fact] = {
        "code": _code,
        "Keras": lambda run: (run.provenance.get("versions") or {}).get("keras"),
        "engine": lambda run: run.provenance.get("engine"),
        "backend": lambda run: run.provenance.get("backend"),
        "device": lambda run: run.provenance.get("device"),
        "threads": lambda run: run.provenance.get("threads"),
    }
    return [note for what, fact in facts.items() if (note := _mixture(what, fact, rows))]


def _mixture(what: str, fact: Fact, rows: Sequence[ReportRow]) -> str:
    """`Mixed Keras: 3.15.1 (12 runs); 3.14.0 (3 runs: ROW)`, empty where all completed runs agree."""
    names_by_value: dict[str, list[str]] = {}
    for row in rows:
        for run in row.finished:
            names_by_value.setdefault(str(fact(run) or "unknown"), []).append(row.name)
    if len(names_by_value) < 2:
        return ""
    (main_value, runs), *other_values = sorted(names_by_value.items(), key=lambda item: -len(item[1]))
    rest = [
        f"{value} ({counted(len(names), 'run')}: {listed(list(dict.fromkeys(names)))})" for value, names in other_values
    ]
    values = "; ".join([f"{main_value} ({counted(len(runs), 'run')})", *rest])
    return f"Mixed {what}: {values}. Differences may come from it."


def _code(run: RunRecord) -> str:
    """The commit, `1a2b3c4`, and whether there were uncommitted changes."""
    git = run.provenance.get("git") or {}
    commit = str(git.get("commit") or "unknown")[:7]
    return f"{commit} with uncommitted changes" if git.get("dirty") else commit
