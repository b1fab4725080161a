"""A finished sweep that nobody trained."""

from pathlib import Path

import pytest
from tests import pretend
from tests.pretend import Launcher

from mnist_sweeps.storage import atomic


@pytest.fixture
def swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """outputs/mine: the row `plain` is better by validation, and worse by test, than `other optimizer`."""
    pretend.prepare(tmp_path, monkeypatch)
    Launcher({"plain": 0.9, "other-optimizer": 0.8}).sweep("sweep=mine")
    return Path("outputs/mine")


@pytest.fixture
def read_only(swept: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """outputs/mine, on a disk that takes no more files."""

    def refuse(path: Path, content: object) -> None:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(atomic, "write", refuse)
    return swept
