import json
import math
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, RunKey, restore
from mnist_sweeps.data import dataset
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.job import job
from mnist_sweeps.job.job import run_job
from mnist_sweeps.job.run import VariantFolder
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import run_digest, run_folder, variant_folder
from mnist_sweeps.storage.folder_names import run_folder_name
from mnist_sweeps.storage.run_lock import lock_run
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.training import trainer
from mnist_sweeps.training.inputs import prepare

Make = Callable[..., Config]

MACHINE = Machine("tensorflow", "cpu", 1)
RUN = {
    "status", "sweep", "variant", "seed", "fold", "digest", "metrics", "parameters", "seconds", "effective",
    "provenance", "config", "data",
}  # fmt: skip
METRICS = {
    "test_loss", "test_accuracy", "val_loss", "val_accuracy", "train_loss", "train_accuracy", "epochs_run",
    "best_epoch",
}  # fmt: skip


@dataclass(frozen=True)
class Done:
    """A finished job: its config, its folder and what it returned."""

    config: Config
    folder: Path
    returned: float

    def record(self, seed: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / f"seed-{seed}" / "run.json").read_text())
        return found


def train(config: Config, folder: Path) -> Done:
    return Done(config, folder, run_job(config, VariantFolder("small", "one, row", folder), MACHINE))


@pytest.fixture(scope="module")
def done(small: Make, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Two seeds, all models kept."""
    return train(small(seeds=2, keep_models="all"), tmp_path_factory.mktemp("job") / "one-row")


# what a job leaves


def test_two_seeds_leave_the_folders_of_the_contract(done: Done) -> None:
    assert {path.name for path in done.folder.iterdir()} == {"seed-0", "seed-1"}  # no figures: they follow
    for seed in (0, 1):
        assert {path.name for path in (done.folder / f"seed-{seed}").iterdir()} == {
            "run.json",
            "history.csv",
            "predictions.npz",
            "weights.npz",
            "preprocessing.npz",
            "model.keras",
        }


def test_run_json(done: Done) -> None:
    for seed in (0, 1):
        record = done.record(seed)
        assert record.keys() >= RUN
        assert record["metrics"].keys() == METRICS
        assert (record["status"], record["sweep"], record["variant"]) == ("completed", "small", "one, row")
        assert (record["seed"], record["fold"]) == (seed, None)
        assert record["digest"] == run_digest.digest(done.config, RunKey(seed))
        assert restore(record["config"]) == done.config
        assert record["data"]["train"] == 200
        assert (
            record["seconds"]["total"]
            >= record["seconds"]["train"]
            == pytest.approx(sum(record["seconds"]["epochs"]), abs=1e-3)
        )
        assert record["provenance"]["device"] == "cpu"
        assert record["effective"]["optimizer"]["name"] == "Adam"


def test_history_csv_says_what_run_json_says(done: Done) -> None:
    lines = (done.folder / "seed-1" / "history.csv").read_text().splitlines()
    assert lines[0] == "epoch,loss,accuracy,val_loss,val_accuracy"
    assert [line.partition(",")[0] for line in lines[1:]] == ["1", "2"]
    metrics = done.record(1)["metrics"]
    last = [metrics[key] for key in ("train_loss", "train_accuracy", "val_loss", "val_accuracy")]
    assert [float(value) for value in lines[-1].split(",")[1:]] == last


def test_the_arrays_and_the_model_are_of_the_scores(done: Done) -> None:
    split = dataset.load(done.config.data)
    folder, metrics = done.folder / "seed-1", done.record(1)["metrics"]
    with np.load(folder / "predictions.npz") as predictions:
        predicted, confidence = predictions["predicted"], predictions["confidence"]
    assert (predicted == split.test.labels).mean() == pytest.approx(metrics["test_accuracy"])
    model = keras.saving.load_model(folder / "model.keras", safe_mode=True)
    likely = model.predict(prepare(done.config, split).test[0], verbose=0)
    np.testing.assert_allclose(likely.max(axis=1), confidence, rtol=2e-3)
    with np.load(folder / "weights.npz") as weights:
        assert {name.split("/")[0] for name in weights} == {"hidden_1", "output"}
        assert len(weights.files) == 8


def test_the_job_returns_the_mean_validation_accuracy(done: Done) -> None:
    scores = [done.record(seed)["metrics"]["val_accuracy"] for seed in (0, 1)]
    assert done.returned == pytest.approx(np.mean(scores))


def test_the_same_run_gives_the_same_bytes(done: Done, tmp_path: Path) -> None:
    again = train(replace(done.config, seeds=[1], keep_models="none"), tmp_path / "elsewhere")
    for name in ("history.csv", "predictions.npz", "weights.npz", "preprocessing.npz"):
        assert (again.folder / "seed-1" / name).read_bytes() == (done.folder / "seed-1" / name).read_bytes(), name
    assert again.record(1)["metrics"] == done.record(1)["metrics"]
    assert not (again.folder / "seed-1" / "model.keras").exists()


# what a job does not do again


def test_completed_runs_are_kept(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer.Trainer, "train", lambda *_: pytest.fail("trained again"))
    assert train(done.config, done.folder).returned == done.returned


def test_a_run_that_another_command_finished_meanwhile_is_kept(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer.Trainer, "train", lambda *_: pytest.fail("trained again"))
    monkeypatch.setattr(variant_folder, "unfinished", lambda config, folder: [RunKey(0), RunKey(1)])
    assert train(done.config, done.folder).returned == done.returned


def test_a_run_that_another_command_is_training_is_left_to_it(
    small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer.Trainer, "train", lambda *_: pytest.fail("trained twice"))
    with lock_run(tmp_path / "seed-0"):
        assert math.isnan(train(small(), tmp_path).returned)


# folds


@pytest.fixture(scope="module")
def folded(small: Make, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Two seeds of three folds of 67, 67 and 66 images; 50 more are held out."""
    few = replace(small().data, folds=3)
    model = replace(small().model, dropout=0.2, batch_norm=True)
    return train(small(seeds=2, data=few, model=model), tmp_path_factory.mktemp("job") / "folded")


def recorded(done: Done, run: RunKey) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((run_folder.folder_of(done.folder, run) / "run.json").read_text())
    return record


def test_each_seed_and_fold_is_a_run(folded: Done) -> None:
    assert {path.name for path in folded.folder.glob("seed-*")} == {run_folder_name(run) for run in folded.config.runs}
    for run in folded.config.runs:
        record = recorded(folded, run)
        assert (record["status"], record["seed"], record["fold"]) == ("completed", *run)
        assert record["digest"] == run_digest.digest(folded.config, run)
        assert record["metrics"].keys() == METRICS | {"fold_loss", "fold_accuracy"}
    counts = [recorded(folded, RunKey(0, fold))["data"] for fold in range(3)]
    assert [(count["train"], count["fold"], count["validation"]) for count in counts] == [
        (133, 67, 50), (133, 67, 50), (134, 66, 50),
    ]  # fmt: skip


def test_a_run_is_scored_on_the_fold_that_it_left_out(folded: Done) -> None:
    (path,) = folded.folder.glob("seed-*/model.keras")  # the best by its fold
    record = json.loads((path.parent / "run.json").read_text())
    seen = dataset.load(folded.config.data).leaving_out(record["fold"])
    assert seen.fold is not None
    left_out = prepare(folded.config, seen).fold
    assert left_out is not None
    model = keras.saving.load_model(path, safe_mode=True)
    right = model.predict(left_out[0], verbose=0).argmax(axis=1) == seen.fold.labels
    scores = [recorded(folded, run)["metrics"]["fold_accuracy"] for run in folded.config.runs]
    assert right.mean() == pytest.approx(record["metrics"]["fold_accuracy"]) == pytest.approx(max(scores))
    assert folded.returned == pytest.approx(np.mean(scores))


def test_the_folds_of_a_seed_start_alike_and_end_differently(folded: Done) -> None:
    arrays = [dict(np.load(folded.folder / f"seed-1-fold-{fold}" / "weights.npz")) for fold in (0, 1)]
    kernel = "hidden_1/kernel"
    assert np.array_equal(*(of[f"{kernel}/initial/quantiles"] for of in arrays))
    assert not np.array_equal(*(of[f"{kernel}/trained/quantiles"] for of in arrays))


def test_a_fold_gives_the_same_bytes_alone_as_after_another(folded: Done, tmp_path: Path) -> None:
    shutil.copytree(folded.folder, tmp_path / "again")
    shutil.rmtree(tmp_path / "again" / "seed-1-fold-2")
    again = train(folded.config, tmp_path / "again")
    for name in ("history.csv", "predictions.npz", "weights.npz"):
        pair = [(folder / "seed-1-fold-2" / name).read_bytes() for folder in (folded.folder, again.folder)]
        assert pair[0] == pair[1], name


def test_a_fold_is_not_validated_on_the_images_of_one_that_failed(
    small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed `fit` leaves its validation images in the network that both folds share."""
    few = replace(small().data, folds=2, validation="none")
    right = trainer.Trainer.train

    def fail_in_fold_0(self: trainer.Trainer, seed: int, on_epoch: trainer.OnEpoch, *state: Any) -> trainer.Trained:
        def heard(epoch: int, logs: Any) -> None:
            on_epoch(epoch, logs)
            if not (tmp_path / "seed-0-fold-1").exists():
                raise ValueError

        return right(self, seed, heard, *state)

    monkeypatch.setattr(trainer.Trainer, "train", fail_in_fold_0)
    done = train(small(data=few), tmp_path)
    assert recorded(done, RunKey(0, 0))["status"] == "failed"
    metrics = recorded(done, RunKey(0, 1))["metrics"]
    assert metrics["val_accuracy"] == pytest.approx(metrics["fold_accuracy"], abs=1e-6)
    assert metrics["val_loss"] == pytest.approx(metrics["fold_loss"], abs=1e-5)
    assert recorded(done, RunKey(0, 1))["data"]["validation_is"] == "fold"


def test_folds_of_other_shapes_have_a_network_each(small: Make, tmp_path: Path) -> None:
    few = replace(small().data, folds=2)
    done = train(small(data=few, preprocessing={"name": "pca", "variance": 0.9}), tmp_path)
    records = [recorded(done, run) for run in done.config.runs]
    assert [record["status"] for record in records] == ["completed", "completed"]
    assert len({record["parameters"]["total"] for record in records}) == 2


# what goes wrong


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Makes the training of seed 0 raise after its first epoch."""
    right = trainer.Trainer.train

    def arrange(error: BaseException) -> None:
        def train(self: trainer.Trainer, seed: int, on_epoch: trainer.OnEpoch, *state: Any) -> trainer.Trained:
            def heard(epoch: int, logs: Any) -> None:
                on_epoch(epoch, logs)
                if seed == 0:
                    raise error

            return right(self, seed, heard, *state)

        monkeypatch.setattr(trainer.Trainer, "train", train)

    return arrange


def test_a_run_that_fails_is_recorded_and_the_next_is_trained(
    done: Done, tmp_path: Path, failing: Callable[[BaseException], None]
) -> None:
    failing(ValueError("no such luck"))
    after = train(done.config, tmp_path)
    record = after.record(0)
    assert (record["status"], record["error"]["type"]) == ("failed", "ValueError")
    assert record["error"]["message"] == "no such luck"
    assert record["error"]["traceback"].startswith("Traceback (most recent call last)")
    assert "test_job.py" in record["error"]["traceback"]
    assert record.keys() >= {"digest", "config", "data", "provenance", "seconds"}
    assert not (tmp_path / "seed-0" / "model.keras").exists()
    assert after.record(1)["metrics"] == done.record(1)["metrics"]
    assert after.returned == done.record(1)["metrics"]["val_accuracy"]
    assert variant_folder.unfinished(done.config, tmp_path) == [RunKey(0)]


def test_an_interrupt_is_recorded_and_goes_on(
    small: Make, tmp_path: Path, failing: Callable[[BaseException], None]
) -> None:
    failing(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        train(small(seeds=2), tmp_path)
    record = run_folder.read(tmp_path / "seed-0")
    assert record is not None
    assert record.status == "interrupted"
    assert not (tmp_path / "seed-1").exists()


def test_a_diverged_run_is_recorded(small: Make, tmp_path: Path) -> None:
    after = train(small(optimizer={"name": "sgd", "learning_rate": 1e30}), tmp_path)
    record = after.record(0)
    assert record["status"] == "diverged"
    assert "not finite in epoch" in record["error"]["message"]
    assert not (tmp_path / "seed-0" / "model.keras").exists()
    assert math.isnan(after.returned)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"seeds": 0}, id="value"),
        pytest.param({"preprocessing": {"name": "pac"}}, id="preprocessing"),
    ],
)
def test_a_wrong_config_trains_nothing(small: Make, tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        train(small(**changed), tmp_path)
    assert not list(tmp_path.glob("seed-*"))


# which models are kept


@pytest.mark.parametrize(
    ("keep", "scores", "kept"),
    [
        pytest.param("best", [0.5, 0.9, 0.7], {"seed-1"}, id="best"),
        pytest.param("best", [None, None], {"seed-0"}, id="nothing to choose by"),
        pytest.param("all", [0.5, 0.9], {"seed-0", "seed-1"}, id="all"),
    ],
)
def test_keep_models(tmp_path: Path, keep: str, scores: list[float | None], kept: set[str]) -> None:
    for seed, score in enumerate(scores):
        folder = tmp_path / f"seed-{seed}"
        folder.mkdir()
        (folder / "model.keras").touch()
        run_folder.publish(folder, RunRecord("completed", seed, digest="", scores={"val_accuracy": score}), {})
    job._keep_models(keep, tmp_path)
    assert {path.parent.name for path in tmp_path.glob("seed-*/model.keras")} == kept


def test_the_best_model_of_a_resumed_job_is_the_best_of_all_its_runs(small: Make, split: Split, tmp_path: Path) -> None:
    one = train(small(seeds=1), tmp_path)
    record = run_folder.read(tmp_path / "seed-0")
    assert record is not None and one.record(0)["metrics"]["val_accuracy"] < 1
    much_better = replace(record, scores={**record.scores, "val_accuracy": 1.0})
    run_folder.publish(tmp_path / "seed-0", much_better, {})
    train(small(seeds=2), tmp_path)
    assert [path.parent.name for path in tmp_path.glob("seed-*/model.keras")] == ["seed-0"]


def test_a_run_below_its_floor_ends_there_and_says_so(small: Make, tmp_path: Path) -> None:
    config = small()
    training = replace(config.training, epochs=3, floor=[0.0, 1.0])
    record = train(replace(config, training=training), tmp_path).record(seed=0)
    assert (record["status"], record["pruned_at"], record["metrics"]["epochs_run"]) == ("completed", 2, 2)
