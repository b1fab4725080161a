"""Seeds added to a finished sweep, and verdicts that allow for the second look."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from tests.pretend import Launcher

from mnist_sweeps.cli import train
from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError

SWEEP = Path("sweep.yaml")


@pytest.fixture
def launcher(monkeypatch: pytest.MonkeyPatch, swept: Path) -> Launcher:
    """It trains what `extend` asks for; the command that made the sweep is in its sweep.yaml."""
    launcher = Launcher()
    written = yaml.safe_load((swept / SWEEP).read_text())
    (swept / SWEEP).write_text(yaml.safe_dump({**written, "command": "mnist-sweeps sweep=mine fresh=true"}))
    monkeypatch.setattr(train, "train", lambda words: bool(launcher.sweep(*words)) and 0)
    return launcher


def test_seeds_are_added_and_p_counts_once_for_each_look(swept: Path, launcher: Launcher) -> None:
    assert run_command("extend", [str(swept), "seeds=+3"]) == 0
    assert launcher.trained == [f"{row}/seed-{seed}" for row in ("plain", "other-optimizer") for seed in (2, 3, 4)]
    written = yaml.safe_load((swept / SWEEP).read_text())
    assert (written["extended"], written["schema_version"]) == ([3], 2)
    assert pd.read_csv(swept / "report.csv")["looks"].tolist() == [2, 2, 2]
    assert "look 2 at its runs: p counts 2 times, and intervals are of 97.5 %" in (swept / "report.md").read_text()
    assert launcher.sweep("sweep=mine") == []  # the command that made it keeps the seeds


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["seeds=10"], "extend: seeds=10: expected a number of seeds to add, like seeds=+10"),
        (
            ["training.epochs=+1"],
            "extend: training.epochs=+1: expected a number of seeds to add, like seeds=+10, or of",
        ),
    ],
)
def test_a_wrong_number_is_refused(swept: Path, words: list[str], line: str) -> None:
    with pytest.raises(ConfigError, match=line.replace("+", r"\+")):
        run_command("extend", [str(swept), *words])


def test_a_sweep_that_is_not_finished_is_not_extended(swept: Path, launcher: Launcher) -> None:
    (swept / "plain" / "seed-1" / "run.json").unlink()
    with pytest.raises(ConfigError, match="1 of its runs are still to be trained: mnist-sweeps sweep=mine"):
        run_command("extend", [str(swept), "seeds=+3"])


def test_nothing_is_added_where_the_command_cannot_be_run(
    swept: Path, launcher: Launcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(words: list[str]) -> int:
        raise ConfigError("no such sweep")

    monkeypatch.setattr(train, "train", refuse)
    before = (swept / SWEEP).read_text()
    with pytest.raises(ConfigError, match="no such sweep"):
        run_command("extend", [str(swept), "seeds=+3"])
    assert "extended" not in yaml.safe_load((swept / SWEEP).read_text()), before


def test_more_epochs_are_another_sweep_of_the_same_machine_that_goes_on_from_this_one(
    swept: Path, launcher: Launcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(train, "train", lambda words: commands.append(words) or 0)
    command = "mnist-sweeps sweep=mine training.epochs=2 backend=jax --config-dir conf"
    written = yaml.safe_load((swept / SWEEP).read_text())
    machine = {"backend": "jax", "device": "cpu", "threads": 2, "engine": "fit"}
    (swept / SWEEP).write_text(yaml.safe_dump({**written, "command": command, "machine": machine}))
    assert run_command("extend", [str(swept), "training.epochs=40"]) == 0
    assert commands == [
        ["device='cpu'", "threads='2'", "engine='fit'", "training.epochs=40", "continue_from='outputs/mine'",
         "hydra.sweep.dir='outputs/mine,training.epochs=40'", "sweep=mine", "backend=jax", "--config-dir", "conf"]
    ]  # fmt: skip


def test_runs_without_a_state_are_refused_before_anything_is_trained(swept: Path, launcher: Launcher) -> None:
    with pytest.raises(ConfigError) as error:
        run_command("extend", [str(swept), "training.epochs=40"])
    assert str(error.value).splitlines()[0] == (
        "continue_from=outputs/mine: plain: no run of seed 0, seed 1 with these settings, fewer than 40 epochs and a "
        "state; train them with keep_state=true first, or the whole sweep without continue_from"
    )
    assert launcher.trained == []
    assert not Path("outputs/mine,training.epochs=40").exists()


def test_a_sweep_with_added_seeds_gets_no_more_epochs(swept: Path, launcher: Launcher) -> None:
    run_command("extend", [str(swept), "seeds=+1"])
    with pytest.raises(ConfigError, match="seeds were added to it"):
        run_command("extend", [str(swept), "training.epochs=40"])
