"""A finished sweep that nobody trained."""

import shutil
from pathlib import Path

import pytest
from tests import pretend

from mnist_sweeps.storage import atomic


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of sweep=mine; tests get copies of them, as making them takes more than a second."""
    return pretend.finished(tmp_path_factory.mktemp("finished"), {"plain": 0.9, "other-optimizer": 0.8})


@pytest.fixture
def swept(outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """outputs/mine: the row `plain` is better by validation, and worse by test, than `other optimizer`."""
    pretend.prepare(tmp_path, monkeypatch)
    shutil.copytree(outputs, tmp_path / "outputs")
    return Path("outputs/mine")


@pytest.fixture
def read_only(swept: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """outputs/mine, on a disk that takes no more files."""

    def refuse(path: Path, content: object) -> None:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(atomic, "write", refuse)
    return swept
