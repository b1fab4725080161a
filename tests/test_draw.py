"""What the titles of a variant's pictures say of its runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mnist_sweeps import draw, figures, runs
from mnist_sweeps.config import Run
from mnist_sweeps.data import Split


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Notes what each picture would say instead of drawing it."""
    said: dict[str, str] = {}

    def curves(histories: Mapping[str, pd.DataFrame], title: str, validation: str) -> None:
        said.update(curves=title, runs=", ".join(histories), validation=validation)

    monkeypatch.setattr(figures, "curves", curves)
    monkeypatch.setattr(figures, "errors", lambda *of: said.update(errors=of[-1]))
    for name in ("weights", "batch_norm", "confusion"):
        monkeypatch.setattr(figures, name, lambda *of: None)
    return said


def leave(variant: Path, run: Run, split: Split, validation_is: str) -> None:
    folder = runs.folder_of(variant, run)
    folder.mkdir(parents=True)
    (folder / "history.csv").write_text("epoch,loss,accuracy,val_loss,val_accuracy\n1,1,1,1,1\n")
    data = {"train": 200, "validation": 50, "test": 100, "validation_is": validation_is}
    predicted = {"predicted": split.test.labels, "confidence": split.test.labels}
    record = {"status": "completed", **run._asdict(), "digest": "", "data": data}
    runs.publish(folder, record, {"predictions": predicted, "weights": {}})


@pytest.mark.parametrize(
    ("completed", "validation_is", "said"),
    [
        pytest.param(
            [Run(0)], "held out",
            ["a row, seed 0", "seed 0", "validation, 50 held-out images", "a row, seed 0, 100 test images"],
            id="one seed",
        ),
        pytest.param(
            [Run(3), Run(5)], "test",
            ["a row, seeds 3, 5", "seed 3, seed 5", "test", "a row, seed 3, 100 test images"],
            id="two seeds",
        ),
        pytest.param(
            [Run(0, 1), Run(0, 2)], "fold",
            [
                "a row, seed 0, folds 1, 2", "seed 0 fold 1, seed 0 fold 2",
                "validation, 50 images of the fold left out", "a row, seed 0 fold 1, 100 test images",
            ],
            id="folds",
        ),
    ],
)  # fmt: skip
def test_titles(
    tmp_path: Path, split: Split, titles: dict[str, str], completed: list[Run], validation_is: str, said: list[Any]
) -> None:
    for run in completed:
        leave(tmp_path, run, split, validation_is)
    draw.draw(tmp_path, "a row", split)
    assert [titles[key] for key in ("curves", "runs", "validation", "errors")] == said
