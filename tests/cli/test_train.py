"""A training's command line, and the task that Hydra calls for each variant."""

from pathlib import Path

import pytest
from hydra.core.hydra_config import HydraConfig
from omegaconf import OmegaConf

from mnist_sweeps.cli import train
from mnist_sweeps.cli.hydra_flags import checked
from mnist_sweeps.planning import compose
from mnist_sweeps.storage import run_folder, run_scores


@pytest.mark.parametrize("words", [["-m", "--cfg", "job"], ["--info", "config", "--multirun"]])
def test_multirun_is_harmless_beside_what_hydra_prints(words: list[str]) -> None:
    assert not {"-m", "--multirun"} & set(checked(words))
    assert "-m" in checked(["-m", "seeds=2"])


def test_a_relative_path_means_the_same_where_hydra_changes_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folders: list[Path] = []
    monkeypatch.setattr(run_folder, "is_complete", lambda *_: folders.append(Path.cwd()) or True)
    monkeypatch.setattr(run_scores, "mean_validation_accuracy", lambda *_: 0.9)
    monkeypatch.setattr(compose, "to_config", lambda composed: composed)
    runtime = {"output_dir": str(tmp_path), "cwd": "/"}  # Hydra has gone from cwd to output_dir
    config = OmegaConf.create({"hydra": {"runtime": runtime}})
    monkeypatch.setattr(HydraConfig, "get", lambda: config.hydra)
    assert train.task(OmegaConf.create()) == 0.9
    assert folders == [Path("/")]


def test_a_flag_that_runs_code_from_a_file_is_refused() -> None:
    with pytest.raises(ConfigError, match="^--experimental-rerun: would run code"):
        checked(["--experimental-rerun", "config.pickle"])
