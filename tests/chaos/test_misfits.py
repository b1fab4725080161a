"""Rows that raise, diverge, die, exit and hang: each costs itself alone, and the report says how it ended."""

import pytest
from tests.chaos.commands import Fault, Sweep

from mnist_sweeps import report

MISFITS: dict[str, tuple[str | None, str, str]] = {  # what is done to the row, the status of its run, its reason
    "raises": ("raise", "failed", "ValueError: this network is haunted"),
    "diverges": (None, "diverged", "the training loss was not finite in epoch 1"),
    "is killed": ("kill worker", "killed", "its worker was killed by signal 9 (SIGKILL)"),
    "exits": ("exit", "killed", "its worker ended with exit code 1"),
    "hangs": ("hang", "timed_out", "no result within 45 s"),
}


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["raises", "diverges"], id="two", marks=pytest.mark.slow),
        pytest.param(list(MISFITS), id="all", marks=pytest.mark.slow),
    ],
)
def test_misfits_cost_no_other(sweep: Sweep, names: list[str]) -> None:
    rows = {name: {"optimizer.learning_rate": 0.1 * (1 + number)} for number, name in enumerate(names)}
    rows["diverges"] = {"optimizer.learning_rate": 1e38}
    sweep.ask({**rows, "last": {"optimizer.learning_rate": 0.9}}, seeds=1)
    faults: list[Fault] = [
        {"at": "epoch", "run": f"{name.replace(' ', '-')}/seed-0", "do": done}
        for name in names
        if (done := MISFITS[name][0])
    ]
    ended = sweep.run("hydra.launcher.timeout=45", faults=faults)
    assert ended.code == 1
    statuses = {row.name: row.status for row in report.read(sweep.folder).rows}
    assert statuses == {**{name: MISFITS[name][1] for name in names}, "last": "completed"}
    told = " ".join(ended.out.split())
    for name in names:
        _, status, reason = MISFITS[name]
        assert f"{name} (seed 0) {status.replace('_', ' ')}" in told
        assert reason in told
    if "raises" in names:
        assert "this network is haunted" in (sweep.folder / "raises" / "log.txt").read_text()
