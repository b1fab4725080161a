"""Every command in terminals that are not UTF-8: it says the same in plainer characters, and files stay UTF-8."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests import pretend
from tests.pretend import Launcher

from mnist_sweeps.cli import main
from mnist_sweeps.cli.commands import check
from mnist_sweeps.export import exported
from mnist_sweeps.export.exported import Exported

COMMANDS = [
    ["--help"], ["list"], ["check", "sweep=mine"], ["check", "sweep=größer"], ["status", "outputs/mine"],
    ["report", "outputs/mine"], ["report", "outputs/nowhere·"], ["export", "outputs/mine"], ["schema"],
    ["diff", "outputs/mine/plain", "outputs/mine/other optimizer"], ["diff", "outputs/mine", "outputs/mine"],
    ["export", "--help"], ["optimizer=größer"], ["--größer"], ["sweep=mine", "fresh=true"],
]  # fmt: skip


@pytest.mark.parametrize(
    "encoding", ["ascii", *(pytest.param(name, marks=pytest.mark.slow) for name in ("latin-1", "cp1252"))]
)
def test_every_command_speaks_it(swept: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.setattr(check, "dry_run", lambda configs: [pretend.BUILT] * len(configs))
    monkeypatch.setattr("mnist_sweeps.cli.train.train", lambda words: Launcher().sweep(*words) and 0)
    written = Exported(["scale"], 784, 200, accuracy=0.9, loss=0.3, changed=0)  # there is no model to convert
    monkeypatch.setattr(exported, "export", lambda run, target, formats: written)
    monkeypatch.setenv("HYDRA_FULL_ERROR", "0")
    for words in COMMANDS:
        printed = spoken(words, monkeypatch, encoding)
        assert printed, words
        assert "Traceback" not in printed and "Unicode" not in printed, words
    assert "±" in (swept / "report.txt").read_text(encoding="utf-8")


def spoken(words: list[str], monkeypatch: pytest.MonkeyPatch, encoding: str) -> str:
    """What a command prints in a terminal of that encoding."""
    terminal = {name: io.BytesIO() for name in ("stdout", "stderr")}
    for name, buffer in terminal.items():
        monkeypatch.setattr(sys, name, io.TextIOWrapper(buffer, encoding=encoding, errors="strict"))
    monkeypatch.setattr("sys.argv", ["mnist-sweeps", *words])
    try:
        assert main.cli() in (0, 2)
    except SystemExit as ended:  # of --help
        assert ended.code == 0
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return b"".join(buffer.getvalue() for buffer in terminal.values()).decode(encoding)


def test_a_training_speaks_ascii_and_writes_utf8(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "mnist_sweeps", "model=softmax", "size=smoke", "device=cpu"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"1 runs in outputs/run - " in done.stdout
    assert " · " in (tmp_path / "outputs" / "run" / "report.txt").read_text(encoding="utf-8")
