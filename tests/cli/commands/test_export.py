"""The best model by validation, with its card."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from tests.pretend import Launcher

from mnist_sweeps import stats
from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Data
from mnist_sweeps.data import dataset
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.data.mnist import Digits
from mnist_sweeps.export import exported, formats
from mnist_sweeps.export.exported import Exported

LABELS = np.arange(200, dtype=np.uint8) % 10


@pytest.fixture(autouse=True)
def predicted(swept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run gets 20 of 200 test images wrong."""
    empty = Digits(np.zeros((0, 28, 28), np.uint8), LABELS[:0])
    split = Split(empty, None, Digits(np.zeros((200, 28, 28), np.uint8), LABELS), "few digits")
    monkeypatch.setattr(dataset, "load", lambda asked: split)
    predict(swept)


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models of these runs are none: they are copied as they are, instead of built."""

    def copy(run: Path, target: Path, names: list[str]) -> Exported:
        shutil.copyfile(run / "model.keras", target / "model.keras")
        for name in names:
            (target / formats.FORMATS[name].file).write_text(f"{name} of {run.name}")
        return Exported(["scale"], 784, 200, accuracy=0.9, loss=0.3, changed=0, differences=dict.fromkeys(names, 2e-7))

    monkeypatch.setattr(exported, "export", copy)
    monkeypatch.setattr(formats, "find_spec", lambda name: object())


def predict(sweep: Path) -> None:
    wrong = np.where(np.arange(200) < 20, (LABELS + 1) % 10, LABELS)
    for run in sweep.glob("*/seed-*"):
        np.savez(run / "predictions.npz", predicted=wrong)


def change(run: Path, **metrics: float | None) -> None:
    record = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps({**record, "metrics": {**record["metrics"], **metrics}}))


def test_validation_chooses_and_test_does_not(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(swept / "plain" / "seed-1", val_accuracy=0.91)
    capsys.readouterr()
    assert run_command("export", [str(swept)]) == 0
    assert capsys.readouterr().out.strip() == f"{swept}/export: plain, seed 1, validation 91.00%"
    assert (swept / "export" / "model.keras").read_text() == "plain 1"


def test_the_card_says_what_it_is_and_where_from(swept: Path) -> None:
    run_command("export", [str(swept)])
    card = (swept / "export" / "card.md").read_text()
    parts = [
        "# plain, seed 0", "validation accuracy 90.00%", "test accuracy 90.00%", "over 2 runs, 95 % interval",
        "7,850 parameters", "mnist5k 500 / 200", "learning_rate: 0.001", "commit: 1a2b3c4d5e",
        "`(n, 28, 28)`, uint8 or float, raw: 0 is the background, 255 the ink", "`scaled`, part of the model",
        "`model.keras` on the 200 raw test images of mnist5k", "sweep `mine`, variant `plain`, seed 0",
        "command: `mnist-sweeps`", "versions: keras 3.15.1",
    ]  # fmt: skip
    assert [part for part in parts if part not in card] == []


def test_the_card_says_what_new_digits_may_bring(swept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def card() -> str:
        run_command("export", [str(swept)])
        return (swept / "export" / "card.md").read_text()

    low, high = stats.new_digits_interval(np.tile(np.arange(200) >= 20, (2, 1)))
    line = f"on new digits, nets trained like these: {low:.2%} to {high:.2%} (95 %, images and seeds both drawn)"
    assert line in card()
    (swept / "plain" / "seed-1" / "run.json").unlink()
    assert "of images alone" in card() and "over 1 run, 95 % band of the noise law" in card()

    def nowhere(asked: Data) -> Split:
        raise ConfigError("data=mnist: not on this machine")

    monkeypatch.setattr(dataset, "load", nowhere)
    assert "not known here: data=mnist: not on this machine" in card()


def test_the_card_says_where_the_test_set_chose(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for run in swept.glob("*/seed-*/run.json"):
        record = json.loads(run.read_text())
        run.write_text(json.dumps({**record, "data": {**record["data"], "validation_is": "test"}}))
    capsys.readouterr()
    run_command("export", [str(swept)])
    assert "validated on the test set, which flatters" in capsys.readouterr().out
    assert "validated on the test set, which flatters" in (swept / "export" / "card.md").read_text()


def test_a_row_that_was_renamed_since_is_exported(swept: Path) -> None:
    (swept / "sweep.yaml").write_text((swept / "sweep.yaml").read_text().replace("name: plain\n", "name: Plain\n"))
    run_command("export", [str(swept)])
    assert "over 2 runs" in (swept / "export" / "card.md").read_text()


def test_a_run_that_did_not_complete_is_not_chosen(swept: Path) -> None:
    for seed in (0, 1):
        run = swept / "plain" / f"seed-{seed}" / "run.json"
        run.write_text(json.dumps({**json.loads(run.read_text()), "status": "diverged"}))
    run_command("export", [str(swept)])
    assert (swept / "export" / "model.keras").read_text() == "other-optimizer 0"


def test_without_validation_nothing_is_chosen(swept: Path) -> None:
    for run in swept.glob("*/seed-*"):
        change(run, val_accuracy=None)
    with pytest.raises(ConfigError, match="no completed run with a validation to choose by"):
        run_command("export", [str(swept)])
    assert not (swept / "export").exists()


def test_a_model_that_was_not_kept_is_told(swept: Path) -> None:
    (swept / "plain" / "seed-0" / "model.keras").unlink()
    with pytest.raises(ConfigError, match=r"plain kept no model; train with keep_models=best or all"):
        run_command("export", [str(swept)])


def test_the_fold_chooses_where_there_are_folds(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Launcher({"0.1": 0.8}).sweep("sweep=folds")
    folds = swept.parent / "folds"
    predict(folds)
    change(folds / "0.01" / "seed-1-fold-2", fold_accuracy=0.95, val_accuracy=0.1)
    capsys.readouterr()
    run_command("export", [str(folds)])
    assert capsys.readouterr().out.strip() == f"{folds}/export: 0.01, seed 1 fold 2, fold 95.00%"
    card = (folds / "export" / "card.md").read_text()
    assert "highest fold accuracy; chosen by fold alone" in card and "- fold accuracy 95.00%" in card


def test_the_card_has_the_head_that_hugging_face_reads(swept: Path) -> None:
    run_command("export", [str(swept), "--onnx"])
    card = (swept / "export" / "README.md").read_text()
    assert card == (swept / "export" / "card.md").read_text()
    _, head, text = card.split("---\n", 2)
    metadata = yaml.safe_load(head)
    assert metadata["library_name"] == "keras" and metadata["pipeline_tag"] == "image-classification"
    assert metadata["tags"] == ["mnist", "mnist-sweeps", "onnx"]
    (model,) = metadata["model-index"]
    (result,) = model["results"]
    assert result["dataset"] == {"name": "mnist5k", "type": "ylecun/mnist", "split": "train"}
    assert result["metrics"][0] == {"type": "accuracy", "name": "Test accuracy", "value": 0.9}
    assert text.startswith("# plain, seed 0")


def test_where_the_data_are_missing_the_card_says_that_the_file_was_not_measured(
    swept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = exported.export

    def unmeasured(run: Path, target: Path, names: list[str]) -> Exported:
        real(run, target, names)
        return Exported(["scale"], 784, 10, missing="data=mnist: not on this machine")

    monkeypatch.setattr(exported, "export", unmeasured)
    run_command("export", [str(swept)])
    card = (swept / "export" / "README.md").read_text()
    assert "test accuracy 10.00%, test loss 0.5000: of the run; not measured of the exported file" in card
    assert "model-index" not in card


def test_formats_are_written_and_named_in_the_card(swept: Path) -> None:
    run_command("export", [str(swept), "--onnx", "--tflite"])
    folder = swept / "export"
    assert {path.name for path in folder.iterdir()} == {
        "model.keras", "model.onnx", "model.tflite", "README.md", "card.md",
    }  # fmt: skip
    card = (folder / "README.md").read_text()
    assert "- `model.onnx`: ONNX, opset 18, input float32; its probabilities differ from Keras's by 2.0e-07 at" in card
    assert "- `model.tflite`: TFLite (LiteRT)" in card


def test_files_of_an_earlier_export_do_not_stay(swept: Path) -> None:
    run_command("export", [str(swept), "--onnx"])
    (swept / "export" / "notes.txt").write_text("mine")
    run_command("export", [str(swept)])
    assert {path.name for path in (swept / "export").iterdir()} == {"model.keras", "README.md", "card.md", "notes.txt"}


def test_a_missing_package_leaves_everything_as_it_was(swept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda name: None if name == "tf2onnx" else object())
    before = sorted(swept.rglob("*"))
    with pytest.raises(ConfigError, match=r"tf2onnx is not installed; pip install 'mnist-sweeps\[onnx\]' installs it"):
        run_command("export", [str(swept), "--onnx"])
    assert sorted(swept.rglob("*")) == before


def test_an_export_that_fails_leaves_the_earlier_one(swept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_command("export", [str(swept), "--onnx"])
    before = sorted(swept.rglob("*"))

    def fail(run: Path, target: Path, names: list[str]) -> Exported:
        (target / "model.keras").write_text("half")
        raise ConfigError("export --onnx: the network cannot be converted")

    monkeypatch.setattr(exported, "export", fail)
    with pytest.raises(ConfigError, match="cannot be converted"):
        run_command("export", [str(swept), "--onnx"])
    assert sorted(swept.rglob("*")) == before
    assert (swept / "export" / "model.keras").read_text() == "plain 0"


def test_a_damaged_model_is_not_exported(swept: Path) -> None:
    (swept / "plain" / "seed-0" / "model.keras").write_text("cut short")
    with pytest.raises(ConfigError, match=r"seed-0 of plain is damaged: model.keras"):
        run_command("export", [str(swept)])
