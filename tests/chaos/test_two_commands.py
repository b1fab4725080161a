"""Two commands on one folder: each run is trained once."""

import time
from pathlib import Path

import pytest
from tests.chaos.commands import ROWS, Here, Sweep

from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.storage import variant_folder
from mnist_sweeps.storage.run_lock import lock_run


def test_a_run_that_another_command_trains_is_left_to_it(here: Here) -> None:
    sweep = here.sweep.ask({"one": {}})
    with lock_run(sweep.folder / "one" / "seed-0"):
        ended = here.run()
    assert ended.code == 1
    assert "one, seed 0: left to another command, which is training it" in ended.out
    assert "1 of 2 runs completed" in ended.out
    assert sweep.statuses() == {"one/seed-1": "completed"}
    kept = sweep.finished()
    assert here.run().code == 0
    assert sweep.finished().items() > kept.items()


def test_a_run_that_another_command_has_just_trained_is_kept(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = here.sweep.ask({"one": {}}, seeds=1)
    assert here.run().code == 0
    kept = sweep.finished()
    monkeypatch.setattr(variant_folder, "unfinished", lambda *_: [RunKey(0)])  # as it was when this command looked
    assert here.run().code == 0
    assert sweep.finished() == kept


@pytest.mark.slow
@pytest.mark.parametrize("hosts", [({}, {}), ({"FAULTS_HOST": "a"}, {"FAULTS_HOST": "b"})], ids=["one host", "two"])
def test_two_at_once_train_each_run_once(sweep: Sweep, hosts: tuple[dict[str, str], dict[str, str]]) -> None:
    one = sweep.start(FAULTS_SLOW="0.3", **hosts[0])
    one.wait_for(sweep.log.exists)
    other = sweep.start(FAULTS_SLOW="0.3", **hosts[1])
    ends = [running.end() for running in (one, other)]
    assert {ended.code for ended in ends} <= {0, 1}
    assert sweep.begun() == dict.fromkeys([f"{row}/seed-{seed}" for row in ROWS for seed in (0, 1)], 1)
    assert set(sweep.statuses().values()) == {"completed"}
    kept = sweep.finished()
    last = sweep.run()
    assert last.code == 0
    assert "10 runs kept" in last.out
    assert sweep.finished() == kept


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["worker", "driver", "group"])
def test_the_next_goes_on_when_the_holder_dies(sweep: Sweep, victim: str) -> None:
    fault = {"at": "epoch", "run": "one/seed-0", "do": f"kill {victim}"}
    running = sweep.ask({"one": {}}, seeds=1).start(faults=[fault])
    running.wait_for(sweep.struck.exists)
    began = time.monotonic()
    with lock_run(Path(sweep.folder / "one" / "seed-0"), patience=2):
        assert time.monotonic() - began < 2
    running.end()
    assert sweep.run().code == 0
