"""A disk that is full, or that nobody may write to: a named error, whole files, and a resume that completes."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.chaos.commands import MACHINE, Ended, Here

from mnist_sweeps.storage import run_folder

ONE = {"one": {}}


class Disk:
    """Counts what is written below a folder: files opened for it, and calls of fsync; some of it fails."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.writes = folder, 0
        self.fails: Callable[[int], bool] = lambda write: False
        opened, synced = Path.open, os.fsync

        def watched_open(path: Path, mode: str = "r", *words: Any, **named: Any) -> Any:
            if set(mode) & set("wa") and path.absolute().is_relative_to(folder):
                self.write()
            return opened(path, mode, *words, **named)

        def watched_sync(descriptor: int) -> None:
            self.write()
            synced(descriptor)

        monkeypatch.setattr(Path, "open", watched_open)
        monkeypatch.setattr(os, "fsync", watched_sync)

    def write(self) -> None:
        self.writes += 1
        if self.fails(self.writes):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def expect_named_or_whole(ended: Ended, here: Here) -> None:
    """No run counts by half; what went wrong stands in one line, or nothing did."""
    sweep = here.sweep
    for run, record in sweep.records().items():
        if record["status"] == "completed":
            assert run_folder.damaged(sweep.folder / run) == []
    assert sweep.leftovers() in ([], [str(sweep.folder / "one/seed-0/.begun.json")])
    if ended.code == 0:
        assert set(sweep.statuses().values()) == {"completed"}
        assert (sweep.folder / "report.csv").exists()
    else:
        assert ended.code in (1, 2)
        assert (
            "No space left on device" in ended.out + (ended.err.splitlines() or [""])[-1]
        )  # tracebacks are for log.txt


def expect_completes(here: Here, history: bytes) -> None:
    """With space again the same command gives what it would have given."""
    ended = here.run()
    assert ended.code == 0, ended.out + ended.err
    assert here.sweep.histories() == {"one/seed-0": history}
    assert here.sweep.leftovers() == []


@pytest.mark.parametrize(
    ("step", "lasting"),
    [
        pytest.param(17, True, id="from some writes on"),
        pytest.param(1, True, id="from each write on", marks=pytest.mark.slow),
        pytest.param(1, False, id="at each write alone", marks=pytest.mark.slow),
    ],
)
def test_a_full_disk(here: Here, monkeypatch: pytest.MonkeyPatch, step: int, lasting: bool) -> None:
    here.sweep.ask(ONE, seeds=1)
    disk = Disk(here.sweep.home / "outputs", monkeypatch)
    assert here.run().code == 0
    history, writes = here.sweep.histories()["one/seed-0"], disk.writes
    assert writes > 25  # the step below is among them
    for first in range(1, writes + 1, step):
        shutil.rmtree(here.sweep.folder)
        disk.writes = 0
        disk.fails = lambda write, first=first: write >= first if lasting else write == first  # type: ignore[misc]
        ended = here.run()
        disk.fails = lambda write: False
        expect_named_or_whole(ended, here)
        expect_completes(here, history)


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Makes outputs/ a file system of so many KB; skips where nothing may be mounted."""
    folder = tmp_path / "outputs"
    folder.mkdir()

    def mount(size: int) -> Path:
        unmount()
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(folder)], capture_output=True, check=False
        )
        if made.returncode != 0:
            pytest.skip("mounting is not allowed here")
        return folder

    def unmount() -> None:
        if folder.is_mount():
            subprocess.run(["umount", str(folder)], check=True)

    if shutil.which("mount") is None:
        pytest.skip("there is no mount")
    yield mount
    unmount()


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param([20], id="one"),
        pytest.param([60], id="a larger one", marks=pytest.mark.slow),
        pytest.param(range(4, 160, 8), id="many", marks=pytest.mark.slow),
    ],
)
def test_a_small_disk(here: Here, mounted: Callable[[int], Path], sizes: list[int]) -> None:
    here.sweep.ask(ONE, seeds=1)
    assert here.run().code == 0
    history = here.sweep.histories()["one/seed-0"]
    codes = []
    for size in sizes:
        mounted(size)
        ended = here.run()
        codes.append(ended.code)
        expect_named_or_whole(ended, here)
        subprocess.run(["mount", "-o", "remount,size=4m", str(here.sweep.home / "outputs")], check=True)
        expect_completes(here, history)
    assert set(codes) & {1, 2}


def test_a_folder_that_may_not_be_written(here: Here) -> None:
    sweep = here.sweep.ask(ONE)
    (sweep.home / "outputs").mkdir(mode=0o555)
    words = [sys.executable, "-m", "mnist_sweeps", f"sweep={sweep.name}", "size=smoke", *MACHINE]
    if os.getuid() == 0:  # root may write everywhere, unless it gives that up
        if (setpriv := shutil.which("setpriv")) is None:
            pytest.skip("root cannot become an ordinary user here")
        words = [setpriv, "--bounding-set=-dac_override,-dac_read_search", *words]
    child = subprocess.run(words, cwd=sweep.home, capture_output=True, text=True, check=False)
    assert child.returncode == 2
    assert child.stderr.splitlines() == [f"outputs/{sweep.name},size=smoke: Permission denied"]
    assert list((sweep.home / "outputs").iterdir()) == []
