"""Runs reach the trackers as they end and at the end; a tracker that fails costs nothing else."""

from pathlib import Path

import pytest
from tests import pretend
from tests.pretend import Launcher

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.tracking import trackers
from mnist_sweeps.tracking.tracked_run import TrackedRun, tracked_runs
from mnist_sweeps.tracking.tracking import Tracking


class Recorder:
    """A tracker that notes what it is told, and can fail."""

    where = "a page"

    def __init__(self, fails: bool = False) -> None:
        self.fails, self.sent, self.finished = fails, list[str](), list[bool]()

    def send(self, run: TrackedRun) -> None:
        if self.fails:
            raise ConnectionError("no route\nto host")
        self.sent.append(run.place)

    def finish(self, complete: bool) -> None:
        self.finished.append(complete)


@pytest.fixture
def recorders(monkeypatch: pytest.MonkeyPatch) -> dict[str, Recorder]:
    known = {"tensorboard": Recorder(), "mlflow": Recorder(fails=True)}
    monkeypatch.setattr(trackers, "make", lambda name, sweep: known[name])
    return known


RUNS = [f"{row}/seed-{seed}" for row in ("plain", "other-optimizer") for seed in (0, 1)]


def test_the_command_that_trains_sends_each_run_as_it_ends_and_all_again_at_the_end(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    recorders: dict[str, Recorder],
    capsys: pytest.CaptureFixture[str],
) -> None:
    pretend.prepare(tmp_path, monkeypatch)
    assert len(Launcher().sweep("sweep=mine", "tracker=[mlflow,tensorboard]")) == 4  # though mlflow fails
    assert capsys.readouterr().err.count("tracker=mlflow: ConnectionError") == 1
    assert recorders["tensorboard"].sent == [*RUNS, *RUNS]  # a tracker knows what it has
    assert recorders["tensorboard"].finished == [True]


def test_a_tracker_that_fails_is_named_once_and_the_others_go_on(
    swept: Path, recorders: dict[str, Recorder], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command("track", [str(swept), "--to", "mlflow", "--to", "tensorboard"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "tensorboard: a page\n"
    assert printed.err == (
        "tracker=mlflow: ConnectionError: no route to host; it gets nothing more; "
        f"`mnist-sweeps track {swept} --to mlflow` sends what is missing\n"
    )
    assert recorders["tensorboard"].sent == RUNS


def test_a_run_that_ends_is_sent_by_the_thread(swept: Path, recorders: dict[str, Recorder]) -> None:
    with Tracking(["tensorboard"], swept) as tracking:
        tracking.add("plain", swept / "plain" / "seed-1")
        tracking.add("plain", swept / "plain" / "seed-7")  # there is none
    assert recorders["tensorboard"].sent == ["plain/seed-1"]


def test_a_sweep_with_runs_left_is_not_complete(swept: Path, recorders: dict[str, Recorder]) -> None:
    (swept / "plain" / "seed-1").rename(swept / "aside")
    run_command("track", [str(swept), "--to", "tensorboard"])
    assert recorders["tensorboard"].finished == [False]


def test_a_missing_package_is_refused_before_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend.prepare(tmp_path, monkeypatch)
    monkeypatch.setattr(trackers, "find_spec", lambda package: None)
    launcher = Launcher()
    with pytest.raises(ConfigError, match=r"^tracker=mlflow: needs mlflow; pip install 'mnist-sweeps\[mlflow\]'$"):
        launcher.sweep("sweep=mine", "tracker=mlflow")
    assert not launcher.trained
    assert not Path("outputs").exists()


def test_a_folder_without_a_sweep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"^track {tmp_path}: "):
        run_command("track", [str(tmp_path), "--to", "tensorboard"])


def test_settings_are_those_of_the_run(swept: Path) -> None:
    settings = tracked_runs(swept)[-1].settings
    assert (
        settings.items() >= {"variant": "other optimizer", "seed": 1, "optimizer.name": "sgd", "device": "cpu"}.items()
    )
    assert not settings.keys() & {"workers", "tracker", "seeds"}
