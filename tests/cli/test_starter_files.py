"""Files to start from: what they say, and what is never written over."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from mnist_sweeps.cli import starter_files
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.planner import plan
from mnist_sweeps.planning.sweep_plan import SweepPlan

SWEEP = Path("conf/sweep/mine.yaml")
OPTIONAL = re.compile(r"^# (?=(\w+): )", re.MULTILINE)


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def planned() -> SweepPlan:
    with compose.session():
        return plan(["sweep=mine"])


def test_the_new_sweep_plans_as_it_is_with_one_cause_for_each_difference() -> None:
    starter_files.write(starter_files.sweep("mine"))
    rows = planned().rows
    assert [row.changes for row in rows] == [[], ["hidden"], ["batch_norm"]]
    assert {(row.config.data.name, row.config.seeds) for row in rows} == {("mnist5k", 3)}
    assert "mnist-sweeps sweep=mine" in SWEEP.read_text()


@pytest.mark.parametrize("key", ["compare", "claims", "grid"])
def test_each_further_key_works_without_its_comment_sign(key: str) -> None:
    files = starter_files.sweep("mine")
    text = files[SWEEP]
    (line,) = [found for found in OPTIONAL.finditer(text) if found[1] == key]
    starter_files.write({SWEEP: text[: line.start()] + text[line.end() :]})
    assert key in yaml.safe_load(SWEEP.read_text())
    assert len(planned().rows) == (6 if key == "grid" else 3)


def test_every_commented_key_is_tested() -> None:
    keys = [found[1] for found in OPTIONAL.finditer(starter_files.sweep("mine")[SWEEP])]
    assert keys == ["compare", "claims", "grid"]


@pytest.mark.parametrize("name", ["", "a/b", "../up", ".hidden", "-x", "a b", "a,b", "a=b", "3", "é", "mine.yaml"])
def test_a_name_that_is_no_file_or_no_override_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=f"^{re.escape(name)}: is no name of a sweep; a letter, then"):
        starter_files.sweep(name)


@pytest.mark.parametrize("name", ["null", "True", "inf", "NaN"])
def test_a_name_that_hydra_reads_as_another_value_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name}: sweep={name} is no text"):
        starter_files.sweep(name)


@pytest.mark.parametrize(("name", "reason"), [("quickstart", "a shipped sweep"), ("run", "outputs/run")])
def test_a_name_that_is_taken_is_refused(name: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name}: {reason}"):
        starter_files.sweep(name)


@pytest.mark.parametrize("path", [".pre-commit-config.yaml", ".github/workflows/sweeps.yml", "conf/sweep/first.yaml"])
def test_where_one_file_exists_none_is_written(path: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("mine")
    with pytest.raises(ConfigError, match=f"^{re.escape(path)}: is in the way, nothing was written; move it aside$"):
        starter_files.write(starter_files.repository("first"))
    assert [str(file) for file in Path().rglob("*") if file.is_file()] == [path]
    assert Path(path).read_text() == "mine"


@pytest.mark.parametrize("path", ["conf", ".github/workflows"])
def test_a_file_where_a_folder_is_needed_is_refused_before_anything_is_written(path: str) -> None:
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text("mine")
    with pytest.raises(ConfigError, match=f"^{re.escape(path)}: is in the way"):
        starter_files.write(starter_files.repository("first"))
    assert [str(file) for file in Path().rglob("*") if file.is_file()] == [path]


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    Path(".pre-commit-config.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="is in the way"):
        starter_files.write(starter_files.repository("first"))


def test_the_workflow_trains_every_sweep_with_the_version_that_wrote_it() -> None:
    text = starter_files.repository("first")[Path(".github/workflows/sweeps.yml")]
    commands = [step.get("run", "") for step in yaml.safe_load(text)["jobs"]["smoke"]["steps"]]
    assert f"pip install mnist-sweeps=={version('mnist-sweeps')}" in commands
    assert any('mnist-sweeps sweep="$(basename "$file" .yaml)" size=smoke' in command for command in commands)


def test_the_hook_checks_every_sweep_on_the_digits_that_ship_with_the_package() -> None:
    (repository,) = yaml.safe_load(starter_files.repository("first")[Path(".pre-commit-config.yaml")])["repos"]
    (hook,) = repository["hooks"]
    assert (repository["repo"], hook["entry"]) == ("local", "mnist-sweeps check --all size=smoke")
    assert re.search(hook["files"], "conf/model/mine.yaml") and not re.search(hook["files"], "src/conf/x.yaml")
