import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from mnist_sweeps.runtime import provenance
from mnist_sweeps.runtime.device import Machine

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository with one committed file, and the package's place in it."""
    for name, value in (("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")):
        monkeypatch.setenv(name, value)
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{name}_NAME", "nobody")
        monkeypatch.setenv(f"{name}_EMAIL", "nobody@example.org")
    module = tmp_path / "provenance.py"
    module.write_text("one = 1\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "First"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    monkeypatch.setattr(provenance, "__file__", str(module))
    provenance.git.cache_clear()
    yield tmp_path
    provenance.git.cache_clear()


@needs_git
def test_git_is_the_commit_of_the_checkout(checkout: Path) -> None:
    asked = subprocess.run(["git", "-C", str(checkout), "rev-parse", "HEAD"], capture_output=True, text=True)
    assert provenance.git() == {"commit": asked.stdout[:10], "dirty": False}


@needs_git
def test_a_changed_file_makes_it_dirty(checkout: Path) -> None:
    (checkout / "provenance.py").write_text("one = 2\n")
    assert provenance.git()["dirty"] is True


@needs_git
def test_an_installed_package_is_not_of_the_repository_around_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = checkout / "site-packages" / "provenance.py"
    installed.parent.mkdir()
    installed.touch()
    monkeypatch.setattr(provenance, "__file__", str(installed))
    assert provenance.git() == {"commit": None, "dirty": None}


def test_without_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    provenance.git.cache_clear()
    assert provenance.git() == {"commit": None, "dirty": None}
    provenance.git.cache_clear()


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        pytest.param(["sweep=mlp_table"], "mnist-sweeps sweep=mlp_table", id="plain"),
        pytest.param(["model.hidden=[64,64]"], "mnist-sweeps 'model.hidden=[64,64]'", id="brackets"),
        pytest.param(["sweep.baseline=no batch norm"], "mnist-sweeps 'sweep.baseline=no batch norm'", id="spaces"),
    ],
)
def test_command(monkeypatch: pytest.MonkeyPatch, words: list[str], typed: str) -> None:
    monkeypatch.setattr(sys, "argv", ["/anywhere/mnist-sweeps", *words])
    assert provenance.command() == typed


@pytest.mark.parametrize("word", ["a=it's", "a=$HOME", 'a="b"', "a=1;2", "a=x|y", "a=(1)", "optimizer=adam,sgd"])
def test_a_shell_reads_the_command_as_it_was_given(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setattr(sys, "argv", ["mnist-sweeps", word])
    assert shlex.split(provenance.command()) == ["mnist-sweeps", word]
    echoed = subprocess.run(["sh", "-c", f'set -- {provenance.command()}; printf %s "$2"'], capture_output=True)
    assert echoed.stdout.decode() == word


def test_provenance_says_all_that_a_result_comes_from() -> None:
    found = provenance.provenance(Machine("jax", "gpu:1", 2, "fit"), "abc")
    assert {key: found[key] for key in ("backend", "engine", "device", "threads", "data_digest")} == {
        "backend": "jax",
        "engine": "fit",
        "device": "gpu:1",
        "threads": 2,
        "data_digest": "abc",
    }
    assert found["versions"].keys() >= {"python", "keras", "numpy"}
    assert found["git"].keys() == {"commit", "dirty"}
    assert abs(datetime.fromisoformat(found["time"]).timestamp() - datetime.now().timestamp()) < 60
