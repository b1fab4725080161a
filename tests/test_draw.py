"""The pictures of a variant, from its run folders alone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from mnist_sweeps import data, draw, job, png, runs
from mnist_sweeps.config import Config, Model
from mnist_sweeps.data import Split
from mnist_sweeps.device import Machine
from mnist_sweeps.job import Variant

Make = Callable[..., Config]

FOREST = {"name": "forest_pixels", "pixels": 9, "trees": 5}
ALWAYS = ["curves", "weights", "network", "inputs", "confusion", "confused_pair"]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Figure]]:
    """The figures that were saved, by name and in order; none is rendered."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(png, "save", lambda figure, path: figure and found.update({path.stem: figure}))
    yield found


def trained(config: Config, folder: Path) -> Split:
    job.run_job(config, Variant("small", "a row", folder), Machine("tensorflow", "cpu", 1))
    return data.load(config.data)


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
def test_a_net_has_the_pictures_that_apply_and_the_errors_last(
    small: Make, tmp_path: Path, drawn: dict[str, Figure], changed: dict[str, Any], more: list[str]
) -> None:
    trained(small(**changed), tmp_path)
    assert sorted(drawn) == sorted([*ALWAYS, *more, "errors"])
    assert f"figures/{list(drawn)[-1]}.png" == runs.LAST_PICTURE


def test_each_picture_says_of_which_run_and_images_it_is(small: Make, tmp_path: Path, drawn: dict[str, Figure]) -> None:
    trained(small(model=Model(hidden=[2]), preprocessing=FOREST, seeds=[7, 3]), tmp_path)
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
    split = trained(small(model=Model(hidden=[2])), tmp_path)
    with np.load(tmp_path / "seed-0" / "activations.npz") as kept:
        activation = kept["activation"].astype(float)
    medians = [line for line in drawn["activation_boxes"].axes[0].lines if line.get_linewidth() > 2]
    expected = [np.median(activation[split.test.labels == digit, 0]) for digit in range(10)]
    assert [np.asarray(line.get_ydata())[0] for line in medians] == pytest.approx(expected)


def test_a_picture_that_does_not_apply_any_more_is_removed(small: Make, tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "batch_norm.png").touch()
    trained(small(), tmp_path)
    assert not (tmp_path / "figures" / "batch_norm.png").exists()


def test_seeds_stand_in_the_order_of_their_numbers(small: Make, tmp_path: Path, drawn: dict[str, Figure]) -> None:
    split = trained(small(seeds=[10, 2]), tmp_path)
    drawn.clear()
    draw.draw(tmp_path, "a row", split)
    assert drawn["curves"].get_suptitle() == "a row, seeds 2, 10"


def test_runs_of_before_more_was_kept_have_the_pictures_they_can(
    small: Make, tmp_path: Path, drawn: dict[str, Figure]
) -> None:
    split = trained(small(), tmp_path)
    folder = tmp_path / "seed-0"
    record = runs.read(folder)
    assert record is not None
    del record["effective"]["input_shape"]
    (folder / "preprocessing.npz").unlink()
    (tmp_path / "model.txt").unlink()
    runs.publish(folder, record, {})
    drawn.clear()
    draw.draw(tmp_path, "a row", split)
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
    load = data.load
    monkeypatch.setattr(data, "load", lambda asked: read.append(asked) or load(asked))
    draw.redraw(folders)
    assert sorted(drawn) == sorted([*ALWAYS, "errors"])
    assert drawn["confusion"].get_suptitle() == "other, seed 0, 100 test images"
    assert read == [small().data]
