"""Done, running, failed, left."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.pretend import Launcher

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError


def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert run_command("status", [str(folder)]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_finished_sweep_is_one_line(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(swept, capsys) == ["mine: 4 completed"]  # the row that equals another has no runs


@pytest.mark.parametrize("word", ["failed", "diverged", "killed", "timed_out", "interrupted"])
def test_runs_that_did_not_complete_are_named(swept: Path, capsys: pytest.CaptureFixture[str], word: str) -> None:
    run = swept / "plain" / "seed-1" / "run.json"
    run.write_text(json.dumps({**json.loads(run.read_text()), "status": word}))
    assert told(swept, capsys) == [f"mine: 3 completed, 1 {word}", f"  plain, seed 1: {word}"]


def test_what_was_begun_and_is_held_by_nobody_was_killed(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (swept / "plain" / "seed-1" / "run.json").unlink()
    assert told(swept, capsys) == ["mine: 3 completed, 1 killed", "  plain, seed 1: killed"]


def test_what_is_left_is_counted(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (swept / "plain" / "seed-1").rename(swept.parent / "elsewhere")
    assert told(swept, capsys)[0] == "mine: 3 completed, 1 not begun"


def test_the_time_to_go_is_that_of_the_rows_completed_runs(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for row, seconds in (("plain", 70), ("other-optimizer", 5)):
        run = swept / row / "seed-0" / "run.json"
        run.write_text(json.dumps({**json.loads(run.read_text()), "seconds": {"total": seconds}}))
    (swept / "plain" / "seed-1").rename(swept.parent / "elsewhere")
    assert told(swept, capsys)[-1] == "  1:10 of training to go"


def test_a_run_that_another_process_holds_is_running(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = swept / "plain" / "seed-1"
    (run / "run.json").unlink()
    holds = "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holds, str(run)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert told(swept, capsys)[:2] == ["mine: 3 completed, 1 running", "  plain, seed 1: running, epoch 1"]
        other.communicate("\n")
    assert told(swept, capsys)[0] == "mine: 3 completed, 1 killed"


@pytest.mark.parametrize("words", [[], ["a", "b"], ["nowhere"]])
def test_other_words_are_refused(words: list[str]) -> None:
    with pytest.raises(ConfigError, match=r"^(mnist-sweeps )?status"):
        run_command("status", words)


def test_each_fold_is_a_run(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Launcher().sweep("sweep=folds")
    folds = swept.parent / "folds"
    (folds / "0.1" / "seed-1-fold-2").rename(swept.parent / "elsewhere")
    (folds / "0.01" / "seed-0-fold-1" / "run.json").unlink()
    assert told(folds, capsys)[:2] == ["folds: 10 completed, 1 not begun, 1 killed", "  0.01, seed 0 fold 1: killed"]
