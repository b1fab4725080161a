"""A training's command line, and the task that Hydra calls for each variant."""

from pathlib import Path

import pytest
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from mnist_sweeps.cli import train
from mnist_sweeps.cli.hydra_flags import checked
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.planning import compose
from mnist_sweeps.planning.planned_config import planned_text
from mnist_sweeps.storage import run_scores, variant_folder


@pytest.mark.parametrize("words", [["-m", "--cfg", "job"], ["--info", "config", "--multirun"]])
def test_multirun_is_harmless_beside_what_hydra_prints(words: list[str]) -> None:
    assert not {"-m", "--multirun"} & set(checked(words))
    assert "-m" in checked(["-m", "seeds=2"])


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DictConfig:
    """Hydra's settings of a job whose runs are there already."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(variant_folder, "is_complete", lambda *_: True)
    monkeypatch.setattr(run_scores, "mean_validation_accuracy", lambda *_: 0.9)
    monkeypatch.setattr(compose, "to_config", lambda _: Config())
    runtime = {"output_dir": str(tmp_path / "sweep" / "row"), "cwd": "/", "choices": {"hydra/sweeper": "basic"}}
    hydra = OmegaConf.create({"runtime": runtime, "mode": RunMode.MULTIRUN, "job": {"num": 0}})
    monkeypatch.setattr(HydraConfig, "get", lambda: hydra)
    return hydra


def test_a_relative_path_means_the_same_where_hydra_changes_the_folder(job: DictConfig) -> None:
    assert train.task(OmegaConf.create({"planned": planned_text(Config())})) == 0.9
    assert Path.cwd() == Path("/")  # Hydra had gone from there to the job's folder


def test_a_job_that_composes_to_another_config_than_planned_does_not_train(job: DictConfig) -> None:
    planned = planned_text(Config(optimizer={"name": "sgd"}))
    with pytest.raises(ConfigError, match=r"^optimizer.name=adam: planned as sgd"):
        train.task(OmegaConf.create({"planned": planned}))


def test_under_another_sweeper_the_missing_report_is_said_once(
    job: DictConfig, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (0, 1):
        job.job.num = number
        train.task(OmegaConf.create({"planned": None}))
    assert [record.message.partition(": ")[0] for record in caplog.records] == ["hydra/sweeper=basic"]


def test_a_training_outside_of_a_sweep_is_refused(job: DictConfig) -> None:
    job.mode = RunMode.RUN
    with pytest.raises(ConfigError, match=r"^hydra.mode=RUN: "):
        train.task(OmegaConf.create({"planned": None}))


def test_a_flag_that_runs_code_from_a_file_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^--experimental-rerun: would run code"):
        checked(["--experimental-rerun", "config.pickle"])
