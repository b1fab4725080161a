"""TensorBoard's event files, read back by TensorBoard's own reader."""

from pathlib import Path
from typing import Any

import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.tensorflow_stub.errors import OutOfRangeError
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New
from tensorboard.plugins.hparams import metadata

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.storage import folder_names


def events(folder: Path) -> list[Any]:
    """The events of a run, whose checksums the reader verifies."""
    (path,) = folder.iterdir()
    reader = PyRecordReader_New(str(path))
    found = []
    while True:
        try:
            reader.GetNext()
        except OutOfRangeError:
            return found
        found.append(Event.FromString(reader.record()))


def values(folder: Path) -> dict[str, list[tuple[int, Any]]]:
    """Steps and values by tag."""
    found: dict[str, list[tuple[int, Any]]] = {}
    for event in events(folder):
        for value in event.summary.value:
            found.setdefault(value.tag, []).append((event.step, value))
    return found


def track(folder: Path) -> None:
    assert run_command("track", [str(folder), "--to", "tensorboard"]) == 0


def test_a_run_has_its_epochs_and_its_metrics(swept: Path) -> None:
    track(swept)
    found = values(swept / "tensorboard" / "other-optimizer" / "seed-1")
    ((step, accuracy),) = found["epoch_val_accuracy"]
    assert (step, accuracy.simple_value) == (1, pytest.approx(0.8))
    ((_, accuracy),) = found["test_accuracy"]
    assert accuracy.simple_value == pytest.approx(0.2)
    assert not any(tag.startswith("weights/") for tag in found)


def test_histograms_of_initial_and_trained_weights(swept: Path) -> None:
    track(swept)
    found = values(swept / "tensorboard" / "plain" / "seed-0")
    steps, histograms = zip(*((step, value.histo) for step, value in found["weights/output/kernel"]), strict=True)
    assert steps == (0, 1)
    assert [(histogram.min, histogram.max) for histogram in histograms] == [(-1, 1), (-2, 2)]
    assert all(sum(histogram.bucket) == histogram.num == 2001 for histogram in histograms)


def test_the_runs_of_a_variant_are_a_group_of_hparams(swept: Path) -> None:
    track(swept)
    for seed in (0, 1):
        found = values(swept / "tensorboard" / "other-optimizer" / f"seed-{seed}")
        ((_, value),) = found[metadata.SESSION_START_INFO_TAG]
        start = metadata.parse_session_start_info_plugin_data(value.metadata.plugin_data.content)
        assert start.group_name == "other optimizer"
        assert start.hparams["optimizer.name"].string_value == "sgd"
        assert start.hparams["training.epochs"].number_value == 3
        assert start.hparams["seed"].number_value == seed
        ((_, value),) = found[metadata.SESSION_END_INFO_TAG]
        end = metadata.parse_session_end_info_plugin_data(value.metadata.plugin_data.content)
        assert end.status == 1  # STATUS_SUCCESS


def test_a_run_that_was_trained_again_replaces_its_file(swept: Path) -> None:
    track(swept)
    folder = swept / "tensorboard" / "plain" / "seed-1"
    before = [*folder.iterdir()]
    track(swept)
    assert [*folder.iterdir()] == before
    record = swept / "plain" / "seed-1" / "run.json"
    record.write_text(record.read_text().replace('"best_epoch": 1', '"best_epoch": 0'))
    track(swept)
    (after,) = folder.iterdir()
    assert after not in before


def test_no_variant_takes_the_folder_of_the_event_files() -> None:
    assert folder_names.folders(["TensorBoard"])["TensorBoard"].startswith("TensorBoard-")


@pytest.mark.slow
def test_tensorboard_reads_the_files_itself(swept: Path) -> None:
    """Through the classes behind its pages, which import TensorFlow."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    track(swept)
    accumulator = EventAccumulator(str(swept / "tensorboard" / "plain" / "seed-0"))
    accumulator.Reload()
    tags = accumulator.Tags()
    assert {"epoch_loss", "test_accuracy", "weights/output/kernel"} <= {
        *tags["tensors"],
        *tags["scalars"],
        *tags["histograms"],
    }
    assert "hparams" in {*accumulator.summary_metadata["_hparams_/session_start_info"].plugin_data.plugin_name.split()}
