"""A sweep until decided from its first round to its last, with a launcher that only pretends to train."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hydra import compose as hydra_compose
from hydra.core.utils import JobReturn
from tests import pretend
from tests.pretend import Launcher, leave_run

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.planning import compose
from mnist_sweeps.report.page import render
from mnist_sweeps.sweeps.finish import RunsFailed

RACE = """\
question: Which?
common: {model: softmax, training.epochs: 3, seeds: {until: decided, at_most: 8}}
margin: 1
variants:
  plain: {}
  far: {optimizer: sgd}
  near: {optimizer: momentum}
  plain again: {}
"""
OUT = Path("outputs/race")
ACCURACIES = {"plain": 0.5, "far": 0.2, "near": 0.51}  # of validation, test is the contrary


CONFIGS: dict[tuple[str, ...], Config] = {}  # of the jobs of this module: Hydra takes 0.2 s to compose one


class Trainer(Launcher):
    """Scores each run by its row and seed; dies after some runs, and fails at the `broken` ones."""

    def __init__(self, runs: int = 1000, broken: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.left, self.broken = runs, broken
        self.batches: list[int] = []

    def __call__(self, jobs: list[list[str]], folder: str, *rest: Any) -> list[JobReturn]:
        self.batches.append(len(jobs))
        return super().__call__(jobs, folder, *rest)

    def job(self, overrides: list[str]) -> JobReturn:
        settings = dict(word.partition("=")[::2] for word in overrides)
        words = tuple(word for word in overrides if not word.startswith(("hydra.", "planned=", "seeds=")))
        if words not in CONFIGS:
            CONFIGS[words] = compose.to_config(hydra_compose("config", list(words)))
        folder, name = (settings[f"hydra.sweep.{key}"].strip("'") for key in ("dir", "subdir"))
        config = replace(CONFIGS[words], seeds=yaml.safe_load(settings["seeds"]))
        return self.train(config, Path(folder, name), overrides)


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend.prepare(tmp_path, monkeypatch, race=RACE)

    def leave(variant: Path, config: Config, run: RunKey, accuracy: float, status: str) -> Path:
        if not trainer.left:
            raise KeyboardInterrupt
        trainer.left -= 1
        noise = np.random.default_rng([run.seed, len(variant.name)]).normal(0, 0.01)
        status = "failed" if f"{variant.name}/seed-{run.seed}" in trainer.broken else status
        return leave_run(variant, config, run, round(ACCURACIES[variant.name] + noise, 3), status)

    trainer = Trainer()

    def sweep(self: Trainer, *words: str) -> list[str]:
        nonlocal trainer
        trainer = self
        return Launcher.sweep(self, *words)

    monkeypatch.setattr(render, "render", lambda report: "")  # the page takes tenths of a second
    monkeypatch.setattr(Trainer, "sweep", sweep)
    monkeypatch.setattr(pretend, "leave_run", leave)


def seeds() -> dict[str, int]:
    """Number of seeds by row, in sweep.yaml."""
    return {row["name"]: len(row["seeds"]) for row in yaml.safe_load((OUT / "sweep.yaml").read_text())["variants"]}


def table() -> pd.DataFrame:
    return pd.read_csv(OUT / "report.csv").set_index("variant")


def runs(trained: list[str]) -> dict[str, list[int]]:
    """The trained seeds by row."""
    found: dict[str, list[int]] = {}
    for name in trained:
        found.setdefault(name.partition("/")[0], []).append(int(name.rpartition("-")[2]))
    return found


def test_seeds_are_added_in_rounds_to_rows_that_are_not_decided() -> None:
    trainer = Trainer()
    trained = runs(trainer.sweep("sweep=race"))
    assert trained == {"plain": [*range(8)], "far": [0, 1, 2], "near": [*range(8)]}
    assert trainer.batches == [3, 2, 2]
    assert seeds() == {"plain": 8, "far": 3, "near": 8, "plain again": 8}
    assert table().verdict.fillna("").to_dict() == {
        "plain": "", "far": "higher", "near": "not distinguishable", "plain again": "= plain"
    }  # fmt: skip
    assert table()["round"].fillna(0).to_dict() == {"plain": 0, "far": 1, "near": 3, "plain again": 0}
    assert set(table().status) == {"completed"}


@pytest.mark.parametrize("done", [12, *(pytest.param(done, marks=pytest.mark.slow) for done in (0, 2, 9, 10, 18))])
def test_an_interrupted_sweep_trains_the_same_runs(done: int) -> None:
    whole = sorted(Trainer().sweep("sweep=race"))
    verdicts = table()
    OUT.rename("outputs/whole")
    first = Trainer(done)
    with pytest.raises(KeyboardInterrupt):
        first.sweep("sweep=race")
    first.trained.pop()  # under way when it was interrupted
    assert sorted([*first.trained, *Trainer().sweep("sweep=race")]) == whole
    pd.testing.assert_frame_equal(table(), verdicts)


def test_a_finished_sweep_trains_nothing_and_a_higher_limit_goes_on() -> None:
    Trainer().sweep("sweep=race")
    before = table()
    assert Trainer().sweep("sweep=race") == []
    Path("conf/sweep/race.yaml").write_text(RACE.replace("at_most: 8", "at_most: 12"))
    assert runs(Trainer().sweep("sweep=race")) == {"plain": [8, 9, 10, 11], "near": [8, 9, 10, 11]}
    assert table().loc["far", "p_adjusted"] == before.loc["far", "p_adjusted"]


def test_a_failed_run_is_not_trained_again_by_the_same_command() -> None:
    trainer = Trainer(broken=("near/seed-1",))
    with pytest.raises(RunsFailed):
        trainer.sweep("sweep=race")
    assert runs(trainer.trained)["near"] == [*range(8)]
    assert table().loc["near", ["runs", "verdict"]].tolist() == [7, "not distinguishable"]


def test_other_seeds_are_an_independent_repetition() -> None:
    words = ("sweep=race", "seeds={until: decided, at_most: 3, first: 100}")
    assert runs(Trainer().sweep(*words))["far"] == [100, 101, 102]


def test_status_and_report_say_the_round(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        Trainer(10).sweep("sweep=race")
    said = capsys.readouterr().out
    assert "1 round so far, with 3 seeds" in said and "Decided with 3 seeds: far." in said
    assert "Round 2 (5 seeds) is not trained to its end yet; not decided: near." in said
    run_command("status", [str(OUT)])
    assert capsys.readouterr().out.splitlines()[1] == "  round 2, 5 seeds; not decided: near"
    Trainer().sweep("sweep=race")
    assert "given no more seeds: near (at most 8 seeds)" in " ".join(capsys.readouterr().out.split())
    run_command("status", [str(OUT)])
    assert capsys.readouterr().out.splitlines()[1] == "  ended after 3 rounds; not decided: near"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("sgd}", "sgd, seeds: 5}", "row far: seeds: seeds={until: decided, at_most: 8} holds for the whole sweep"),
        ("epochs: 3", "epochs: 3, data.folds: 2", "seeds={until: decided, at_most: 8}: the rounds have no test for"),
        ("margin: 1", "compare: {plain again: far}", "row plain again: equals plain, which is compared with another"),
        ("  far: {optimizer: sgd}\n  near: {optimizer: momentum}\n  plain again: {}\n", "", "there is one variant"),
    ],
    ids=["seeds of a row", "folds", "an equal row compared with another", "one variant"],
)
def test_a_sweep_that_cannot_be_decided_is_refused(old: str, new: str, line: str) -> None:
    assert old in RACE
    Path("conf/sweep/race.yaml").write_text(RACE.replace(old, new))
    with pytest.raises(ConfigError, match=line.replace("{", r"\{")):
        Trainer().sweep("sweep=race")
    assert not OUT.exists()


def test_some_variants_alone_are_refused() -> None:
    with pytest.raises(ConfigError, match="all rows are decided together"):
        Trainer().sweep("sweep=race", "variants=[far]")
