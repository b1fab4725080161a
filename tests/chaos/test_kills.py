"""kill -9 at every named point; the same command again gives what an unbroken one gives."""

import random
import shutil
import time

import pytest
from tests.chaos.commands import POINTS, ROWS, Ended, Fault, Sweep


def go_on(sweep: Sweep, *faults: Fault) -> Ended:
    """The same command once more, which trains what is not finished and nothing else."""
    finished, begun = sweep.finished(), sweep.begun()
    ended = sweep.run(faults=faults)
    again = sweep.finished()
    assert {run: again[run] for run in finished} == finished
    assert not (sweep.begun() - begun).keys() & finished.keys()
    return ended


def expect_whole(ended: Ended, sweep: Sweep) -> None:
    """Nothing tells the sweep from one that nobody broke."""
    unbroken = Sweep(sweep.home / "unbroken")
    shutil.copytree(sweep.home / "conf", unbroken.home / "conf")
    for command in (ended, unbroken.run()):
        assert (command.code, command.err) == (0, ""), command.out + command.err
    assert sweep.histories() == unbroken.histories()
    assert set(sweep.statuses().values()) == {"completed"}
    assert sweep.leftovers() == []
    assert (sweep.folder / "report.csv").exists()


# Who is killed and where, command for command; a worker's death ends no command.
MIXED = [[("driver", "epoch")], [("worker", "replacing")]]
WORKER = [[("worker", point) for point in POINTS]]
DRIVER = [[("driver", point)] for point in POINTS]
GROUP = [[("group", point)] for point in POINTS]


@pytest.mark.parametrize(
    "commands",
    [
        pytest.param([[("driver", "epoch")]], id="driver"),
        pytest.param(MIXED, id="driver and worker", marks=pytest.mark.slow),
        pytest.param(WORKER, id="worker at every point", marks=pytest.mark.slow),
        pytest.param(DRIVER, id="driver at every point", marks=pytest.mark.slow),
        pytest.param(GROUP, id="group at every point", marks=pytest.mark.slow),
    ],
)
def test_a_killed_sweep_goes_on(sweep: Sweep, commands: list[list[tuple[str, str]]]) -> None:
    sweep.ask({point: ROWS[point] for command in commands for _, point in command})
    for command in commands:
        ended = go_on(sweep, *({"at": at, "run": f"{at}/seed-1", "do": f"kill {victim}"} for victim, at in command))
        for victim, point in command:
            assert ended.code == (1 if victim == "worker" else -9), ended.out + ended.err
            assert f"{point}/seed-0" in sweep.finished()
            assert (f"{point}/seed-1" in sweep.finished()) == (point == "replaced")
    expect_whole(go_on(sweep), sweep)


@pytest.mark.slow
def test_killed_twenty_times_at_random(sweep: Sweep) -> None:
    rows = {f"rate {number}": {"optimizer.learning_rate": 0.001 * number} for number in range(1, 11)}
    seconds = random.Random(3)
    sweep.ask(rows, seeds=3)
    for _ in range(20):
        finished = sweep.finished()
        running = sweep.start(FAULTS_SLOW="0.2")
        time.sleep(seconds.uniform(0.2, 8))
        running.kill()
        running.end()
        again = sweep.finished()
        assert {run: again[run] for run in finished} == finished
    expect_whole(go_on(sweep), sweep)
    assert len(sweep.histories()) == 30
