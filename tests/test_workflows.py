"""Workflows, ours and that of `mnist-sweeps init`: least permissions, actions by commit, packages by hash."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from mnist_sweeps.cli import starter_files

ROOT = Path(__file__).parents[1]
WORKFLOWS = [*sorted((ROOT / ".github" / "workflows").glob("*.yml")), starter_files.TEMPLATES / "sweeps.yml"]

pytestmark = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: f"{path.parent.name}/{path.name}")


def jobs(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values())


def test_a_workflow_may_do_nothing_and_its_jobs_at_most_read_the_code(path: Path) -> None:
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["permissions"] == {}
    assert [job["permissions"] for job in jobs(path) if job["permissions"] not in ({}, {"contents": "read"})] == []


def test_every_action_is_pinned_by_commit_and_named_by_its_version(path: Path) -> None:
    actions = re.findall(r"^ +- uses: (.*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert actions
    assert [action for action in actions if not re.fullmatch(r"\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)] == []


def test_the_token_is_not_left_in_the_checkout(path: Path) -> None:
    checkouts = [
        step for job in jobs(path) for step in job.get("steps", []) if "actions/checkout" in step.get("uses", "")
    ]
    assert checkouts
    assert [step for step in checkouts if step["with"].get("persist-credentials") is not False] == []


def test_no_command_contains_what_a_caller_may_choose(path: Path) -> None:
    commands = [step["run"] for job in jobs(path) for step in job.get("steps", []) if "run" in step]
    assert [command for command in commands if re.search(r"\$\{\{ *(inputs|github)\.", command)] == []


def test_pip_installs_by_hashes_or_what_was_built_here_or_a_caller_chose(path: Path) -> None:
    commands = [step["run"] for job in jobs(path) for step in job.get("steps", []) if "run" in step]
    installs = [command for command in commands if re.search(r"\bpip\"? install", command)]
    by_hashes = r"--require-hashes --requirement \S+|--no-deps dist/\*\.whl|\$PACKAGE|mnist-sweeps==VERSION"
    assert installs or not commands
    assert [command for command in installs if not re.fullmatch(rf"\S*pip\"? install ({by_hashes})", command)] == []
