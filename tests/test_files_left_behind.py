"""After a command nothing is left outside of `outputs/` and the documented cache, however the command ended."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SMALL = ["backend=tensorflow", "data.train_size=100", "data.test_size=50", "model.hidden=[4]", "threads=1", "workers=2"]


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    """A working directory, a home and a folder for temporary files, all empty."""
    made = {name: tmp_path / name for name in ("work", "home", "tmp")}
    for folder in made.values():
        folder.mkdir()
    return made


def start(places: dict[str, Path], *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mnist_sweeps", *SMALL, *words]
    environment = {**os.environ, "HOME": str(places["home"]), "TMPDIR": str(places["tmp"])}
    return subprocess.Popen(
        command, cwd=places["work"], env=environment, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def left_behind(places: dict[str, Path]) -> list[str]:
    """Files outside of outputs/ and ~/.cache/mnist_sweeps, and temporary ones inside."""
    root = places["work"].parent
    files = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    allowed = ("work/outputs/", "home/.cache/mnist_sweeps/", "home/.cache/matplotlib/")  # its list of the fonts here
    return [file for file in files if not file.startswith(allowed) or "/.tmp-" in file]


@pytest.mark.slow  # the default suite looks after the sweep of test_end_to_end
def test_a_sweep_leaves_nothing_behind(places: dict[str, Path]) -> None:
    with start(places, "training.epochs=1", "model.dropout=0.0,0.1") as command:
        output, _ = command.communicate(timeout=120)
    assert command.returncode == 0, output
    assert left_behind(places) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_sweep_leaves_nothing_outside_of_its_folder(places: dict[str, Path], number: signal.Signals) -> None:
    with start(places, "training.epochs=2000", "model.dropout=0.0,0.1") as command:
        until = time.monotonic() + 60
        while not list(places["work"].rglob("history.csv")) and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(2)  # a worker traces its network
        os.killpg(command.pid, number)
        command.communicate(timeout=60)
    inside_the_sweep = "work/outputs/" if number == signal.SIGKILL else "nowhere"  # the next command removes them
    assert [file for file in left_behind(places) if not file.startswith(inside_the_sweep)] == []
