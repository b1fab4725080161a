"""MLflow: one parent run a sweep, one child a run, in the store that `MLFLOW_TRACKING_URI` names.

A child has the run's settings as parameters, its metrics, those of each epoch, and its files; the parent has the report
and the figures. What is there already is found by tags, so nothing is sent twice.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Metric, Param

from mnist_sweeps.config.sweep_spec import text
from mnist_sweeps.report.files import FILES
from mnist_sweeps.storage import run_file, sweep_file
from mnist_sweeps.tracking.tracked_run import TrackedRun

SWEEP, PLACE, MARK = "mnist_sweeps.sweep", "mnist_sweeps.run", "mnist_sweeps.mark"  # tags of ours
PARENT, DESCRIPTION = "mlflow.parentRunId", "mlflow.note.content"  # tags that MLflow's pages know
AT_ONCE = 1000  # metrics that MLflow takes in one request
RUN_FILES = (run_file.NAME, "history.csv")
PICTURES = ("*.png", "*.svg")
RETRIES = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2"}  # MLflow's 7 would hold up a sweep's end by minutes


class MlflowTracker:
    """Sends to the experiment `MLFLOW_EXPERIMENT_NAME`, else that with the sweep's name."""

    def __init__(self, sweep: Path) -> None:
        for name, value in RETRIES.items():
            os.environ.setdefault(name, value)
        logging.getLogger("mlflow").setLevel(logging.WARNING)  # it reports each table that it creates
        self.sweep = sweep
        record = sweep_file.read_sweep_file(sweep)
        self.client = MlflowClient()
        self.name = os.environ.get("MLFLOW_EXPERIMENT_NAME") or record.sweep
        experiment = self.client.get_experiment_by_name(self.name)
        self.experiment = experiment.experiment_id if experiment else self.client.create_experiment(self.name)
        self.parent = self._parent(record.question or record.sweep)
        children = self._runs(f"tags.`{PARENT}` = '{self.parent}'")
        self.sent = {run.data.tags[PLACE]: (run.info.run_id, run.data.tags.get(MARK)) for run in children}

    @property
    def where(self) -> str:
        """The store and the experiment."""
        return f"experiment {self.name} of {self.client.tracking_uri}"

    def send(self, run: TrackedRun) -> None:
        """Adds a child run; one of an earlier training of the run is deleted."""
        earlier, mark = self.sent.get(run.place, (None, None))
        if mark == run.mark:
            return
        if earlier:
            self.client.delete_run(earlier)
        tags = {PARENT: self.parent, PLACE: run.place}
        child = self.client.create_run(self.experiment, _milliseconds(run.began), tags, run.name).info.run_id
        self.client.log_batch(child, params=[Param(key, text(value)) for key, value in run.settings.items()])
        metrics = list(_metrics(run))
        for first in range(0, len(metrics), AT_ONCE):
            self.client.log_batch(child, metrics=metrics[first : first + AT_ONCE])
        for name in RUN_FILES:
            if (run.folder / name).exists():
                self.client.log_artifact(child, str(run.folder / name))
        self.client.set_terminated(child, _status(run.record.status), _milliseconds(run.ended))
        self.client.set_tag(child, MARK, run.mark)  # last: without it the run is sent again
        self.sent[run.place] = (child, run.mark)

    def finish(self, complete: bool) -> None:
        """Adds the report and the figures of sweep and variants to the parent run."""
        for name in (sweep_file.NAME, *FILES):
            if (self.sweep / name).exists():
                self.client.log_artifact(self.parent, str(self.sweep / name))
        for folder in ("", *(variant.folder for variant in sweep_file.read_sweep_file(self.sweep).variants)):
            for path in (path for kind in PICTURES for path in sorted((self.sweep / folder / "figures").glob(kind))):
                self.client.log_artifact(self.parent, str(path), f"figures/{folder}".rstrip("/"))
        self.client.set_terminated(self.parent, "FINISHED" if complete else "FAILED")

    def _parent(self, description: str) -> str:
        """The id of the sweep's run, that of an earlier command where there is one."""
        mark = hashlib.sha256(str(self.sweep.resolve()).encode()).hexdigest()[:16]
        for run in self._runs(f"tags.`{SWEEP}` = '{mark}'"):
            self.client.update_run(run.info.run_id, "RUNNING")
            return str(run.info.run_id)
        tags = {SWEEP: mark, DESCRIPTION: description}
        return str(self.client.create_run(self.experiment, tags=tags, run_name=self.sweep.name).info.run_id)

    def _runs(self, condition: str) -> Iterator[Any]:
        token = None
        while True:
            page = self.client.search_runs([self.experiment], condition, page_token=token)
            yield from page
            token = page.token
            if not token:
                return


def _metrics(run: TrackedRun) -> Iterator[Metric]:
    """Those of each epoch with its number as the step, then those of the whole run."""
    for epoch, (time, metrics) in enumerate(zip(run.epoch_times, run.epochs, strict=True), start=1):
        yield from (Metric(name, value, _milliseconds(time), epoch) for name, value in metrics.items())
    for name, value in run.record.metrics.items():
        yield Metric(name, value, _milliseconds(run.ended), 0)


def _status(status: str) -> str:
    """A run's status in MLflow's words."""
    words = {"completed": "FINISHED", "killed": "KILLED", "interrupted": "KILLED", "timed_out": "KILLED"}
    return words.get(status, "FAILED")


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
