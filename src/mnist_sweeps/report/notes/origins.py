"""Where the numbers come from: data, validation, and the code and machine that made them."""

from collections.abc import Callable, Sequence

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, listed
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.sweep_record import SweepRecord

Fact = Callable[[RunRecord], object]


def origins(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """Sentences about the data, what ranks, and runs that were made under different conditions."""
    own = [row for row in rows if row.same_as is None]
    return [*_validation(own), *_data(own), *_mixtures(own)]


def _validation(rows: Sequence[ReportRow]) -> list[str]:
    on: dict[str, list[str]] = {}
    for row in rows:
        if row.finished and row.validated_on:
            on.setdefault(row.validated_on, []).append(row.name)
    whole = len(on) == 1
    found = []
    if "test" in on:
        names = "" if whole else f" ({listed(on['test'])})"
        chosen = "the best epoch is" if all(row.folds for row in rows) else "rank and best epoch are"
        found.append(
            f"Validated on the test set{names}: {chosen} chosen by the images that are reported, so the scores "
            "of the best rows are biased upward."
        )
    if "none" in on:
        names = "" if whole else f" for {listed(on['none'])}"
        found.append(f"No rank{names}: there are no validation images, and the test set is never used to choose.")
    if "fold" in on:
        names = "" if whole else f" ({listed(on['fold'])})"
        found.append(
            f"Validated on the fold left out{names}: where early stopping or the best epoch is chosen by it, Folds % "
            "is biased upward."
        )
    if {"test", "held out"} <= on.keys() and not all(row.folds for row in rows):
        found.append("Ranks mix rows validated on the test set with rows validated on held-out images.")
    if len({bool(row.folds) for row in rows if row.finished}) > 1:
        found.append("Ranks mix rows scored on folds with rows scored on their validation.")
    return found


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
    found: dict[str, list[str]] = {}
    for row in rows:
        for run in row.finished:
            found.setdefault(str(fact(run) or "unknown"), []).append(row.name)
    if len(found) < 2:
        return ""
    (usual, runs), *others = sorted(found.items(), key=lambda item: -len(item[1]))
    rest = [f"{value} ({counted(len(of), 'run')}: {listed(list(dict.fromkeys(of)))})" for value, of in others]
    values = "; ".join([f"{usual} ({counted(len(runs), 'run')})", *rest])
    return f"Mixed {what}: {values}. Differences may come from it."


def _code(run: RunRecord) -> str:
    """`1a2b3c4`, and whether it was changed since that commit."""
    git = run.provenance.get("git") or {}
    commit = str(git.get("commit") or "unknown")[:7]
    return f"{commit} with uncommitted changes" if git.get("dirty") else commit
