import os
from pathlib import Path

import pytest

from mnist_sweeps.storage import atomic


@pytest.mark.parametrize("content", [pytest.param("grüße\n", id="text"), pytest.param(b"\x00\xff", id="bytes")])
def test_writes_and_replaces(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "file"
    path.write_text("what was there, and longer than what comes")
    atomic.write(path, content)
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert [left.name for left in tmp_path.iterdir()] == ["file"]
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    path = tmp_path / "file"
    path.write_text("before")
    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), full)
    with pytest.raises(OSError, match="no space") as raised:
        atomic.write(path, "after")
    assert raised.value.filename == str(path)
    assert path.read_text() == "before"
    assert [left.name for left in tmp_path.iterdir()] == ["file"]


def test_a_reader_never_sees_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, seen = tmp_path / "file", []
    path.write_text("before")
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        seen.append((path.read_text(), self.read_text(), self.parent))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    atomic.write(path, "after")
    assert seen == [("before", "after", tmp_path)]  # whole before it gets its name, and on the same file system


def test_no_folder_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        atomic.write(tmp_path / "missing" / "file", "content")


def test_tidy_removes_what_killed_writers_left(tmp_path: Path) -> None:
    left, kept = tmp_path / "deep" / ".abc.part", tmp_path / ".hidden"
    left.parent.mkdir()
    for path in (left, kept):
        path.touch()
    atomic.tidy(tmp_path)
    assert not left.exists()
    assert kept.exists()


def test_tidy_spares_a_part_whose_writer_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def tidied(descriptor: int) -> None:
        atomic.tidy(tmp_path)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", tidied)
    atomic.write(tmp_path / "file", "content")
    assert (tmp_path / "file").read_text() == "content"
