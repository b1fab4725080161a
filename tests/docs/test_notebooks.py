"""docs/notebooks.py: the page of the notebooks, from synthetic sweeps; and the claims that are shipped."""

import re
import shutil
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from tests.synthetic_sweep import Sweep

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Conv, Model
from mnist_sweeps.models import network

DOCS = Path(__file__).parents[2] / "docs"
WORDS: dict[str, Any] = {
    "head": "# A page",
    "notebooks": {"000": "About nets.", "001": "About others."},
    "values": "One run each.",
    "shifts": "All of a sweep together.",
    "not_judged": {"000:7 the picture is nice": "a matter of looking"},
    "explanations": {},
}
CLAIM = {"row": "wide", "is": "higher", "metric": "test_accuracy", "against": "narrow"}
HELD, OPEN = {**CLAIM, "says": "000:12 wider is better"}, {**CLAIM, "says": "000:3 | even then"}


@pytest.fixture(scope="module")
def notebooks() -> ModuleType:
    """docs/notebooks.py as `make notebooks` runs it: its folder is on the path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(DOCS), *sys.path])
        return import_module("notebooks")


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
    assert "| depths | not run yet: mnist-sweeps sweep=depths |  |  |" in page
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
    assert kept == {"report.csv", "runs.csv", "histories.csv", "claims.csv", "printed.csv", "judged.yaml"}


def test_the_page_stays_as_it_is_when_the_runs_are_gone(place: Place) -> None:
    page = place.page()
    shutil.rmtree(place.outputs / "widths")
    assert place.page() == page
    assert "holds 2, not judged 1." in page


def test_of_a_sweep_whose_runs_are_gone_claims_come_and_go_with_the_sweep_file(place: Place) -> None:
    place.page()
    shutil.rmtree(place.outputs / "widths")
    place.ask("widths", claims=[OPEN, {**HELD, "is": "lower"}])
    assert [(line[2], line[6]) for line in lines_of(place.page()) if line[7:] == ["widths"]] == [
        ("test accuracy of wide higher than narrow", "holds"),
        ("test accuracy of wide lower than narrow", "not run yet"),
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, r"\d{4}-\d\d-\d\d, \w+", id="as it was"),
        pytest.param({"question": "Which?"}, r"\d{4}-\d\d-\d\d, \w+", id="another question of the same runs"),
        pytest.param({"common": {"seeds": 9}}, r"\d{4}.*, \w+, before its settings were changed", id="other runs"),
    ],
)
def test_each_sweep_says_when_and_by_which_code_it_was_judged(place: Place, changed: Any, said: str) -> None:
    place.page()
    shutil.rmtree(place.outputs / "widths")
    place.ask("widths", claims=[HELD, OPEN], **changed)
    (line,) = (line for line in place.page().splitlines() if line.endswith("| results/widths/ |"))
    assert re.fullmatch(rf"\| widths \| .* \| {said} \| results/widths/ \|", line)


def test_a_sentence_may_be_decided_without_runs(place: Place) -> None:
    place.words["checked"] = {"001:8 no net has such a shape": {"verdict": "holds", "reason": "it is refused"}}
    (line,) = (line for line in lines_of(place.page()) if line[0] == "8")
    assert line[6] == "holds (it is refused)"


def test_printed_values_of_a_sweep_are_tested_together(place: Place) -> None:
    sweep_yaml = place.outputs / "widths" / "sweep.yaml"
    content = yaml.safe_load(sweep_yaml.read_text())
    content["reference"] = {"columns": ["test_accuracy"], "rows": {"narrow": [0.9843], "wide": [0.9881]}}
    sweep_yaml.write_text(yaml.safe_dump(content))
    (line,) = (line for line in place.page().splitlines() if line.startswith("| widths | test accuracy | 2 |"))
    assert line == "| widths | test accuracy | 2 | -0.03 \\[-0.16, +0.10\\] pp | 0.205 | 0.205 |"


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
    for says in [*(one["says"] for _, one in SHIPPED), *written["not_judged"], *written["checked"]]:
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


def test_the_shipped_page_is_made_of_the_shipped_results(notebooks: ModuleType, tmp_path: Path) -> None:
    """Whatever changes in docs/notebooks.yaml, docs/results/ or a claim changes on the page, too."""
    shutil.copy(DOCS / "notebooks.yaml", tmp_path)
    shutil.copytree(DOCS / "results", tmp_path / "results")
    notebooks.main(tmp_path / "outputs", tmp_path)
    assert (tmp_path / "notebooks.md").read_text() == (DOCS / "notebooks.md").read_text()


@pytest.mark.parametrize(("kernel", "refused"), [(1, False), (2, False), (3, True), (5, True)])
def test_check_decides_about_kernel_sizes_what_the_page_says(kernel: int, refused: bool) -> None:
    conv = yaml.safe_load((DOCS.parent / "conf" / "model" / "cnn_7.yaml").read_text())["conv"]
    config = Config(model=Model(conv=Conv(**{**conv, "filters": [1] * 7, "kernel_size": kernel})))
    if refused:
        with pytest.raises(ConfigError):
            network.build(config, (28, 28), 0)
    else:
        assert network.build(config, (28, 28), 0).count_params() > 0
