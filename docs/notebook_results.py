"""docs/results/NAME/: what is kept of a sweep once it is judged, written from its report and read for the page."""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mnist_sweeps.report import Report
from mnist_sweeps.report.reference import Printed, printed
from mnist_sweeps.report.tables import csv_files
from mnist_sweeps.runtime import provenance

JUDGED, PRINTED, CLAIMS = "judged.yaml", "printed.csv", "claims.csv"
TEXTS = ("says", "metric", "row", "is", "against", "changes", "printed", "method", "verdict", "reason")
NOT_SETTINGS = ("claims", "reference", "question")  # of a sweep file: they change no run


@dataclass(frozen=True)
class PrintedValue:
    """A value that a notebook printed, where one more run of ours would lie (95 %), and its two-sided p value."""

    sweep: str
    row: str
    metric: str
    value: float
    mean: float
    runs: int
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Judged:
    """What is kept of a sweep: the header of its report, when and by which code it was judged, claims, printed values.

    `settings` identifies the sweep file without its claims, as it was. `claims` are the lines of claims.csv.
    """

    runs: str
    judged: str
    settings: str
    claims: tuple[Mapping[str, Any], ...]
    printed: tuple[PrintedValue, ...]


def settings_of(content: Mapping[str, Any]) -> str:
    """8 hexadecimal digits that change when a sweep file asks for other runs."""
    asked = {key: value for key, value in content.items() if key not in NOT_SETTINGS}
    return hashlib.sha256(yaml.safe_dump(asked).encode()).hexdigest()[:8]


def keep(read: Report, content: Mapping[str, Any], folder: Path) -> None:
    """Writes the numbers behind the page, without models and figures.

    Args:
        read: The report of a sweep.
        content: Its sweep file.
        folder: Where its files are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    code = provenance.git()["commit"] or provenance.versions()["mnist-sweeps"]
    about = {
        "runs": read.header,
        "judged": f"{provenance.now()[:10]}, {code}",
        "settings": settings_of(content),
    }
    values = list(printed(read))
    files = {
        "report.csv": csv_files.report_csv(read),
        "runs.csv": csv_files.runs_csv(read),
        "histories.csv": csv_files.histories_csv(read),
        JUDGED: yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=120),
        **({CLAIMS: csv_files.claims_csv(read)} if read.claims else {}),
        **({PRINTED: _printed_csv(values)} if values else {}),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def kept(name: str, folder: Path) -> Judged | None:
    """What `keep` wrote of the sweep `name` into `folder`; None if it has not been run."""
    if not (folder / JUDGED).exists():
        return None
    about = yaml.safe_load((folder / JUDGED).read_text(encoding="utf-8"))
    claims = tuple({key: _value(key, text) for key, text in line.items()} for line in _lines(folder / CLAIMS))
    values = tuple(
        PrintedValue(
            name,
            line["row"],
            line["metric"],
            *(float(line[key]) for key in ("printed", "mean")),
            int(line["runs"]),
            *(float(line[key]) for key in ("low", "high", "p")),
        )
        for line in _lines(folder / PRINTED)
    )
    return Judged(about["runs"], str(about["judged"]), str(about["settings"]), claims, values)


def _printed_csv(values: list[Printed]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("row", "metric", "printed", "mean", "runs", "low", "high", "p"))
    for one in values:
        numbers = (one.law.mean, one.runs, *one.law.interval(), one.p)
        writer.writerow((one.row, one.metric, one.value, *(f"{number:.10g}" for number in numbers)))
    return text.getvalue()


def _lines(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _value(key: str, text: str) -> Any:
    """A cell of claims.csv: None where it is empty, a number except in columns of text."""
    if key in TEXTS:
        return text
    return int(text) if key.endswith("runs") and text else float(text) if text else None
