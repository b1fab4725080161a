"""The pictures of a variant, from its run folders alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from mnist_sweeps import figures
from mnist_sweeps.config.schema import Config, Data, Model, RunKey
from mnist_sweeps.data import dataset
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.job import job, run_figures
from mnist_sweeps.job.run import VariantFolder
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import picture, run_folder, variant_folder
from mnist_sweeps.storage.run_parts import ImageCounts
from mnist_sweeps.storage.run_record import RunRecord

Make = Callable[..., Config]

FOREST = {"name": "forest_pixels", "pixels": 9, "trees": 5}
ALWAYS = ["curves", "weights", "network", "inputs", "confusion", "confused_pair"]  # where all are drawn


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Figure]]:
    """The figures that were saved, by name and in order; none is rendered."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(picture, "save", lambda figure, path: figure and found.update({path.stem: figure}))
    yield found


def trained(config: Config, folder: Path) -> None:
    job.run_job(config, VariantFolder("small", "a row", folder), Machine("tensorflow", "cpu", 1))
    run_figures.draw_default(folder, "a row")


def redrawn(folder: Path, **options: Any) -> None:
    run_figures.redraw({"a row": folder}, run_figures.FigureOptions(**options))


def test_the_weights_are_drawn_and_then_the_curves(small: Make, tmp_path: Path, drawn: dict[str, Figure]) -> None:
    trained(small(model=Model(hidden=[16], batch_norm=True)), tmp_path)
    assert list(drawn) == ["weights", "curves"]
    assert f"figures/{list(drawn)[-1]}.png" == variant_folder.LAST_PICTURE
    assert (tmp_path / "model.txt").exists()


@pytest.mark.parametrize(
    ("changed", "more"),
    [
        pytest.param({}, [], id="plain"),
        pytest.param({"model": Model(hidden=[16], batch_norm=True)}, ["batch_norm"], id="batch norm"),
        pytest.param({"model": Model(hidden=[1])}, ["activation_boxes"], id="one unit"),
        pytest.param({"model": Model(hidden=[2])}, ["activation_boxes", "activation_scatter"], id="two units"),
        pytest.param({"preprocessing": FOREST}, ["pixel_importance"], id="forest"),
    ],
)
def test_a_net_has_the_pictures_that_apply(
    small: Make, tmp_path: Path, drawn: dict[str, Figure], changed: dict[str, Any], more: list[str]
) -> None:
    trained(small(**changed), tmp_path)
    redrawn(tmp_path)
    assert sorted(drawn) == sorted([*ALWAYS, *more, "errors"])


def test_each_picture_says_of_which_run_and_images_it_is(small: Make, tmp_path: Path, drawn: dict[str, Figure]) -> None:
    trained(small(model=Model(hidden=[2]), preprocessing=FOREST, seeds=[7, 3]), tmp_path)
    redrawn(tmp_path)
    tested = "a row, seed 3, 100 test images"
    assert {name: figure.get_suptitle() for name, figure in drawn.items()} == {
        "curves": "a row, seeds 3, 7",
        "weights": "a row, seed 3, 200 training images",
        "network": "a row, 50 parameters: 50 trainable, 0 not",
        "inputs": "a row, the first test image of each digit",
        "pixel_importance": "a row, forest of 200 training images",
        "confusion": tested,
        "confused_pair": tested,
        "activation_boxes": tested,
        "activation_scatter": tested,
        "errors": tested,
    }


def test_activations_are_grouped_by_the_true_digit(small: Make, tmp_path: Path, drawn: dict[str, Figure]) -> None:
    trained(config := small(model=Model(hidden=[2])), tmp_path)
    redrawn(tmp_path)
    split = dataset.load(config.data)
    with np.load(tmp_path / "seed-0" / "activations.npz") as kept:
        activation = kept["activation"].astype(float)
    medians = [line for line in drawn["activation_boxes"].axes[0].lines if line.get_linewidth() > 2]
    expected = [np.median(activation[split.test.labels == digit, 0]) for digit in range(10)]
    assert [np.asarray(line.get_ydata())[0] for line in medians] == pytest.approx(expected)


def test_a_picture_that_does_not_apply_any_more_is_removed(small: Make, tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "batch_norm.png").touch()
    trained(small(), tmp_path)
    redrawn(tmp_path)
    assert not (tmp_path / "figures" / "batch_norm.png").exists()


def test_seeds_stand_in_the_order_of_their_numbers(small: Make, tmp_path: Path, drawn: dict[str, Figure]) -> None:
    trained(small(seeds=[10, 2]), tmp_path)
    assert drawn["curves"].get_suptitle() == "a row, seeds 2, 10"


def test_runs_of_before_more_was_kept_have_the_pictures_they_can(
    small: Make, tmp_path: Path, drawn: dict[str, Figure]
) -> None:
    trained(small(), tmp_path)
    folder = tmp_path / "seed-0"
    record = run_folder.read(folder)
    assert record is not None
    del record.effective["input_shape"]
    (folder / "preprocessing.npz").unlink()
    (tmp_path / "model.txt").unlink()
    run_folder.publish(folder, record, {})
    drawn.clear()
    run_figures.draw_default(tmp_path, "a row")
    redrawn(tmp_path)
    assert sorted(drawn) == ["confused_pair", "confusion", "curves", "errors", "weights"]
    assert not (tmp_path / "model.txt").exists()


def test_redrawing_reads_the_digits_of_the_runs_once(
    small: Make, tmp_path: Path, drawn: dict[str, Figure], monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {name: tmp_path / name for name in ("one", "other", "not run yet")}
    for name in ("one", "other"):
        trained(small(), folders[name])
    drawn.clear()
    read: list[Any] = []
    load = dataset.load
    monkeypatch.setattr(dataset, "load", lambda asked: read.append(asked) or load(asked))
    run_figures.redraw(folders)
    assert sorted(drawn) == sorted([*ALWAYS, "errors"])
    assert drawn["confusion"].get_suptitle() == "other, seed 0, 100 test images"
    assert read == [small().data]


def test_a_pair_and_groups_are_as_asked(small: Make, tmp_path: Path, drawn: dict[str, Figure]) -> None:
    trained(small(model=Model(hidden=[2])), tmp_path)
    drawn.clear()
    run_figures.redraw({"a row": tmp_path}, run_figures.FigureOptions(pair=(3, 5), by="predicted"))
    assert drawn["confused_pair"].axes[1].get_title().startswith("true 3, predicted 5: ")
    assert drawn["activation_boxes"].axes[0].get_xlabel() == "predicted digit"


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Notes what each picture would say instead of drawing it."""
    said: dict[str, str] = {}

    def curves(histories: Mapping[str, Any], title: str, validation: str) -> None:
        said.update(curves=title, runs=", ".join(histories), validation=validation)

    monkeypatch.setattr(figures, "curves", curves)
    monkeypatch.setattr(figures, "misclassified", lambda *of: said.update(errors=of[4]))
    for name in ("weights", "batch_norm", "confusion", "confused_pair"):
        monkeypatch.setattr(figures, name, lambda *of: None)
    return said


def leave(variant: Path, run: RunKey, split: Split, validation_is: str) -> None:
    folder = run_folder.folder_of(variant, run)
    folder.mkdir(parents=True)
    (folder / "history.csv").write_text("epoch,loss,accuracy,val_loss,val_accuracy\n1,1,1,1,1\n")
    counts = ImageCounts(train=200, validation=50, test=100, validation_is=validation_is)
    predicted = {"predicted": split.test.labels, "confidence": split.test.labels}
    parameters = {"total": 1, "trainable": 1, "non_trainable": 0}
    config = asdict(Config(data=Data(train_size=250, validation=50, test_size=100)))  # that of `split`
    record = RunRecord("completed", *run, digest="", config=config, counts=counts, parameter_counts=parameters)
    run_folder.publish(folder, record, {"predictions": predicted, "weights": {}})


@pytest.mark.parametrize(
    ("completed", "validation_is", "said"),
    [
        pytest.param(
            [RunKey(0)], "held out",
            ["a row, seed 0", "seed 0", "validation, 50 held-out images", "a row, seed 0, 100 test images"],
            id="one seed",
        ),
        pytest.param(
            [RunKey(3), RunKey(5)], "test",
            ["a row, seeds 3, 5", "seed 3, seed 5", "test", "a row, seed 3, 100 test images"],
            id="two seeds",
        ),
        pytest.param(
            [RunKey(0, 1), RunKey(0, 2)], "fold",
            [
                "a row, seed 0, folds 1, 2", "seed 0 fold 1, seed 0 fold 2",
                "validation, 50 images of the fold left out", "a row, seed 0 fold 1, 100 test images",
            ],
            id="folds",
        ),
    ],
)  # fmt: skip
def test_titles(
    tmp_path: Path, split: Split, titles: dict[str, str], completed: list[RunKey], validation_is: str, said: list[Any]
) -> None:
    for run in completed:
        leave(tmp_path, run, split, validation_is)
    redrawn(tmp_path)
    assert [titles[key] for key in ("curves", "runs", "validation", "errors")] == said
