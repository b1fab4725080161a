"""docs/notebooks.py: the page of the notebooks, from synthetic sweeps; and the claims that are shipped."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from tests.synthetic_sweep import Sweep

from mnist_sweeps.report.tables.markdown import escaped

DOCS = Path(__file__).parents[2] / "docs"
WORDS: dict[str, Any] = {
    "head": "# A page",
    "notebooks": {"000": "About nets.", "001": "About others."},
    "values": "One run each.",
    "not_judged": {"000:7 the picture is nice": "a matter of looking"},
    "explanations": {},
}
CLAIM = {"row": "wide", "is": "higher", "metric": "test_accuracy", "against": "narrow"}
HELD, OPEN = {**CLAIM, "says": "000:12 wider is better"}, {**CLAIM, "says": "000:3 | even then"}


@pytest.fixture(scope="module")
def notebooks() -> ModuleType:
    spec = spec_from_file_location("notebooks", DOCS / "notebooks.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Place:
    """Folders for sweep files, results and the page."""

    def __init__(self, folder: Path, module: ModuleType) -> None:
        self.outputs, self.docs, self.conf = folder / "outputs", folder / "docs", folder / "conf"
        self.module, self.words = module, dict(WORDS)
        for path in (self.outputs, self.docs, self.conf / "sweep"):
            path.mkdir(parents=True)

    def ask(self, name: str, **content: Any) -> None:
        """A sweep file."""
        (self.conf / "sweep" / f"{name}.yaml").write_text(yaml.safe_dump(content))

    def run(self, name: str, claims: list[dict[str, Any]], narrow: list[float], wide: list[float]) -> None:
        """The folder that its sweep left."""
        sweep = Sweep(self.outputs / name)
        sweep.plan |= {"sweep": name, "claims": claims}
        sweep.plan["reference"] = {"columns": ["test_accuracy"], "rows": {"wide": [0.9884]}}
        sweep.row("narrow", narrow)
        sweep.row("wide", wide, compared_with="narrow", changes=["hidden"])
        sweep.save()

    def page(self) -> str:
        """What is written."""
        (self.docs / "notebooks.yaml").write_text(yaml.safe_dump(self.words))
        self.module.main(self.outputs, self.docs, self.conf)
        return (self.docs / "notebooks.md").read_text()


@pytest.fixture
def place(tmp_path: Path, notebooks: ModuleType) -> Place:
    found = Place(tmp_path, notebooks)
    found.ask("widths", claims=[HELD, OPEN])
    found.run("widths", [HELD, OPEN], [0.9840, 0.9850, 0.9845], [0.9880, 0.9890, 0.9885])
    return found


def lines_of(page: str) -> list[list[str]]:
    return [re.split(r" (?<!\\)\| ", line.strip("| ")) for line in page.splitlines() if re.match(r"\| \d+ \|", line)]


def test_lines_stand_in_the_order_of_the_notebook(place: Place) -> None:
    lines = lines_of(place.page())
    assert [line[0] for line in lines] == ["3", "7", "12"]
    assert lines[0][1] == "\\| even then"
    assert "not judged (a matter of looking)" in lines[1]
    assert lines[2][1:] == [
        "wider is better",
        "test accuracy of wide higher than narrow",
        "",
        "98.85 ± 0.05 against 98.45 ± 0.05 (n = 3, 3): +0.40 \\[+0.29, +0.51\\] pp",
        "0.000608",
        "holds",
        "widths",
    ]


def test_a_sweep_that_was_not_run_is_named_with_all_its_claims(place: Place) -> None:
    written = {"row": "deep", "is": "lower", "says": "001:5 deeper is worse"}
    place.ask("depths", baseline="flat", claims=[written])
    page = place.page()
    (line,) = (line for line in lines_of(page) if line[0] == "5")
    assert line[1:3] == ["deeper is worse", "test accuracy of deep lower than flat"]
    assert line[6:] == ["not run yet", "depths"]
    assert "| depths | not run yet: mnist-sweeps sweep=depths |" in page
    assert "4 lines: holds 2, not judged 1, not run yet 1." in page


def test_a_sweep_without_claims_and_references_is_none_of_the_page(place: Place) -> None:
    place.ask("quick", question="Which?")
    assert "quick" not in place.page()


def test_claims_that_changed_after_the_sweep_was_run_are_not_passed_over(place: Place) -> None:
    place.ask("widths", claims=[HELD])
    with pytest.raises(SystemExit, match=r"its claims are not those of widths.yaml; `mnist-sweeps sweep=widths` again"):
        place.page()


def test_a_claim_without_its_place_is_refused(place: Place) -> None:
    place.words["not_judged"] = {"a sentence of nobody": "so"}
    with pytest.raises(SystemExit, match="'a sentence of nobody': expected NOTEBOOK:LINE"):
        place.page()


def test_the_numbers_behind_the_page_are_kept_without_models(place: Place) -> None:
    place.page()
    kept = {path.name for path in (place.docs / "results" / "widths").iterdir()}
    assert kept == {"report.csv", "histories.csv", "claims.csv"}


@pytest.mark.parametrize(
    ("printed", "explanations", "said"),
    [
        (0.9884, {}, "inside"),
        (0.9500, {}, "outside: no explanation known"),
        (0.9500, {"widths": {"wide: test_accuracy": "another batch size"}}, "outside: another batch size"),
    ],
)
def test_a_printed_value_lies_inside_or_is_explained(
    place: Place, printed: float, explanations: Any, said: str
) -> None:
    sweep_yaml = place.outputs / "widths" / "sweep.yaml"
    sweep_yaml.write_text(sweep_yaml.read_text().replace("0.9884", str(printed)))
    place.words["explanations"] = explanations
    (line,) = (line for line in place.page().splitlines() if line.startswith("| widths | wide |"))
    assert line.endswith(f"| {said} |")
    assert f"| {printed:.4f} | 0.9860 to 0.9910 | 3 |" in line


SHIPPED = [
    (path.stem, one)
    for path in sorted((DOCS.parent / "conf" / "sweep").glob("*.yaml"))
    for one in yaml.safe_load(path.read_text()).get("claims") or ()
]


def test_shipped_claims_name_notebook_and_line_and_are_short(notebooks: ModuleType) -> None:
    written = yaml.safe_load((DOCS / "notebooks.yaml").read_text())
    for says in [*(one["says"] for _, one in SHIPPED), *written["not_judged"]]:
        notebook, _, sentence = notebooks.source(says)
        assert notebook in written["notebooks"]
        assert len(sentence.split()) <= 20, says


def test_no_claim_stands_twice_in_a_sweep() -> None:
    seen = [(sweep, *sorted(map(str, one.items()))) for sweep, one in SHIPPED]
    assert len(seen) == len(set(seen))


def test_explanations_are_of_rows_that_there_are() -> None:
    for sweep, about in yaml.safe_load((DOCS / "notebooks.yaml").read_text())["explanations"].items():
        reference = yaml.safe_load((DOCS.parent / "conf" / "sweep" / f"{sweep}.yaml").read_text())["reference"]
        assert {key.rpartition(": ")[0] for key in about} <= reference.keys()
        assert {key.rpartition(": ")[2] for key in about} <= set(reference["columns"])


def test_the_page_has_the_text_of_its_sources() -> None:
    """What changes in docs/notebooks.yaml or in a claim changes on the page, too, also without the sweeps' folders."""
    page = (DOCS / "notebooks.md").read_text()
    words = yaml.safe_load((DOCS / "notebooks.yaml").read_text())
    texts = [words["head"], *words["first"], *words["first"].values(), *words["notebooks"].values(), words["values"]]
    reasons = [f"not judged ({why})" for why in words["not_judged"].values()]
    sentences = [says.partition(" ")[2] for says in [*(one["says"] for _, one in SHIPPED), *words["not_judged"]]]
    expected = [text.strip() for text in texts] + [escaped(text) for text in [*reasons, *sentences]]
    assert [text for text in expected if text not in page] == []
