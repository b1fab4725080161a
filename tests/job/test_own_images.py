"""Runs on images of another size, with other classes, scored on corrupted copies, too."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from mnist_sweeps.config.schema import Config, Conv, Data, Model
from mnist_sweeps.data import dataset
from mnist_sweeps.data.corruptions import corrupt
from mnist_sweeps.export import exported, recognized
from mnist_sweeps.job import run_figures
from mnist_sweeps.job.job import run_job
from mnist_sweeps.job.run import VariantFolder
from mnist_sweeps.job.run_figures import FigureOptions
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import run_folder

Make = Callable[..., Config]
CLASSES = ("bright left", "bright right", "dark")


@pytest.fixture
def own(tmp_path: Path) -> Data:
    """240 images of 9 x 6 pixels that are easy to tell apart."""
    random = np.random.default_rng(0)
    labels = np.arange(240) % 3
    images = random.integers(0, 60, (240, 9, 6))
    images[labels == 0, :, :3] += 150
    images[labels == 1, :, 3:] += 150
    np.savez(tmp_path / "own.npz", images=images.astype(np.uint8), labels=labels, classes=np.array(CLASSES))
    return Data(name="own", path=str(tmp_path / "own.npz"), evaluate=["clean", "noisy"])


@pytest.mark.parametrize("engine", ["fit", "compiled"])
@pytest.mark.parametrize("model", [Model(hidden=[8]), Model(conv=Conv(filters=[4]))], ids=["dense", "convolution"])
def test_the_network_and_the_record_have_the_classes(
    own: Data, small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Model, engine: str
) -> None:
    monkeypatch.setattr(run_figures, "draw_default", lambda *_: None)
    config = small(data=own, model=model, keep_models="all")
    folder = tmp_path / "row"
    run_job(config, VariantFolder("s", "row", folder), Machine("tensorflow", "cpu", 1, engine=engine))
    record = run_folder.read(folder / "seed-0")
    assert record is not None and record.counts is not None
    assert record.counts.classes == CLASSES
    assert len(record.recall) == 3
    assert record.effective["layers"][-1]["units"] == 3
    network = keras.saving.load_model(folder / "seed-0" / "model.keras")
    noisy = corrupt(dataset.load(own).test.images, "noisy")[..., None].astype(np.float32) / 255
    inputs = noisy if model.conv.filters else noisy.reshape(len(noisy), -1)
    right = network.predict(inputs, verbose=0).argmax(axis=1) == dataset.load(own).test.labels
    assert record.scores["noisy_accuracy"] == pytest.approx(right.mean())
    assert record.scores["noisy_loss"] != record.scores["test_loss"]
    assert "clean_accuracy" not in record.scores


def test_figures_and_export_know_size_and_classes(own: Data, small: Make, tmp_path: Path) -> None:
    folder, target = tmp_path / "row", tmp_path / "export"
    run_job(small(data=own, keep_models="all"), VariantFolder("s", "row", folder), Machine("tensorflow", "cpu", 1))
    run_figures.redraw({"row": folder}, FigureOptions(pair=(0, 2)))
    drawn = {path.stem for path in (folder / "figures").iterdir()}
    assert drawn >= {"confusion", "confused_pair", "errors", "inputs"}
    target.mkdir()
    found = exported.write(folder / "seed-0", target, [])
    assert (found.height, found.width, found.changed) == (9, 6, 0)
    assert recognized.read(target) == recognized.Recognized(9, 6, CLASSES)
