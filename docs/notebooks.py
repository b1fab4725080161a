"""Writes docs/notebooks.md and docs/results/: what five notebooks claim, judged by runs of ours.

`make notebooks`, or `python docs/notebooks.py [OUTPUTS]`. Every sweep of conf/sweep/ that claims something, searches or
has reference values is looked for in OUTPUTS; one that is not there is named on the page. docs/notebooks.yaml holds
what people wrote: sentences that no metric judges, and why a printed value lies outside of our prediction interval.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from mnist_sweeps import report
from mnist_sweeps.config.claim_spec import parse_claim
from mnist_sweeps.report import Report
from mnist_sweeps.report.claims import claim_table
from mnist_sweeps.report.reference import Printed, printed
from mnist_sweeps.report.tables import csv_files
from mnist_sweeps.report.tables.markdown import drawn, escaped
from mnist_sweeps.report.wording import counted
from mnist_sweeps.stats import holm

ROOT = Path(__file__).parents[1]
SOURCE = re.compile(r"(?P<notebook>\d{3}):(?P<line>\d+) (?P<sentence>.*)")
HEADERS = ("Line", "The notebook says", "As judged", "It printed", "We measured", "Verdict", "Sweep")
NOT_RUN, NOT_JUDGED = "not run yet", "not judged"


@dataclass(frozen=True)
class Line:
    """A sentence of a notebook and what came of it."""

    notebook: str
    number: int
    sentence: str
    expected: str = ""
    printed: str = ""
    measured: str = ""
    verdict: str = NOT_RUN
    reason: str = ""
    sweep: str = ""


def reports(outputs: Path, conf: Path) -> dict[str, tuple[dict[str, Any], Report | None]]:
    """Every sweep file that claims, refers or searches, with the report of its runs where there are any.

    Raises:
        SystemExit: a folder's sweep.yaml is older than the claims of its file.
    """
    found: dict[str, tuple[dict[str, Any], Report | None]] = {}
    for path in sorted((conf / "sweep").glob("*.yaml")):
        content, folder = yaml.safe_load(path.read_text()), outputs / path.stem
        if not any(content.get(key) for key in ("claims", "reference", "search")):
            continue
        read = report.read(folder) if (folder / "sweep.yaml").exists() else None
        if read and [one.claim.says for one in read.claims] != [one["says"] for one in content.get("claims") or []]:
            raise SystemExit(
                f"{folder}: its claims are not those of {path.name}; `mnist-sweeps sweep={path.stem}` again"
            )
        found[path.stem] = content, read
    return found


def lines(sweeps: dict[str, tuple[dict[str, Any], Report | None]], unjudged: dict[str, str]) -> list[Line]:
    """All sentences, by notebook and line."""
    found = [Line(*source(says), verdict=NOT_JUDGED, reason=why) for says, why in unjudged.items()]
    for sweep, (content, read) in sweeps.items():
        for one in read.claims if read else ():
            judged = claim_table.expected(one.claim), claim_table.printed(one), claim_table.measured(one)
            found.append(Line(*source(one.claim.says), *judged, one.verdict, one.reason, sweep))
        for written in () if read else content.get("claims") or ():
            usual = (content.get("compare") or {}).get(written["row"], content.get("baseline"))
            expected = claim_table.expected(replace(parse_claim(written), against=written.get("against") or usual))
            found.append(Line(*source(written["says"]), expected=expected, sweep=sweep))
    return sorted(found, key=lambda line: (line.notebook, line.number))


def source(says: str) -> tuple[str, int, str]:
    """Notebook, line and sentence of `000:2270 accuracy is slightly less`."""
    found = SOURCE.fullmatch(says)
    if not found:
        raise SystemExit(
            f"{says!r}: expected NOTEBOOK:LINE and the sentence, like '000:2270 accuracy is slightly less'"
        )
    return found["notebook"], int(found["line"]), found["sentence"]


def page(found: list[Line], values: list[Printed], sweeps: dict[str, Report | None], words: dict[str, Any]) -> str:
    """docs/notebooks.md."""
    counts = Counter(line.verdict for line in found)
    told = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
    parts = [words["head"].strip(), f"{counted(len(found), 'line')}: {told}."]
    for notebook, about in words["notebooks"].items():
        own = [line for line in found if line.notebook == notebook]
        parts += [f"## Notebook {notebook}", about.strip(), _table(HEADERS, map(_cells, own)) if own else ""]
    parts += ["## The printed values and ours", words["values"].strip(), *_beside(values, words["explanations"])]
    parts += ["## The sweeps", _table(("Sweep", "Runs", "Results"), (_sweep(*one) for one in sweeps.items()))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _cells(line: Line) -> tuple[str, ...]:
    verdict = f"{line.verdict} ({line.reason})" if line.reason else line.verdict
    return str(line.number), line.sentence, line.expected, line.printed, line.measured, verdict, line.sweep


def _beside(values: list[Printed], explanations: dict[str, dict[str, str]]) -> list[str]:
    """How many values lie inside by Holm over the page, and the table of all."""
    if not values:
        return ["No sweep with printed values has been run yet."]
    adjusted = holm([value.p for value in values])
    outside = {value for value, p in zip(values, adjusted, strict=True) if p < 0.05}
    plain = sum(value.p < 0.05 for value in values)
    cells = []
    for value, p in zip(values, adjusted.tolist(), strict=True):
        low, high = (f"{bound:.4f}" for bound in value.law.interval())
        why = explanations.get(value.sweep, {}).get(f"{value.row}: {value.metric}", "no explanation known")
        place = f"outside: {why}" if value in outside else "inside"
        name = value.metric.replace("_", " ")
        cells.append(
            (value.sweep, value.row, name, f"{value.value:.4f}", f"{low} to {high}", str(value.runs), f"{p:.3f}", place)
        )
    told = (
        f"{len(values) - len(outside)} of {counted(len(values), 'printed value')} lie inside (Holm over the page); "
        f"without Holm {plain} lie outside, where chance alone puts {0.05 * len(values):.0f}."
    )
    return [told, _table(("Sweep", "Row", "Metric", "Printed", "One run of ours (95 %)", "n", "p (Holm)", ""), cells)]


def _sweep(name: str, read: Report | None) -> tuple[str, ...]:
    if read is None:
        return name, f"{NOT_RUN}: mnist-sweeps sweep={name}", ""
    return name, read.header, f"results/{name}/"


def _table(headers: tuple[str, ...], cells: Iterable[Iterable[str]]) -> str:
    return drawn([headers, [":---"] * len(headers), *([escaped(cell) for cell in line] for line in cells)])


def keep(read: Report, folder: Path) -> None:
    """The numbers behind the page, without models and pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {"report.csv": csv_files.report_csv(read), "histories.csv": csv_files.histories_csv(read)}
    for name, content in (kept | ({"claims.csv": csv_files.claims_csv(read)} if read.claims else {})).items():
        (folder / name).write_text(content, encoding="utf-8")


def main(outputs: Path, docs: Path = ROOT / "docs", conf: Path = ROOT / "conf") -> None:
    """Writes the page and the results behind it."""
    words = yaml.safe_load((docs / "notebooks.yaml").read_text(encoding="utf-8"))
    sweeps = reports(outputs, conf)
    done = {name: read for name, (_, read) in sweeps.items()}
    for name, read in done.items():
        if read:
            keep(read, docs / "results" / name)
    values = [value for read in done.values() if read for value in printed(read)]
    written = page(lines(sweeps, words["not_judged"]), values, done, words)
    (docs / "notebooks.md").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "outputs")
