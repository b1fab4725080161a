"""Writes docs/notebooks.md and docs/results/: the claims of five notebooks, judged by runs of this package.

`make notebooks`, or `python docs/notebooks.py [OUTPUTS]`. Sweeps whose folders are in OUTPUTS are judged, and their
numbers kept in docs/results/. The page is made of docs/results/ alone, so that runs may be deleted; it names the sweeps
that have never been run. docs/notebooks.yaml holds the text that people wrote: sentences that no metric can judge, and
reasons why a printed value is outside of the prediction interval.
"""

import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import notebook_results
import yaml
from notebook_results import Judged
from notebook_tables import table
from notebook_values import printed_values

from mnist_sweeps import report
from mnist_sweeps.config.claim_spec import Claim, parse_claim
from mnist_sweeps.report.claims import claim_table
from mnist_sweeps.report.wording import counted

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


@dataclass(frozen=True)
class SweepResults:
    """A sweep file with claims, reference values or a search, and what is kept of its runs; None if it was not run."""

    content: Mapping[str, Any]
    judged: Judged | None


def judge(outputs: Path, results: Path, conf: Path) -> dict[str, SweepResults]:
    """The sweeps of the page by name; those with a folder in `outputs` are judged, and kept in `results`.

    Args:
        outputs: The folder of the sweeps' folders.
        results: The folder of what is kept of each sweep.
        conf: The folder of the sweep files' group.

    Raises:
        SystemExit: The claims in a folder's sweep.yaml are not those of the sweep file.
    """
    sweeps = {}
    for path in sorted((conf / "sweep").glob("*.yaml")):
        content, folder = yaml.safe_load(path.read_text(encoding="utf-8")), outputs / path.stem
        if not any(content.get(key) for key in ("claims", "reference", "search")):
            continue
        if (folder / "sweep.yaml").exists():
            read = report.read(folder)
            if [one.claim.says for one in read.claims] != [one["says"] for one in content.get("claims") or []]:
                raise SystemExit(
                    f"{folder}: its claims are not those of {path.name}; `mnist-sweeps sweep={path.stem}` again"
                )
            notebook_results.keep(read, content, results / path.stem)
        sweeps[path.stem] = SweepResults(content, notebook_results.kept(path.stem, results / path.stem))
    return sweeps


def lines(sweeps: Mapping[str, SweepResults], words: Mapping[str, Any]) -> list[Line]:
    """All sentences, by notebook and line.

    Args:
        sweeps: What `judge` returns.
        words: The content of docs/notebooks.yaml: why sentences are not judged, and those that `check` decides.
    """
    sentences = [Line(*source(says), verdict=NOT_JUDGED, reason=why) for says, why in words["not_judged"].items()]
    sentences += [Line(*source(says), **decided) for says, decided in words.get("checked", {}).items()]
    for sweep, results in sweeps.items():
        for written in results.content.get("claims") or ():
            claim = parse_claim(written)
            kept = next((one for one in results.judged.claims if _is_of(claim, one)), None) if results.judged else None
            if kept is None:
                default = (results.content.get("compare") or {}).get(claim.row, results.content.get("baseline"))
                expected = claim_table.expected(replace(claim, against=claim.against or default))
                sentences.append(Line(*source(claim.says), expected=expected, sweep=sweep))
            else:
                sentences.append(_judged(replace(claim, against=kept["against"] or None), kept, sweep))
    return sorted(sentences, key=lambda line: (line.notebook, line.number))


def _is_of(claim: Claim, kept: Mapping[str, Any]) -> bool:
    """Whether a line of claims.csv is of a claim of the sweep file, which may leave out what it is against."""
    asked = claim.says, claim.row, claim.relation, claim.metric
    return (
        asked == tuple(kept[key] for key in ("says", "row", "is", "metric"))
        and claim.value == kept["value"]
        and claim.against in (None, kept["against"])
    )


def _judged(claim: Claim, kept: Mapping[str, Any], sweep: str) -> Line:
    cells = claim_table.expected(claim), kept["printed"], claim_table.measured(claim, kept)
    p = "" if kept["p_adjusted"] is None else f"{kept['p_adjusted']:.3g}"
    return Line(*source(claim.says), *cells, p, kept["verdict"], kept["reason"], sweep)


def source(says: str) -> tuple[str, int, str]:
    """Notebook, line and sentence of `000:2270 accuracy is slightly less`."""
    match = SOURCE.fullmatch(says)
    if not match:
        raise SystemExit(
            f"{says!r}: expected NOTEBOOK:LINE and the sentence, like '000:2270 accuracy is slightly less'"
        )
    return match["notebook"], int(match["line"]), match["sentence"]


def page(sentences: list[Line], sweeps: Mapping[str, SweepResults], words: dict[str, Any]) -> str:
    """The text of docs/notebooks.md.

    Args:
        sentences: All sentences, in order.
        sweeps: What `judge` returns.
        words: The content of docs/notebooks.yaml.
    """
    counts = Counter(line.verdict for line in sentences)
    totals = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
    parts = [words["head"].strip(), f"{counted(len(sentences), 'line')}: {totals}."]
    parts += [f"## {title}\n\n{text.strip()}" for title, text in words.get("first", {}).items()]
    for notebook, about in words["notebooks"].items():
        own = [line for line in sentences if line.notebook == notebook]
        parts += [f"## Notebook {notebook}", about.strip(), table(HEADERS, map(_cells, own)) if own else ""]
    values = [value for results in sweeps.values() if results.judged for value in results.judged.printed]
    parts += ["## The printed values and ours", words["values"].strip(), *printed_values(values, words)]
    parts += ["## The sweeps"]
    parts += [table(("Sweep", "Runs", "Judged", "Results"), (_sweep(*one) for one in sweeps.items()))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _cells(line: Line) -> tuple[str, ...]:
    verdict = f"{line.verdict} ({line.reason})" if line.reason else line.verdict
    return str(line.number), line.sentence, line.expected, line.printed, line.measured, line.p, verdict, line.sweep


def _sweep(name: str, results: SweepResults) -> tuple[str, ...]:
    if results.judged is None:
        return name, f"{NOT_RUN}: mnist-sweeps sweep={name}", "", ""
    changed = results.judged.settings != notebook_results.settings_of(results.content)
    judged = results.judged.judged + (", before its settings were changed" if changed else "")
    return name, results.judged.runs, judged, f"results/{name}/"


def main(outputs: Path, docs: Path = ROOT / "docs", conf: Path = ROOT / "conf") -> None:
    """Writes the page and the results behind it.

    Args:
        outputs: The folder of the sweeps' folders.
        docs: Where the page is written, and docs/notebooks.yaml and docs/results/ are read.
        conf: The folder of the sweep files' group.
    """
    words = yaml.safe_load((docs / "notebooks.yaml").read_text(encoding="utf-8"))
    sweeps = judge(outputs, docs / "results", conf)
    text = page(lines(sweeps, words), sweeps, words)
    (docs / "notebooks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "outputs")
