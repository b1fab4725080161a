"""What is said of a sweep under way: bars on a terminal, lines elsewhere."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests import pretend
from tests.pretend import leave_run

from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.planning import planner
from mnist_sweeps.planning.compose import session
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.sweeps.progress import Progress

OUT = Path("outputs/mine")


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SweepPlan:
    """sweep=mine: 2 rows to train of 2 seeds and 3 epochs."""
    pretend.prepare(tmp_path, monkeypatch)
    with session():
        return planner.plan(["sweep=mine"])


def progress(planned: SweepPlan, expensive: float = 1.0) -> Progress:
    return Progress(planned, OUT, {"plain": 1.0, "other optimizer": expensive, "plain again": 1.0})


def finish(planned: SweepPlan, row: int, seed: int, accuracy: float = 0.9, status: str = "completed") -> None:
    leave_run(OUT / planned.to_train[row].folder, planned.to_train[row].config, RunKey(seed), accuracy, status)


def begin(planned: SweepPlan, row: int, seed: int, epochs: int) -> None:
    folder = OUT / planned.to_train[row].folder / f"seed-{seed}"
    folder.mkdir(parents=True)
    run_folder.begin(folder, RunRecord("failed", seed))
    for epoch in range(epochs):
        run_folder.append_epoch(folder, epoch + 1, {"loss": 1.0, "accuracy": 0.5})


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock, in seconds."""
    return lambda now: monkeypatch.setattr("mnist_sweeps.sweeps.progress.time", SimpleNamespace(monotonic=lambda: now))


def summary(watch: Progress) -> str:
    watch._look()
    return watch._summary()


def running(watch: Progress) -> dict[str, int]:
    """Finished epochs of each run that is being trained."""
    return {run.name: run_folder.epochs_run(run.folder) for run in watch._running()}


def test_at_first_nothing_is_known(planned: SweepPlan) -> None:
    watch = progress(planned)
    assert (summary(watch), running(watch), watch._count()) == ("", {}, "0/4")


def test_says_what_runs_the_best_so_far_and_the_time_left(planned: SweepPlan, at: Callable[[float], None]) -> None:
    at(1000.0)
    watch = progress(planned)
    finish(planned, row=0, seed=0, accuracy=0.8)
    finish(planned, row=0, seed=1, accuracy=0.9)
    begin(planned, row=1, seed=0, epochs=1)
    at(1070.1)
    assert summary(watch) == "best 90.0% (plain) · 0:50 left"  # 2 1/3 of 4 in 70 s
    assert running(watch) == {"other optimizer, seed 0": 1}
    assert watch._count() == "2/4"


def test_an_expensive_variant_takes_its_share_of_the_time_left(planned: SweepPlan, at: Callable[[float], None]) -> None:
    at(0.0)
    watch = progress(planned, expensive=9.0)
    finish(planned, row=0, seed=0)
    finish(planned, row=0, seed=1)
    at(10.0)
    assert summary(watch).endswith("1:30 left")  # 2 of 20 in 10 s


def test_kept_runs_are_not_counted_but_may_be_the_best(planned: SweepPlan) -> None:
    finish(planned, row=0, seed=0, accuracy=0.95)
    watch = progress(planned)
    assert (summary(watch), watch._count()) == ("best 95.0% (plain)", "0/3")


def test_folds_are_named_and_scored(planned: SweepPlan, capsys: pytest.CaptureFixture[str]) -> None:
    with session():
        folded = planner.plan(["sweep=folds"])
    row = folded.rows[0]
    watch = Progress(folded, OUT, dict.fromkeys((row.name for row in folded.rows), 1.0))
    leave_run(OUT / row.folder, row.config, RunKey(0, 0), 0.875)
    assert summary(watch).startswith("best 87.5% (0.1)")
    assert "1/12 0.1, seed 0 fold 0: validation 87.50%, fold 87.50%, test 12.50%" in capsys.readouterr().out


def test_elsewhere_each_run_that_ends_has_one_line(planned: SweepPlan, capsys: pytest.CaptureFixture[str]) -> None:
    finish(planned, row=0, seed=0)  # kept: no line
    finish(planned, row=0, seed=1, status="failed")  # of an earlier command: no line until it is trained again
    line = progress(planned)
    line._look()
    assert capsys.readouterr().out == ""
    finish(planned, row=0, seed=1, accuracy=0.875)
    line._look()
    line._look()
    finish(planned, row=1, seed=0, status="diverged")
    line._look()
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("1/3 plain, seed 1: validation 87.50%, test 12.50%, 1 epoch")
    assert told[1:] == ["2/3 other optimizer, seed 0: diverged: it ended"]


def test_the_last_runs_are_told_at_the_end(planned: SweepPlan, capsys: pytest.CaptureFixture[str]) -> None:
    with progress(planned):
        finish(planned, row=0, seed=0)
    assert capsys.readouterr().out.startswith("1/4 plain, seed 0: validation 90.00%")


def test_on_a_terminal_there_are_bars_and_a_line_for_what_failed_alone(
    planned: SweepPlan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    watch = progress(planned)
    shown: list[tuple[object, ...]] = []
    monkeypatch.setattr(watch.bars, "show", lambda *values: shown.append(values))
    begin(planned, row=1, seed=0, epochs=2)
    finish(planned, row=0, seed=0, accuracy=0.75)
    finish(planned, row=0, seed=1, status="diverged")
    watch._look()
    done, total, runs, note = shown[-1]
    assert (done, total, runs) == (2, 4, {"other optimizer, seed 0": (2, 3)})
    assert str(note).startswith("best 75.0% (plain) · ")
    assert capsys.readouterr().out == "2/4 plain, seed 1: diverged: it ended\n"


def test_a_variant_is_handed_out_once_when_its_last_run_ends(planned: SweepPlan) -> None:
    complete: list[tuple[str, Path]] = []
    finish(planned, row=0, seed=0)  # kept
    watch = Progress(
        planned, OUT, {"plain": 1.0, "other optimizer": 1.0, "plain again": 1.0},
        add_complete=lambda *variant: complete.append(variant),
    )  # fmt: skip
    finish(planned, row=1, seed=0)
    watch._look()
    assert complete == []
    finish(planned, row=1, seed=1, status="failed")
    finish(planned, row=0, seed=1)
    watch._look()
    watch._look()
    assert complete == [("plain", OUT / "plain"), ("other optimizer", OUT / "other-optimizer")]
