"""The pages that people write: their length, their links, and the names in them that the program must have."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.synthetic_sweep import Sweep

import mnist_sweeps
from mnist_sweeps import report
from mnist_sweeps.planning import compose, planner
from mnist_sweeps.planning.composer import Composer
from mnist_sweeps.report.tables.record import record
from mnist_sweeps.storage.run_file import json_text
from mnist_sweeps.storage.run_parts import ImageCounts, RunError, RunSeconds
from mnist_sweeps.storage.run_record import RunRecord

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PACKAGE = Path(mnist_sweeps.__file__).parent
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def yaml_blocks(page: str) -> list[Any]:
    return [yaml.safe_load(block) for block in YAML.findall((DOCS / "how-to" / page).read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "most"), [("README.md", 150), ("docs/design.md", 120)])
def test_a_page_keeps_its_length(page: str, most: int) -> None:
    assert len((ROOT / page).read_text(encoding="utf-8").splitlines()) <= most


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    targets = [page.parent / link for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert [str(target) for target in targets if not target.exists()] == []


@pytest.mark.parametrize("page", [DOCS / "design.md", ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_modules_that_a_page_names_exist(page: Path) -> None:
    named = set(re.findall(r"`((?:\w+/)+\w+\.py)`", page.read_text(encoding="utf-8")))
    assert named
    assert [name for name in sorted(named) if not (PACKAGE / name).exists() and not (ROOT / name).exists()] == []


def test_the_table_of_packages_has_every_package() -> None:
    table = re.findall(r"^\| `(\w+)` \|", (DOCS / "design.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(table) == sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def test_every_column_of_report_csv_is_documented(three_rows: Sweep) -> None:
    three_rows.save()
    read = report.read(three_rows.folder)
    page = (DOCS / "reference" / "files.md").read_text(encoding="utf-8")
    assert [column for column in record(read.rows[0], read) if f"`{column}`" not in page] == []


def test_every_subcommand_is_documented() -> None:
    page = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    commands = {path.stem.replace("_", "-") for path in (PACKAGE / "cli" / "commands").glob("[!_]*.py")} - {"help"}
    assert [name for name in sorted(commands) if f"| `mnist-sweeps {name}" not in page] == []


def test_every_key_of_run_json_is_documented() -> None:
    full = RunRecord(
        status="failed", seed=0, fold=1, digest="0", sweep="s", variant="v", config={"seeds": 1}, recall=(1.0,),
        counts=ImageCounts(train=1), scores={"test_loss": 1.0}, parameter_counts={"total": 1}, multiplies=1,
        duration=RunSeconds(1.0, (1.0,), 1.0), effective={"layers": []}, pruned_at=1, time_limit_at=1,
        failure=RunError("E", "m", "t"), provenance={"time": ""}, files={"history.csv": 0},
    )  # fmt: skip
    page = (DOCS / "reference" / "files.md").read_text(encoding="utf-8")
    assert [key for key in json.loads(json_text(full)) if f"`{key}`" not in page] == []


def test_the_sweeps_of_the_how_to_pages_can_be_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("optuna")
    (tmp_path / "conf" / "sweep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    contents = [content for page in ("folds.md", "search.md", "effects.md") for content in yaml_blocks(page)]
    for number, content in enumerate(contents):
        (tmp_path / "conf" / "sweep" / f"documented_{number}.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    with compose.session():
        plans = [planner.plan([f"sweep=documented_{number}"]) for number in range(len(contents))]
    assert [plan.sweep.question for plan in plans] == [content["question"] for content in contents]
    assert [len(row.config.runs) for row in plans[0].rows] == [9, 9, 9]


@pytest.mark.parametrize(("page", "group"), [("model.md", "model"), ("optimizer.md", "optimizer")])
def test_the_options_of_the_how_to_pages_can_be_composed(page: str, group: str) -> None:
    with compose.session():
        composer = Composer(compose.groups(), [])
        for content in yaml_blocks(page):
            _, composed = composer.variant({f"{group}.{key}": value for key, value in content.items()})
            chosen = getattr(composed, group)
            key = next(iter(content))
            assert (chosen[key] if isinstance(chosen, dict) else getattr(chosen, key)) is not None
