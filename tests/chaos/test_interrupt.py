"""Ctrl-C once ends cleanly and writes the report, twice ends at once; SIGTERM is a Ctrl-C."""

import os
import signal

import pytest
from tests.chaos.commands import ROWS, Sweep

CLEANLY, AT_ONCE = 5.0, 2.0  # seconds

ROW = {"epoch": ROWS["epoch"], "never begun": {}}


def expect_completes(sweep: Sweep) -> None:
    finished = sweep.finished()
    ended = sweep.run()
    assert ended.code == 0, ended.out + ended.err
    runs = [f"{row}/seed-{seed}" for row in ("epoch", "never-begun") for seed in (0, 1)]
    assert sweep.statuses() == dict.fromkeys(runs, "completed")
    assert sweep.finished().items() >= finished.items()
    assert sweep.leftovers() == []


@pytest.mark.slow
@pytest.mark.parametrize("signalled", ["interrupt driver", "interrupt group", "terminate driver"])
def test_once(sweep: Sweep, signalled: str) -> None:
    ended = sweep.ask(ROW).run(faults=[{"at": "epoch", "run": "epoch/seed-1", "do": signalled}])
    assert ended.code == 130, ended.out + ended.err
    assert ended.at - sweep.struck.stat().st_mtime < CLEANLY
    assert sweep.statuses() == {"epoch/seed-0": "completed", "epoch/seed-1": "interrupted"}
    assert ended.err == "interrupted; run the same command again to resume\n"
    assert "epoch (seed 1) interrupted: Interrupted: stopped by Ctrl-C" in (sweep.folder / "report.txt").read_text()
    assert "epoch (seed 1) interrupted" in ended.out
    expect_completes(sweep)


@pytest.mark.slow
def test_twice(sweep: Sweep) -> None:
    fault = {"at": "epoch", "run": "epoch/seed-1", "do": "interrupt driver"}
    running = sweep.ask(ROW).start(faults=[fault], FAULTS_REPORT="hangs")
    running.wait_for((sweep.home / "reporting").exists)
    os.kill(running.process.pid, signal.SIGINT)
    ended = running.end()
    assert ended.code == 130
    assert ended.at - (sweep.home / "reporting").stat().st_mtime < AT_ONCE
    expect_completes(sweep)
