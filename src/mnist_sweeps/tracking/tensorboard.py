"""TensorBoard: one event file a run, below the sweep's folder, written without TensorFlow.

Scalars by epoch, histograms of the initial and the trained weights, and the run's settings for the tab HParams, where
the runs of a variant are a group. The formats are those of TensorBoard 2.21's own summaries.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary
from tensorboard.plugins.hparams import metadata
from tensorboard.plugins.hparams.api_pb2 import STATUS_FAILURE, STATUS_SUCCESS
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData, SessionEndInfo, SessionStartInfo
from tensorboard.summary.writer.record_writer import RecordWriter

from mnist_sweeps.config.sweep_spec import text
from mnist_sweeps.storage import atomic
from mnist_sweeps.tracking.tracked_run import TrackedRun

FOLDER = "tensorboard"
EVENTS = "events.out.tfevents."  # TensorBoard looks for the last word
BINS = 40


class TensorBoardTracker:
    """Writes DIR/tensorboard, which `tensorboard --logdir` shows."""

    def __init__(self, sweep: Path) -> None:
        self.folder = sweep / FOLDER

    @property
    def where(self) -> str:
        """The command that shows it."""
        return f"tensorboard --logdir {self.folder}"

    def send(self, run: TrackedRun) -> None:
        """Writes the run's event file; one of an earlier training of the run is removed."""
        path = self.folder / run.place / f"{EVENTS}{run.mark}"
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, event_file(run))
        for other in path.parent.glob(f"{EVENTS}*"):
            if other != path:
                other.unlink()

    def finish(self, complete: bool) -> None:
        """Nothing: TensorBoard has no place for a report."""


def event_file(run: TrackedRun) -> bytes:
    """The content of an event file, the same bytes for the same run."""
    buffer = io.BytesIO()
    writer = RecordWriter(buffer)
    for event in _events(run):
        writer.write(event.SerializeToString())
    return buffer.getvalue()


def _events(run: TrackedRun) -> Iterator[Event]:
    last = len(run.epochs)
    yield Event(wall_time=run.began, file_version="brain.Event:2")
    yield _event(run.began, 0, [_hparams("session_start_info", _start(run)), *_histograms(run, "initial")])
    for epoch, (time, metrics) in enumerate(zip(run.epoch_times, run.epochs, strict=True), start=1):
        yield _event(time, epoch, [_scalar(*metric) for metric in metrics.items()])
    final = [_scalar(*metric) for metric in run.record.metrics.items()]
    yield _event(run.ended, last, [*final, *_histograms(run, "trained"), _hparams("session_end_info", _end(run))])


def _event(time: float, step: int, values: list[Any]) -> Event:
    return Event(wall_time=time, step=step, summary=Summary(value=values))


def _scalar(name: str, value: float) -> Any:
    return Summary.Value(tag=name, simple_value=value)


def _histograms(run: TrackedRun, moment: str) -> list[Any]:
    """One value for each kernel and batch-norm scale; none for a run without weights.npz."""
    path = run.folder / "weights.npz"
    if not path.exists():
        return []
    ending = f"/{moment}/quantiles"
    with np.load(path, allow_pickle=False) as arrays:
        quantiles = {key.removesuffix(ending): arrays[key] for key in arrays.files if key.endswith(ending)}
    return [
        Summary.Value(tag=f"weights/{name}", histo=_histogram(values.astype(np.float64)))
        for name, values in quantiles.items()
        if np.isfinite(values).all()  # else the network diverged
    ]


def _histogram(quantiles: NDArray[np.float64]) -> Any:
    """Counts of 2,001 quantiles, evenly spaced from 0 to 1, which stand for all weights."""
    counts, edges = np.histogram(quantiles, BINS)
    return HistogramProto(
        min=quantiles[0],
        max=quantiles[-1],
        num=len(quantiles),
        sum=quantiles.sum(),
        sum_squares=(quantiles**2).sum(),
        bucket_limit=edges[1:],
        bucket=counts,
    )


def _start(run: TrackedRun) -> Any:
    """The settings; the runs of a variant are one group, whose metrics TensorBoard averages."""
    info = SessionStartInfo(group_name=run.variant, start_time_secs=run.began)
    for key, value in run.settings.items():
        if isinstance(value, bool):
            info.hparams[key].bool_value = value
        elif isinstance(value, (int, float)):
            info.hparams[key].number_value = value
        else:
            info.hparams[key].string_value = text(value)
    return info


def _end(run: TrackedRun) -> Any:
    return SessionEndInfo(status=STATUS_SUCCESS if run.record.completed else STATUS_FAILURE, end_time_secs=run.ended)


def _hparams(tag: str, content: Any) -> Any:
    """A value that tells the tab HParams when a run began, or how it ended."""
    data = HParamsPluginData(**{tag: content})
    return Summary.Value(
        tag=f"_hparams_/{tag}", metadata=metadata.create_summary_metadata(data), tensor=metadata.NULL_TENSOR
    )
