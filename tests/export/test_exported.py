"""What is exported of a real run: its file predicts from raw digits what the run did."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, Data, Model, RunKey
from mnist_sweeps.data import dataset
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.export import exported
from mnist_sweeps.export.formats import FORMATS, TOLERANCE
from mnist_sweeps.job.job import run_job
from mnist_sweeps.job.run import VariantFolder
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.run_record import RunRecord

Make = Callable[..., Config]
PREPROCESSING = {
    "scaled": {"name": "scaled"},
    "normalize": {"name": "normalize"},
    "pca": {"name": "pca", "variance": 0.8},
    "forest_pixels": {"name": "forest_pixels", "pixels": 40, "trees": 5},
}


@pytest.fixture
def trained(tmp_path: Path, small: Make) -> Callable[..., Path]:
    """Trains one run, and gives its folder."""

    def train(**settings: object) -> Path:
        config = small(**{"keep_models": "all", **settings})
        variant = tmp_path / "sweep" / "row"
        run_job(config, VariantFolder("sweep", "row", variant), Machine("tensorflow", "cpu", 1))
        return run_folder.folder_of(variant, RunKey(0, 0 if config.data.folds else None))

    return train


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def record_of(run: Path) -> RunRecord:
    record = run_folder.read(run)
    assert record is not None
    return record


def without(run: Path, *names: str) -> None:
    """Takes arrays away from preprocessing.npz, which an earlier version did not write."""
    with np.load(run / "preprocessing.npz") as file:
        arrays = {name: values for name, values in file.items() if name not in names}
    np.savez(run / "preprocessing.npz", **arrays)


def no_data(asked: Data) -> Split:
    raise ConfigError("data=mnist: not on this machine")


@pytest.mark.parametrize(
    "name", [n if n in ("normalize", "pca") else pytest.param(n, marks=pytest.mark.slow) for n in PREPROCESSING]
)
def test_raw_test_images_give_the_accuracy_of_the_run(
    trained: Callable[..., Path], target: Path, split: Split, name: str
) -> None:
    run = trained(preprocessing=PREPROCESSING[name])
    found = exported.write(run, target, [])
    model = keras.saving.load_model(target / "model.keras")
    _, accuracy = model.evaluate(split.test.images, split.test.labels, verbose=0)
    assert (found.accuracy, found.changed, found.images) == (accuracy, 0, 100)
    assert accuracy == pytest.approx(record_of(run).metrics["test_accuracy"])
    assert found.loss == pytest.approx(record_of(run).metrics["test_loss"], abs=1e-5)


@pytest.mark.parametrize("folds", [None, pytest.param(2, marks=pytest.mark.slow)])
def test_a_pca_that_was_not_kept_is_fitted_again(trained: Callable[..., Path], target: Path, folds: int | None) -> None:
    data = Data(train_size=250, validation=50, test_size=100, folds=folds)
    run = trained(preprocessing=PREPROCESSING["pca"], data=data)
    without(run, "components", "mean")
    assert exported.write(run, target, []).changed == 0


def test_a_pca_that_was_not_kept_and_cannot_be_fitted_is_refused(
    trained: Callable[..., Path], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(preprocessing=PREPROCESSING["pca"])
    without(run, "components", "mean")
    monkeypatch.setattr(dataset, "load", no_data)
    with pytest.raises(
        ConfigError, match=r"seed-0 of row did not keep its pca, and it cannot be .*: data=mnist: not on"
    ):
        exported.write(run, target, [])


def test_without_the_data_it_is_exported_and_not_measured(
    trained: Callable[..., Path], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(preprocessing=PREPROCESSING["pca"])
    monkeypatch.setattr(dataset, "load", no_data)
    found = exported.write(run, target, [])
    assert (found.accuracy, found.missing, found.images) == (None, "data=mnist: not on this machine", 10)
    assert (target / "model.keras").is_file()


def test_a_model_that_does_not_predict_what_the_run_did_is_refused(trained: Callable[..., Path], target: Path) -> None:
    run = trained()
    np.savez(run / "predictions.npz", predicted=np.full(100, 11, np.uint8))
    with pytest.raises(ConfigError, match="predicts 100 of 100 test images otherwise than seed-0 did"):
        exported.write(run, target, [])


CONVERTERS = pytest.mark.filterwarnings(
    "ignore:In the future `np.object`:FutureWarning"
)  # of Keras, on behalf of tf2onnx


def installed(*names: str) -> None:
    for package in (package for name in names for package in FORMATS[name].packages):
        pytest.importorskip(package)


@CONVERTERS
@pytest.mark.parametrize("preprocessing", [pytest.param("normalize", marks=pytest.mark.slow), "pca"])
def test_converted_models_give_the_probabilities_of_keras(
    trained: Callable[..., Path], target: Path, split: Split, preprocessing: str
) -> None:
    installed(*FORMATS)
    run = trained(preprocessing=PREPROCESSING[preprocessing], model=Model(hidden=[8], batch_norm=True, dropout=0.2))
    found = exported.write(run, target, [*FORMATS])
    images = split.test.images
    expected = np.asarray(keras.saving.load_model(target / "model.keras")(images))
    for name, kind in FORMATS.items():
        probabilities = kind.predict(target / kind.file, images.astype(np.float32))
        assert np.abs(probabilities - expected).max() <= TOLERANCE
        assert found.differences[name] == pytest.approx(np.abs(probabilities - expected).max(), abs=1e-6)


@CONVERTERS
def test_a_layer_that_cannot_be_converted_is_told(trained: Callable[..., Path], target: Path) -> None:
    installed("onnx")
    run = trained(model=Model(hidden=[8], activation="gelu"))
    with pytest.raises(ConfigError, match="export --onnx: the network cannot be converted: No Op registered for Erfc"):
        exported.write(run, target, ["onnx"])
