"""The same command again: what is kept, refused, moved aside, trained anew."""

import shutil
from pathlib import Path

import pytest
import yaml
from tests import pretend
from tests.pretend import MINE, Launcher

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.sweeps import driver, resume
from mnist_sweeps.sweeps.dry_run import Built

OUT = Path("outputs/mine")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of sweep=mine: 2 rows of 2 seeds."""
    return pretend.finished(tmp_path_factory.mktemp("once"))


@pytest.fixture(autouse=True)
def trained(once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """sweep=mine has run here."""
    pretend.prepare(tmp_path, monkeypatch)
    shutil.copytree(once, "outputs")


def edit(old: str, new: str) -> None:
    assert old in MINE
    Path("conf/sweep/mine.yaml").write_text(MINE.replace(old, new))


def times() -> dict[str, int]:
    """When each run.json was written."""
    return {str(path.relative_to(OUT)): path.stat().st_mtime_ns for path in OUT.rglob("run.json")}


def test_the_same_command_again_keeps_every_run(capsys: pytest.CaptureFixture[str]) -> None:
    before = times()
    assert Launcher().sweep("sweep=mine") == []
    assert times() == before
    assert "4 runs kept, made 20" in (said := capsys.readouterr().out)
    assert "with code 1a2b3c4d5e" in said


def test_without_sweep_yaml_the_machine_is_that_of_the_runs() -> None:
    for run in OUT.rglob("run.json"):
        run.write_text(run.read_text().replace('"backend": "tensorflow"', '"backend": "jax"'))
    (OUT / "sweep.yaml").unlink()
    assert Launcher().sweep("sweep=mine") == []
    machine = yaml.safe_load((OUT / "sweep.yaml").read_text())["machine"]
    assert machine == {"backend": "jax", "device": "cpu", "threads": 2, "engine": "fit"}


def test_more_seeds_train_only_the_new_ones() -> None:
    before = times()
    edit("seeds: 2", "seeds: 3")
    assert Launcher().sweep("sweep=mine") == ["plain/seed-2", "other-optimizer/seed-2"]
    assert {path: time for path, time in times().items() if path in before} == before
    assert len(times()) == 6


def test_a_new_row_trains_alone() -> None:
    edit("  plain again: {}", "  third: {training.batch_size: 32}")
    assert Launcher().sweep("sweep=mine") == ["third/seed-0", "third/seed-1"]


def test_a_row_of_fewer_seeds_counts_only_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    edit("seeds: 2", "seeds: [1]")
    assert Launcher().sweep("sweep=mine") == []
    assert "2 runs kept" in capsys.readouterr().out


@pytest.mark.parametrize("status", ["failed", "diverged", "killed", "timed_out", "interrupted"])
def test_a_run_that_did_not_complete_is_trained_again(status: str) -> None:
    run = OUT / "plain" / "seed-1" / "run.json"
    run.write_text(run.read_text().replace('"status": "completed"', f'"status": "{status}"'))
    assert Launcher().sweep("sweep=mine") == ["plain/seed-1"]


@pytest.mark.parametrize("left", [None, "", '{"status": "completed"', "[]"])
def test_a_run_without_a_whole_record_is_trained_again(left: str | None) -> None:
    run = OUT / "plain" / "seed-0" / "run.json"
    run.unlink() if left is None else run.write_text(left)
    assert Launcher().sweep("sweep=mine") == ["plain/seed-0"]


def test_an_edited_row_is_refused_with_the_difference() -> None:
    before = times()
    edit("{optimizer: sgd}", "{optimizer: momentum, training.batch_size: 64}")
    with pytest.raises(ConfigError) as refused:
        Launcher().sweep("sweep=mine")
    (line,) = str(refused.value).splitlines()
    assert line.startswith("variant other optimizer: other-optimizer holds runs of other settings (")
    assert "optimizer.momentum: None there, 0.9 now" in line
    assert "training.batch_size: 128.0 there, 64.0 now" in line
    assert "overwrite=true" in line and "fresh=true" in line
    assert times() == before


def test_overwrite_moves_the_edited_row_aside_and_no_other() -> None:
    before = times()
    edit("{optimizer: sgd}", "{optimizer: momentum}")
    assert Launcher().sweep("sweep=mine", "overwrite=true") == ["other-optimizer/seed-0", "other-optimizer/seed-1"]
    aside = {path for path in times() if path.startswith(resume.ASIDE)}
    assert len(aside) == 2
    assert times()["plain/seed-0/run.json"] == before["plain/seed-0/run.json"]
    assert len(times()) == 6


def test_overwrite_moves_nothing_where_a_row_cannot_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    before = times()
    edit("{optimizer: sgd}", "{optimizer: momentum}")
    monkeypatch.setattr(driver, "dry_run", lambda configs: [Built(fault="model.hidden=0: too few")] * len(configs))
    with pytest.raises(ConfigError, match="too few"):
        Launcher().sweep("sweep=mine", "overwrite=true")
    assert times() == before


def test_overwrite_without_need_keeps_every_run() -> None:
    assert Launcher().sweep("sweep=mine", "overwrite=true") == []


def test_fresh_trains_all_anew_in_a_dated_folder() -> None:
    before = times()
    assert len(Launcher().sweep("sweep=mine", "fresh=true")) == 4
    assert times() == before
    (dated,) = (path for path in Path("outputs").iterdir() if path != OUT)
    assert dated.name.startswith("mine,20")
    assert yaml.safe_load((dated / "sweep.yaml").read_text())["sweep"] == dated.name


def test_a_sweep_goes_on_with_the_machine_on_which_it_began() -> None:
    written = yaml.safe_load((OUT / "sweep.yaml").read_text())
    (OUT / "sweep.yaml").write_text(yaml.safe_dump({**written, "machine": {**written["machine"], "threads": 7}}))
    edit("seeds: 2", "seeds: 3")
    Launcher().sweep("sweep=mine")
    assert yaml.safe_load((OUT / "sweep.yaml").read_text())["machine"] == {**written["machine"], "threads": 7}
    Launcher().sweep("sweep=mine", "threads=1")  # nothing is left to train: what trained it stays
    assert yaml.safe_load((OUT / "sweep.yaml").read_text())["machine"] == {**written["machine"], "threads": 7}
    edit("seeds: 2", "seeds: 4")
    Launcher().sweep("sweep=mine", "threads=1")
    assert yaml.safe_load((OUT / "sweep.yaml").read_text())["machine"] == {**written["machine"], "threads": 1}


@pytest.mark.parametrize("left", ["", "machine: fast", "variants: ["])
def test_a_plan_that_cannot_be_read_stops_nothing(left: str) -> None:
    (OUT / "sweep.yaml").write_text(left)
    assert Launcher().sweep("sweep=mine") == []


def test_a_finished_sweep_leaves_its_report_as_it_is() -> None:
    Launcher().sweep("sweep=mine")  # the copy is of another time and place
    before = {path.name: path.stat().st_mtime_ns for path in OUT.glob("*.*")}
    assert Launcher().sweep("sweep=mine") == []
    assert {path.name: path.stat().st_mtime_ns for path in OUT.glob("*.*")} == before
    (OUT / "report.csv").unlink()
    Launcher().sweep("sweep=mine")
    assert (OUT / "report.csv").exists()


def test_folds_are_kept_one_by_one() -> None:
    launcher = Launcher()
    assert len(launcher.sweep("sweep=folds")) == 2 * 2 * 3
    folder = Path("outputs/folds")
    (folder / "0.1" / "seed-1-fold-2" / "run.json").unlink()
    assert launcher.sweep("sweep=folds") == ["0.1/seed-1-fold-2"]


def test_another_number_of_folds_is_refused() -> None:
    Launcher().sweep("sweep=folds")
    Path("conf/sweep/folds.yaml").write_text(pretend.FOLDS.replace("data.folds: 3", "data.folds: 2"))
    with pytest.raises(
        ConfigError, match=r"variant 0\.1: 0\.1 holds runs of other settings \(data\.folds: 3\.0 there, 2"
    ):
        Launcher().sweep("sweep=folds")


def test_runs_without_folds_are_refused_where_there_are_folds_now() -> None:
    edit("seeds: 2,", "seeds: 2, data.folds: 2,")
    with pytest.raises(ConfigError, match=r"data\.folds: None there, 2\.0 now"):
        Launcher().sweep("sweep=mine")
