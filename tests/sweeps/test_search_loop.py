"""A search from its first draw to its winner, with a launcher that only pretends to train."""

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hydra.core.utils import JobReturn
from tests import pretend
from tests.pretend import Launcher

from mnist_sweeps.cli.commands import check
from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import Settings
from mnist_sweeps.planning import sampler
from mnist_sweeps.storage import run_folder
from mnist_sweeps.sweeps import driver, resume
from mnist_sweeps.sweeps.dry_run import Built
from mnist_sweeps.sweeps.finish import RunsFailed

FOUND = """\
question: How wide?
common: {model: mlp_small, training.epochs: 3}
search:
  trials: 6
  space:
    model.hidden.0: choice(8, 16, 32)
    model.dropout.0: interval(0, 1)
  winner: {training.epochs: 5, seeds: [1, 2]}
"""
OUT = Path("outputs/found")


class Trainer(Launcher):
    """Scores a trial by its first layer's dropout rate: the nearer to 0.3, the better; dies after some jobs."""

    def __init__(self, jobs: int = 100, statuses: dict[str, str] | None = None) -> None:
        super().__init__(statuses=statuses)
        self.jobs = jobs
        self.batches: list[int] = []

    def __call__(self, jobs: list[list[str]], folder: str, *rest: Any) -> list[JobReturn]:
        self.batches.append(len(jobs))
        return super().__call__(jobs, folder, *rest)

    def job(self, overrides: list[str]) -> JobReturn:
        if not self.jobs:
            raise KeyboardInterrupt
        self.jobs -= 1
        settings = dict(word.partition("=")[::2] for word in overrides)
        rate = float(settings["model.dropout"].strip("[]").split(",")[0])
        self.accuracies[settings["hydra.sweep.subdir"].strip("'")] = 0.9 - abs(rate - 0.3) / 2
        return super().job(overrides)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished search; tests get copies of it, as one takes seconds."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        pretend.prepare(folder, patch, found=FOUND)
        Trainer().sweep("sweep=found")
    return folder / OUT


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend.prepare(tmp_path, monkeypatch, found=FOUND)


@pytest.fixture
def found(finished: Path) -> None:
    """The finished search in outputs/found."""
    shutil.copytree(finished, OUT)


def edit(old: str, new: str) -> None:
    file = Path("conf/sweep/found.yaml")
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def written() -> dict[str, Any]:
    return dict(yaml.safe_load((OUT / "sweep.yaml").read_text()))


def drawn() -> list[Settings]:
    return list(written()["search"]["drawn"])


def table() -> pd.DataFrame:
    return pd.read_csv(OUT / "report.csv").set_index("variant")


def trials(rows: list[str]) -> list[str]:
    """The numbers of the trials among trained runs."""
    return [row[len("trial-") :][:2] for row in rows if row.startswith("trial-")]


def test_each_trial_is_a_row_and_the_best_is_trained_anew() -> None:
    trainer = Trainer()
    trained = trainer.sweep("sweep=found")
    assert trials(trained) == ["01", "02", "03", "04", "05", "06"]
    assert trainer.batches == [1] * 7
    found = table()
    best = found[found.index != "winner"].val_accuracy_mean.idxmax()
    assert written()["search"]["winner"] == {"trial": best, "overrides": {"training.epochs": 5, "seeds": [1, 2]}}
    folder = f"winner-trial-{best[6:8]}"
    assert trained[-2:] == [f"{folder}/seed-1", f"{folder}/seed-2"]
    won, row = (next(one for one in written()["variants"] if one["name"] == name) for name in ("winner", best))
    assert won["overrides"] == {**row["overrides"], "training.epochs": 5, "seeds": [1, 2]}


@pytest.mark.usefixtures("found")
def test_the_objective_is_validation_and_rows_stand_by_rank() -> None:
    found = table()
    assert list(found["rank"]) == sorted(found["rank"])
    assert found.val_accuracy_mean.is_monotonic_decreasing
    assert found.test_accuracy_mean.is_monotonic_increasing  # the pretended test is the contrary
    assert found.compared_with.isna().all() and found.verdict.isna().all()


def test_what_is_drawn_depends_on_the_scores_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[list[float | None]] = []
    monkeypatch.setattr(
        sampler, "ask", lambda *given, ask=sampler.ask: told.append([s for _, s in given[2]]) or ask(*given)
    )
    Trainer().sweep("sweep=found")
    scores = written()["search"]["scores"]
    assert told == [scores[:count] for count in range(6)]


@pytest.mark.parametrize("jobs", [3, *(pytest.param(jobs, marks=pytest.mark.slow) for jobs in (0, 1, 5, 6))])
@pytest.mark.usefixtures("found")
def test_an_interrupted_search_goes_on_as_if_nothing_had_happened(jobs: int) -> None:
    whole = written()
    OUT.rename("outputs/whole")
    with pytest.raises(KeyboardInterrupt):
        Trainer(jobs).sweep("sweep=found")
    begun = drawn()
    assert len(begun) == min(jobs + 1, 6)  # the one in flight is known, too
    rest = Trainer().sweep("sweep=found")
    assert drawn()[: len(begun)] == begun
    assert len(rest) == 6 - jobs + 2
    assert written()["search"] == whole["search"] and written()["variants"] == whole["variants"]


@pytest.mark.parametrize("left", ["sweep.yaml", "trial"])
@pytest.mark.usefixtures("found")
def test_what_is_lost_is_made_again(left: str) -> None:
    before = written()["search"]
    lost = OUT / "sweep.yaml" if left == "sweep.yaml" else next(OUT.glob("trial-03*/seed-0/run.json"))
    lost.unlink()
    assert trials(Trainer().sweep("sweep=found")) == ([] if left == "sweep.yaml" else ["03"])
    assert written()["search"] == before


@pytest.mark.usefixtures("found")
def test_a_finished_search_is_left_as_it_is_and_needs_no_optuna(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.stat().st_mtime_ns for path in OUT.rglob("*.*")}
    monkeypatch.setattr(sampler, "find_spec", lambda name: None)
    monkeypatch.setattr(sampler, "importances", None)
    assert Trainer().sweep("sweep=found") == []
    assert {path: path.stat().st_mtime_ns for path in OUT.rglob("*.*")} == before


def test_without_optuna_nothing_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampler, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install 'mnist-sweeps\[search\]'"):
        Trainer().sweep("sweep=found")
    assert not OUT.exists()


def test_nothing_is_drawn_where_the_space_cannot_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [pretend.BUILT, Built(fault="model.hidden=[16,32]: too wide")]
    monkeypatch.setattr(driver, "dry_run", lambda configs: (faults + [pretend.BUILT] * len(configs))[: len(configs)])
    with pytest.raises(ConfigError, match=r"row model.hidden.0=16: model.hidden=\[16,32\]: too wide"):
        Trainer().sweep("sweep=found")
    assert not OUT.exists()


@pytest.mark.usefixtures("found")
def test_more_trials_go_on_from_those_there_are() -> None:
    before = drawn()
    edit("trials: 6", "trials: 9")
    assert trials(Trainer().sweep("sweep=found")) == ["07", "08", "09"]
    assert drawn()[:6] == before
    edit("trials: 9", "trials: 2")
    Trainer().sweep("sweep=found")
    assert len(table()) == 3


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        pytest.param(
            "choice(8, 16, 32)",
            "choice(8, 16)",
            "space: .*32.* there, .*choice.8, 16.* now",
            id="space",
            marks=pytest.mark.slow,
        ),
        pytest.param("trials: 6", "trials: 6\n  seed: 1", "seed: .*0 there, 1 now", id="seed", marks=pytest.mark.slow),
        pytest.param(
            "trials: 6",
            "trials: 6\n  sampler: random",
            "sampler: .*tpe there, random now",
            id="sampler",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_another_search_in_the_same_folder_is_refused(old: str, new: str, line: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        Trainer(3).sweep("sweep=found")
    before, folders = drawn(), [path.name for path in OUT.glob("trial-*")]
    edit(old, new)
    with pytest.raises(ConfigError, match=rf"^sweep.search.{line}.; overwrite=true moves them aside, fresh=true"):
        Trainer().sweep("sweep=found")
    assert drawn() == before
    Trainer().sweep("sweep=found", "overwrite=true")
    names = {variant["folder"] for variant in written()["variants"]}
    assert {path.name for path in OUT.glob("trial-*")} == names - {name for name in names if name.startswith("winner")}
    assert all(path.name in names or list((OUT / resume.ASIDE).glob(f"{path.name},*")) for path in map(Path, folders))
    assert Trainer().sweep("sweep=found") == []


@pytest.mark.usefixtures("found")
def test_trials_of_other_settings_are_refused_and_overwritten_as_a_whole() -> None:
    edit("training.epochs: 3", "training.epochs: 4")
    with pytest.raises(ConfigError, match=r"variant trial 01.*training.epochs: 3.0 there, 4.0 now"):
        Trainer().sweep("sweep=found")
    assert len(Trainer().sweep("sweep=found", "overwrite=true")) == 8
    assert len(list((OUT / resume.ASIDE).iterdir())) == 7


@pytest.mark.usefixtures("found")
def test_fresh_searches_in_a_folder_of_its_own() -> None:
    assert len(Trainer().sweep("sweep=found", "fresh=true")) == 8
    (dated,) = (path for path in Path("outputs").iterdir() if path != OUT)
    assert yaml.safe_load((dated / "sweep.yaml").read_text())["search"] == written()["search"]


def test_several_workers_are_asked_for_several_trials_at_once() -> None:
    trainer = Trainer()
    trainer.sweep("sweep=found", "workers=4")
    assert trainer.batches == [4, 2, 1]
    assert len(drawn()) == 6


@pytest.mark.parametrize(
    ("status", "score"),
    [
        ("killed", None),
        pytest.param("failed", None, marks=pytest.mark.slow),
        pytest.param("diverged", 0.0, marks=pytest.mark.slow),
    ],
)
@pytest.mark.usefixtures("found")
def test_a_trial_that_fails_is_tried_once_and_costs_no_other(status: str, score: float | None) -> None:
    second = next(one["folder"] for one in written()["variants"] if one["name"].startswith("trial 02"))
    trainer = Trainer(statuses={second: status})
    with pytest.raises(RunsFailed):
        trainer.sweep("sweep=found", "fresh=true")
    assert [row for row in trainer.trained if row.startswith(second)] == [f"{second}/seed-0"]
    assert any(row.startswith("winner") for row in trainer.trained)
    (dated,) = (path for path in Path("outputs").iterdir() if path != OUT)
    assert yaml.safe_load((dated / "sweep.yaml").read_text())["search"]["scores"][1] == score


def test_where_every_trial_fails_there_is_no_winner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretend, "leave_run", lambda *given, leave=pretend.leave_run: leave(*given[:4], "failed"))
    with pytest.raises(RunsFailed):
        Trainer().sweep("sweep=found")
    assert written()["search"]["winner"] is None
    assert len(written()["variants"]) == 6


def test_without_a_winner_block_the_trials_are_all() -> None:
    edit("  winner: {training.epochs: 5, seeds: [1, 2]}\n", "")
    assert len(Trainer().sweep("sweep=found")) == 6


def test_trials_that_draw_the_same_are_trained_once() -> None:
    edit("    model.dropout.0: interval(0, 1)\n", "")
    edit("common: {", "common: {model.dropout: [0.1, 0.1], ")
    assert len(trials(Trainer().sweep("sweep=found"))) == 3
    assert len(written()["search"]["scores"]) == 6 and None not in written()["search"]["scores"]
    assert table().same_as.notna().sum() == 3


def test_smoke_is_three_trials_of_one_epoch() -> None:
    assert len(trials(Trainer().sweep("sweep=found", "size=smoke"))) == 3


def test_the_search_is_told_as_it_goes(capsys: pytest.CaptureFixture[str]) -> None:
    Trainer().sweep("sweep=found")
    told = capsys.readouterr().out
    assert "found: 1 runs, then 5 more trials, in outputs/found · " in told
    assert "3/6 trial 03: " in told
    assert "8/8 winner, seed 2: " in told
    assert "6 trials by tpe, seed 0" in told


def test_check_builds_the_ends_of_the_space(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "dry_run", lambda configs: [pretend.BUILT] * len(configs))
    assert run_command("check", ["sweep=found"]) == 0
    told = capsys.readouterr().out
    rows = [line.split("|")[1].strip() for line in told.splitlines() if line.startswith("| ")]
    assert rows[1:] == ["first", "model.hidden.0=16", "model.hidden.0=32", "model.dropout.0=1", "last", "winner"]
    assert "each end of each axis is built once" in told


def test_status_tells_the_trials_that_are_not_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        Trainer(2).sweep("sweep=found")
    capsys.readouterr()
    assert run_command("status", [str(OUT)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "found: 2 completed, 1 not begun, 3 trials not drawn", "  0:04 of training to go",
    ]  # fmt: skip


def test_a_pruner_sets_a_floor_that_a_killed_search_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    append = run_folder.append_epoch
    monkeypatch.setattr(run_folder, "append_epoch", lambda *of: (append(*of), append(of[0], 2, of[2])))
    Path("conf/sweep/found.yaml").write_text(FOUND.replace("trials: 6", "trials: 7\n  pruner: median"))
    with pytest.raises(KeyboardInterrupt):
        Trainer(jobs=6).sweep("sweep=found")
    before = yaml.safe_load((OUT / "sweep.yaml").read_text())["search"]["floors"]
    Trainer().sweep("sweep=found")
    written = yaml.safe_load((OUT / "sweep.yaml").read_text())
    floors = written["search"]["floors"]
    assert floors[:5] == [None] * 5 and floors[: len(before)] == before
    reached = written["search"]["scores"][:5]
    assert floors[5] == [pytest.approx(sorted(reached)[2], abs=1e-4)]  # their median, for the first epoch of two
    assert len(floors) == 7
    own = [variant["overrides"].get("training.floor") for variant in written["variants"]]
    assert own == [*floors, None]  # the winner has none
