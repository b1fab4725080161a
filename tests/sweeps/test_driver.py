"""A sweep from its command line to its verdict, with a launcher that only pretends to train."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hydra.core.utils import JobReturn, JobStatus
from tests import pretend
from tests.pretend import Launcher

from mnist_sweeps.cli.messages import configure
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.compose import to_config
from mnist_sweeps.report.figures import overview
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.runtime.reserved import Reserved
from mnist_sweeps.sweeps import driver, finish
from mnist_sweeps.sweeps.dry_run import Built
from mnist_sweeps.sweeps.finish import RunsFailed

OUT = Path("outputs/mine")


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend.prepare(tmp_path, monkeypatch)


def test_each_row_is_a_job_and_equal_rows_are_one() -> None:
    assert Launcher().sweep("sweep=mine") == [
        "plain/seed-0", "plain/seed-1", "other-optimizer/seed-0", "other-optimizer/seed-1",
    ]  # fmt: skip


def test_a_job_composes_to_the_config_that_was_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    from hydra import compose

    from mnist_sweeps.planning import planner

    planned, jobs = [], []
    make = planner.Planner.plan
    monkeypatch.setattr(planner.Planner, "plan", lambda self: planned.append(make(self)) or planned[0])

    class Composing(Launcher):
        def job(self, overrides: list[str]) -> object:
            jobs.append(to_config(compose("config", overrides)))
            return super().job(overrides)

    Composing().sweep("sweep=mine", "optimizer={name: adam, learning_rate: 1e-6}", "data.holdout=first")
    for row, job in zip(planned[0].to_train, jobs, strict=True):
        machine = {key: getattr(job, key) for key in ("device", "backend", "engine", "threads")}
        assert "auto" not in machine.values()  # resolved once for the sweep
        assert job == replace(row.config, **machine)


def test_the_table_is_printed_and_written(capsys: pytest.CaptureFixture[str]) -> None:
    Launcher({"plain": 0.9, "other-optimizer": 0.8}).sweep("sweep=mine")
    printed = capsys.readouterr().out
    assert "4 runs in outputs/mine · " in printed
    assert (OUT / "report.txt").read_text().strip() in printed
    table = pd.read_csv(OUT / "report.csv").set_index("variant")
    assert list(table.index) == ["plain", "other optimizer", "plain again"]
    assert table.same_as["plain again"] == "plain"
    assert table.changes["other optimizer"] == "optimizer"
    assert table["rank"]["plain"] == 1
    assert {path.name for path in OUT.glob("report.*")} == {"report.txt", "report.md", "report.csv", "report.html"}
    assert (OUT / "histories.csv").exists()


def test_every_job_gets_the_same_machine() -> None:
    asked: list[list[str]] = []

    class Asked(Launcher):
        def job(self, overrides: list[str]) -> object:
            asked.append(overrides)
            return super().job(overrides)

    Asked().sweep("sweep=mine", "device=cpu", "backend=tensorflow", "threads=3")
    machine = yaml.safe_load((OUT / "sweep.yaml").read_text())["machine"]
    assert machine.items() >= {"backend": "tensorflow", "device": "cpu", "threads": 3}.items()
    assert all({"device='cpu'", "backend=tensorflow", "threads=3"} <= set(job) for job in asked)


def test_workers_start_for_the_expected_machine_and_again_where_another_is_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[object] = []
    monkeypatch.setattr("mnist_sweeps.sweeps.warm_up.start", lambda machine, *_: started.append(machine.threads))
    monkeypatch.setattr(driver, "dry_run", lambda configs: started.append("checked") or [pretend.BUILT] * len(configs))
    Launcher().sweep("sweep=mine", "device=cpu", "threads=3")
    assert started == [3, "checked"]
    monkeypatch.setattr(driver, "expected_machine", lambda *_: Machine("jax", "cpu", 5))
    started.clear()
    Launcher().sweep("sweep=mine", "device=cpu", "threads=3", "seeds=4")
    assert started == [5, "checked", 3]


def test_a_sweep_that_a_gpu_finished_is_reported_where_there_is_none() -> None:
    Launcher().sweep("sweep=mine")
    written = (OUT / "sweep.yaml").read_text()
    (OUT / "sweep.yaml").write_text(re.sub("device: .*", "device: gpu:7", written))
    Launcher().sweep("sweep=mine", "sweep.margin=0.1")
    assert yaml.safe_load((OUT / "sweep.yaml").read_text())["machine"]["device"] == "gpu:7"


def test_a_sweep_on_gpus_of_a_cluster_needs_none_here() -> None:
    reserved = Reserved(cpus=1, gpus=1, gpus_key="hydra.launcher.num_gpus", check=lambda: None)
    with compose.session():
        driver.sweep(["sweep=mine", "device=gpu"], Launcher(), recycle=None, reserved=reserved)
    assert yaml.safe_load((OUT / "sweep.yaml").read_text())["machine"]["device"] == "gpu:0"


@pytest.mark.parametrize("status", ["failed", "diverged", "killed", "timed_out"])
def test_a_run_that_fails_is_told_after_the_report_is_written(status: str) -> None:
    launcher = Launcher(statuses={"other-optimizer": status})
    with pytest.raises(RunsFailed):
        launcher.sweep("sweep=mine")
    table = pd.read_csv(OUT / "report.csv").set_index("variant")
    assert table.runs["plain"] == 2
    assert table.runs["other optimizer"] == 0
    assert table.status["other optimizer"] == status


def test_a_job_that_fails_after_its_runs_is_told_though_they_are_complete(capsys: pytest.CaptureFixture[str]) -> None:
    class WithoutFigures(Launcher):
        def job(self, overrides: list[str]) -> JobReturn:
            super().job(overrides)
            return JobReturn(overrides=overrides, status=JobStatus.FAILED, _return_value=OSError("no room for figures"))

    with pytest.raises(RunsFailed):
        WithoutFigures().sweep("sweep=mine")
    assert "variant plain: OSError: no room for figures" in capsys.readouterr().err
    assert set(pd.read_csv(OUT / "report.csv").status) == {"completed"}


def test_the_table_waits_for_no_figure_and_a_figure_that_fails_is_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed: list[str] = []
    monkeypatch.setattr(finish.missing_figures, "draw", lambda *_: bool(printed.append(capsys.readouterr().out)))
    with pytest.raises(RunsFailed):
        Launcher().sweep("sweep=mine")
    assert "| plain " in printed[0]
    assert (OUT / "report.html").exists()


def test_nothing_is_written_where_a_row_cannot_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [pretend.BUILT, Built(fault="model.dropout=2: too much"), pretend.BUILT]
    monkeypatch.setattr(driver, "dry_run", lambda configs: faults)
    with pytest.raises(ConfigError, match=r"^row other optimizer: model.dropout=2: too much$"):
        Launcher().sweep("sweep=mine")
    assert not Path("outputs").exists()


def test_an_interrupt_leaves_a_report_of_what_there_is() -> None:
    class Interrupted(Launcher):
        def job(self, overrides: list[str]) -> object:
            if self.trained:
                raise KeyboardInterrupt
            return super().job(overrides)

    with pytest.raises(KeyboardInterrupt):
        Interrupted().sweep("sweep=mine")
    assert list(pd.read_csv(OUT / "report.csv").runs) == [2, 0, 2]


def test_a_single_training_is_a_sweep_of_one_row() -> None:
    assert Launcher().sweep("model=softmax", "seeds=[7]") == ["model=softmax,-seeds=-7/seed-7"]
    assert list(pd.read_csv("outputs/run/report.csv").variant) == ["model=softmax, seeds=[7]"]


def test_single_trainings_share_a_table() -> None:
    launcher = Launcher()
    launcher.sweep("model=softmax")
    launcher.sweep("model=softmax", "optimizer=sgd")
    written = Path("outputs/run/sweep.yaml").read_text()
    table = pd.read_csv("outputs/run/report.csv")
    assert list(table.variant) == ["model=softmax", "model=softmax, optimizer=sgd"]
    assert list(table.runs) == [1, 1]
    assert launcher.sweep("model=softmax") == []
    assert Path("outputs/run/sweep.yaml").read_text() == written
    shutil.rmtree("outputs/run/model=softmax")  # what is deleted is no row
    launcher.sweep("optimizer=sgd")
    assert list(pd.read_csv("outputs/run/report.csv").variant) == ["model=softmax, optimizer=sgd", "optimizer=sgd"]


def test_a_single_training_that_failed_is_not_the_fault_of_the_next() -> None:
    with pytest.raises(RunsFailed):
        Launcher(statuses={"default": "failed"}).sweep()
    Launcher().sweep("optimizer=sgd")
    assert list(pd.read_csv("outputs/run/report.csv").status) == ["failed", "completed"]


def test_a_grid_of_two_keys_is_reported_as_one_sweep() -> None:
    trained = Launcher().sweep("optimizer=adam,sgd", "model.dropout=0,0.5")
    assert len(trained) == 4
    table = pd.read_csv("outputs/optimizer,model.dropout/report.csv")
    assert list(table.variant) == [
        f"optimizer={optimizer}, model.dropout={rate}" for optimizer in ("adam", "sgd") for rate in ("0", "0.5")
    ]
    assert list(table.changes.fillna("")) == ["", "dropout", "optimizer", "dropout, optimizer"]
    assert list(table.attribution.fillna("")) == ["", "", "", "not attributable to one"]


def test_what_the_command_line_takes_from_rows_is_announced(capsys: pytest.CaptureFixture[str]) -> None:
    Launcher().sweep("sweep=mine", "optimizer=adam")
    assert "other optimizer: optimizer=adam on the command line replaces optimizer=sgd" in capsys.readouterr().out


def test_a_path_that_is_not_read_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("sweep=mine", "data=mnist", "data.path=mnist.npz")
    Launcher().sweep(*words)
    assert "not read" not in capsys.readouterr().out
    Launcher().sweep(*words)
    assert capsys.readouterr().out.startswith("data.path=mnist.npz: not read, as no run is missing\n")


def test_hostile_names_and_values_reach_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "draw", pretend.DRAW_OVERVIEW)
    names = ["it's [a] ${b}, {c}: d/e", "../../up", "x" * 300, "Plain", "PLAIN", "report.csv"]
    sweep = {"variants": {name: {"model": "softmax", "seeds": [seed]} for seed, name in enumerate(names)}}
    (tmp_path / "conf" / "sweep" / "hostile.yaml").write_text(yaml.safe_dump(sweep, sort_keys=False))
    Launcher().sweep("sweep=hostile")
    assert list(pd.read_csv("outputs/hostile/report.csv").variant) == names
    assert len(list(Path("outputs/hostile").glob("*/seed-*/run.json"))) == len(names)
    assert [path.name for path in tmp_path.iterdir()] in (["conf", "outputs"], ["outputs", "conf"])


def test_claims_that_are_written_later_are_judged_without_training(capsys: pytest.CaptureFixture[str]) -> None:
    launcher = Launcher(accuracies={"plain": 0.7, "other-optimizer": 0.1})
    launcher.sweep("sweep=mine")
    assert not (OUT / "claims.csv").exists()
    claims = "claims: [{row: other optimizer, is: higher, says: it is better}]\n"
    Path("conf/sweep/mine.yaml").write_text(pretend.MINE + claims)
    capsys.readouterr()
    assert launcher.sweep("sweep=mine") == []
    assert "it is better" in capsys.readouterr().out
    assert pd.read_csv(OUT / "claims.csv").verdict.to_list() == ["holds"]


@pytest.mark.parametrize(("option", "messages", "steps"), [("--quiet", 0, 0), ("--verbose", 1, 1), ("", 1, 0)])
def test_quiet_prints_the_table_alone_and_verbose_each_step(
    capsys: pytest.CaptureFixture[str], option: str, messages: int, steps: int
) -> None:
    configure([option] if option else [])
    Launcher().sweep("sweep=mine")
    configure([])
    printed = capsys.readouterr().out
    assert printed.count("4 runs in outputs/mine · ") == messages
    assert printed.count("plain: built, 7,850 parameters") == steps
    assert "| plain " in printed


@pytest.mark.parametrize(
    ("overrides", "starts"),
    [
        (["sweep=mine"], True),
        (["model=softmax", "seeds=[7]"], False),
        (["sweep=mine", "seeds={until: decided, at_least: 3, at_most: 3}"], False),
    ],
    ids=["several variants", "one variant", "seeds may be added"],
)
def test_figures_are_drawn_while_other_variants_are_trained(
    overrides: list[str], starts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr("mnist_sweeps.job.early_figures.EarlyFigures.start", lambda figures: started.append(figures))
    Launcher().sweep(*overrides)
    assert bool(started) is starts
