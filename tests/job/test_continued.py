"""A job that goes on from the states of another folder: its runs are those of a job that trained all epochs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mnist_sweeps.config.schema import Config, Training
from mnist_sweeps.job.job import run_job
from mnist_sweeps.job.run import VariantFolder
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import carried_files, earlier_run, run_folder, variant_folder

ConfigOf = Callable[..., Config]


def test_runs_go_on_from_a_folder_with_fewer_epochs(small: ConfigOf, tmp_path: Path) -> None:
    def run(config: Config, sweep: str) -> tuple[Any, bytes]:
        folder = tmp_path / sweep / "row"
        run_job(config, VariantFolder(sweep, "row", folder), Machine("tensorflow", "cpu", 1))
        record = run_folder.read(folder / "seed-0")
        assert record is not None
        return record, (folder / "seed-0" / "history.csv").read_bytes()

    short = small(training=Training(1, 32), keep_state=True)
    long = replace(short, training=Training(2, 32))
    run(short, "short")
    whole, history = run(long, "whole")
    continued, continued_history = run(replace(long, continue_from=str(tmp_path / "short")), "continued")
    assert (continued.digest, continued.scores, continued_history) == (whole.digest, whole.scores, history)
    assert len(continued.duration.epochs) == 2
    assert continued.provenance["continued"] == {
        "folder": str(tmp_path / "short" / "row" / "seed-0"),
        "epochs": 1,
        "code": continued.code,
    }
    assert "continued" not in whole.provenance

    key = long.runs[0]
    on_a_node = replace(long, continue_from=str(tmp_path / "short"))
    states = carried_files.earlier_files(on_a_node, "row", [key])
    carried_files.unpack(states, tmp_path / "node" / earlier_run.CARRIED)
    (tmp_path / "short").rename(tmp_path / "elsewhere")
    carried, carried_history = run(on_a_node, "node")
    assert (carried_history, carried.provenance["continued"]) == (history, continued.provenance["continued"])
    (tmp_path / "elsewhere").rename(tmp_path / "short")

    assert earlier_run.find(tmp_path / "short", "renamed", long, key) is not None  # it is known by its settings
    assert earlier_run.find(tmp_path / "short", "row", short, key) is None  # no more epochs
    assert earlier_run.find(tmp_path / "short", "row", small(training=Training(2, 64)), key) is None
    state = tmp_path / "short" / "row" / "seed-0" / "state.npz"
    state.write_bytes(state.read_bytes()[:-9])
    assert earlier_run.find(tmp_path / "short", "row", long, key) is None  # damaged
    state.unlink()
    assert variant_folder.is_complete(short, tmp_path / "short" / "row")  # a state may be deleted
    failed, _ = run(replace(long, continue_from=str(tmp_path / "short")), "without a state")
    assert failed.failure.message == f"continue_from={tmp_path / 'short'}: there is no state of row, seed 0"
