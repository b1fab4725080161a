"""Writes docs/notebooks.md and docs/results/: the claims of five notebooks, judged by runs of this package.

`make notebooks`, or `python docs/notebooks.py [OUTPUTS]`. Every sweep of conf/sweep/ with claims, a search or reference
values is looked for in OUTPUTS; the page names those that are missing. docs/notebooks.yaml holds the text that people
wrote: sentences that no metric can judge, and reasons why a printed value is outside of the prediction interval.
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
from mnist_sweeps.report.tables.markdown import escaped, markdown_table
from mnist_sweeps.report.wording import counted
from mnist_sweeps.stats import holm

ROOT = Path(__file__).parents[1]
SOURCE = re.compile(r"(?P<notebook>\d{3}):(?P<line>\d+) (?P<sentence>.*)")
HEADERS = ("Line", "The notebook says", "As judged", "It printed", "We measured", "p", "Verdict", "Sweep")
NOT_RUN, NOT_JUDGED = "not run yet", "not judged"


@dataclass(frozen=True)
class Line:
    """A sentence of a notebook, what was measured, and its verdict."""

    notebook: str
    number: int
    sentence: str
    expected: str = ""
    printed: str = ""
    measured: str = ""
    p: str = ""  # adjusted by Holm over the claims of its sweep
    verdict: str = NOT_RUN
    reason: str = ""
    sweep: str = ""


def reports(outputs: Path, conf: Path) -> dict[str, tuple[dict[str, Any], Report | None]]:
    """Every sweep file with claims, reference values or a search, and the report of its runs; None without runs.

    Args:
        outputs: The folder of the sweeps' folders.
        conf: The folder of the sweep files' group.

    Raises:
        SystemExit: The claims in a folder's sweep.yaml are not those of the sweep file.
    """
    sweeps: dict[str, tuple[dict[str, Any], Report | None]] = {}
    for path in sorted((conf / "sweep").glob("*.yaml")):
        content, folder = yaml.safe_load(path.read_text()), outputs / path.stem
        if not any(content.get(key) for key in ("claims", "reference", "search")):
            continue
        read = report.read(folder) if (folder / "sweep.yaml").exists() else None
        if read and [judged.claim.says for judged in read.claims] != [
            claim["says"] for claim in content.get("claims") or []
        ]:
            raise SystemExit(
                f"{folder}: its claims are not those of {path.name}; `mnist-sweeps sweep={path.stem}` again"
            )
        sweeps[path.stem] = content, read
    return sweeps


def lines(sweeps: dict[str, tuple[dict[str, Any], Report | None]], unjudged: dict[str, str]) -> list[Line]:
    """All sentences, by notebook and line.

    Args:
        sweeps: What `reports` returns.
        unjudged: The reason why each sentence without a metric is not judged.
    """
    sentences = [Line(*source(says), verdict=NOT_JUDGED, reason=why) for says, why in unjudged.items()]
    for sweep, (content, read) in sweeps.items():
        for judged in read.claims if read else ():
            cells = claim_table.expected(judged.claim), claim_table.printed(judged), claim_table.measured(judged)
            p = "" if judged.p_adjusted is None else f"{judged.p_adjusted:.3g}"
            sentences.append(Line(*source(judged.claim.says), *cells, p, judged.verdict, judged.reason, sweep))
        for claim in () if read else content.get("claims") or ():
            default = (content.get("compare") or {}).get(claim["row"], content.get("baseline"))
            expected = claim_table.expected(replace(parse_claim(claim), against=claim.get("against") or default))
            sentences.append(Line(*source(claim["says"]), expected=expected, sweep=sweep))
    return sorted(sentences, key=lambda line: (line.notebook, line.number))


def source(says: str) -> tuple[str, int, str]:
    """Notebook, line and sentence of `000:2270 accuracy is slightly less`."""
    match = SOURCE.fullmatch(says)
    if not match:
        raise SystemExit(
            f"{says!r}: expected NOTEBOOK:LINE and the sentence, like '000:2270 accuracy is slightly less'"
        )
    return match["notebook"], int(match["line"]), match["sentence"]


def page(sentences: list[Line], values: list[Printed], sweeps: dict[str, Report | None], words: dict[str, Any]) -> str:
    """The text of docs/notebooks.md.

    Args:
        sentences: All sentences, in order.
        values: The printed values of all sweeps, with our prediction of them.
        sweeps: The report of each sweep; None where it was not run.
        words: The content of docs/notebooks.yaml.
    """
    counts = Counter(line.verdict for line in sentences)
    totals = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
    parts = [words["head"].strip(), f"{counted(len(sentences), 'line')}: {totals}."]
    parts += [f"## {title}\n\n{text.strip()}" for title, text in words.get("first", {}).items()]
    for notebook, about in words["notebooks"].items():
        own = [line for line in sentences if line.notebook == notebook]
        parts += [f"## Notebook {notebook}", about.strip(), _table(HEADERS, map(_cells, own)) if own else ""]
    parts += [
        "## The printed values and ours",
        words["values"].strip(),
        *_printed_values(values, words["explanations"]),
    ]
    parts += ["## The sweeps", _table(("Sweep", "Runs", "Results"), (_sweep(*one) for one in sweeps.items()))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _cells(line: Line) -> tuple[str, ...]:
    verdict = f"{line.verdict} ({line.reason})" if line.reason else line.verdict
    return str(line.number), line.sentence, line.expected, line.printed, line.measured, line.p, verdict, line.sweep


def _printed_values(values: list[Printed], explanations: dict[str, dict[str, str]]) -> list[str]:
    """How many values are inside our prediction interval, by Holm over the page, and the table of all."""
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
    totals = (
        f"{len(values) - len(outside)} of {counted(len(values), 'printed value')} are inside "
        f"(p by Holm over the page); without Holm, {plain} are outside, "
        f"where {0.05 * len(values):.0f} are expected by chance."
    )
    return [totals, _table(("Sweep", "Row", "Metric", "Printed", "One run of ours (95 %)", "n", "p (Holm)", ""), cells)]


def _sweep(name: str, read: Report | None) -> tuple[str, ...]:
    if read is None:
        return name, f"{NOT_RUN}: mnist-sweeps sweep={name}", ""
    return name, read.header, f"results/{name}/"


def _table(headers: tuple[str, ...], cells: Iterable[Iterable[str]]) -> str:
    return markdown_table([headers, [":---"] * len(headers), *([escaped(cell) for cell in line] for line in cells)])


def keep(read: Report, folder: Path) -> None:
    """Writes the numbers behind the page, without models and figures.

    Args:
        read: The report of a sweep.
        folder: Where its csv files are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {"report.csv": csv_files.report_csv(read), "histories.csv": csv_files.histories_csv(read)}
    for name, content in (files | ({"claims.csv": csv_files.claims_csv(read)} if read.claims else {})).items():
        (folder / name).write_text(content, encoding="utf-8")


def main(outputs: Path, docs: Path = ROOT / "docs", conf: Path = ROOT / "conf") -> None:
    """Writes the page and the results behind it.

    Args:
        outputs: The folder of the sweeps' folders.
        docs: Where the page is written, and docs/notebooks.yaml is read.
        conf: The folder of the sweep files' group.
    """
    words = yaml.safe_load((docs / "notebooks.yaml").read_text(encoding="utf-8"))
    sweeps = reports(outputs, conf)
    finished = {name: read for name, (_, read) in sweeps.items()}
    for name, read in finished.items():
        if read:
            keep(read, docs / "results" / name)
    values = [value for read in finished.values() if read for value in printed(read)]
    text = page(lines(sweeps, words["not_judged"]), values, finished, words)
    (docs / "notebooks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "outputs")
