"""Growth with the number of rows: CPU seconds and memory of a sweep that trains nothing, from the plan to `status`.

python -m benchmarks.growth [--quick]

Each size runs in a process of its own: a grid of learning rates of softmax regression, whose runs are only written.
"""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import part
from benchmarks.part import Found, Target, at_most

ROWS = (10, 100, 400, 2000)
STEPS = (
    "plan",
    "check",
    "sweep.yaml",
    "worker's jobs",
    "run folders",
    "resume",
    "report: read",
    "report: files",
    "status",
)
LARGEST = 1.15  # power of the number of rows: noise above linear


def measure(quick: bool) -> Found:
    """CPU seconds of each step, those of its child processes included, and peak memory, for each number of rows."""
    sizes = []
    for rows in ROWS[: 2 if quick else None]:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "benchmarks.growth", "--rows", str(rows)]
            ended = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        sizes.append(json.loads(ended.stdout.splitlines()[-1]))
    return {"sizes": sizes}


def steps(rows: int) -> dict[str, Any]:
    """CPU seconds by step, and peak memory in MB, of a sweep in the working directory."""
    from mnist_sweeps.cli.main import run_command
    from mnist_sweeps.planning import compose, planner
    from mnist_sweeps.report import read, write_files
    from mnist_sweeps.runtime import workers
    from mnist_sweeps.runtime.device import Machine
    from mnist_sweeps.storage.sweep_file import variant_name, write_sweep_file
    from mnist_sweeps.sweeps import driver, resume
    from mnist_sweeps.sweeps.record_plan import record_plan

    seconds: dict[str, float] = {}

    @contextmanager
    def timed(step: str) -> Iterator[None]:
        began = _cpu()
        yield
        seconds[step] = _cpu() - began

    folder = Path("outputs", "growth").resolve()
    rates = ", ".join(f"{(1 + row) / 10_000:.4f}" for row in range(rows))
    Path("conf", "sweep").mkdir(parents=True)
    Path("conf", "sweep", "growth.yaml").write_text(
        f"question: none\ncommon: {{model: softmax, seeds: 1}}\ngrid: {{optimizer.learning_rate: [{rates}]}}\n"
    )
    with compose.session():
        with timed("plan"):
            plan = planner.plan(["sweep=growth"])
        with timed("check"):
            driver.checked(plan)
        with timed("sweep.yaml"):
            folder.mkdir(parents=True)
            write_sweep_file(record_plan(plan, Machine("jax", "cpu", 1, "compiled")), folder)
        with timed("worker's jobs"):
            places = [folder / variant.folder for variant in plan.rows]
            workers.run(variant_name, places, [{}], workers.Rules(recycle=20), lambda *_: None)
        with timed("run folders"):
            for variant in plan.rows:
                _leave_run(folder / variant.folder, variant.name, variant.config)
        with timed("resume"):
            resume.kept(plan, folder)
            resume.tidy(folder)
    with timed("report: read"):
        report = read(folder)
    with timed("report: files"):
        write_files(report)
    with timed("status"), redirect_stdout(sys.stderr):
        run_command("status", [str(folder)])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {"rows": rows, "seconds": seconds, "memory": memory}


def _cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    return time.process_time() + sum(os.times()[2:4])


def _leave_run(folder: Path, variant: str, config: Any) -> None:
    """What a run of one epoch leaves, without its arrays."""
    from mnist_sweeps.storage import run_digest, run_folder
    from mnist_sweeps.storage.run_parts import ImageCounts, RunSeconds
    from mnist_sweeps.storage.run_record import RunRecord

    (run,) = config.runs
    accuracy = 0.8 + (hash(config.optimizer["learning_rate"]) % 1000) / 10_000
    scores = {"test_loss": 0.5, "test_accuracy": accuracy, "val_loss": 0.5, "val_accuracy": accuracy}
    record = RunRecord(
        "completed", *run, run_digest.digest(config, run), "growth", variant, config=asdict(config),
        scores={**scores, "train_loss": 0.5, "train_accuracy": 0.9, "epochs_run": 1, "best_epoch": 1},
        parameter_counts={"total": 7850, "trainable": 7850, "non_trainable": 0}, multiplies=7840,
        duration=RunSeconds(1.0, (1.0,), 1.0), counts=ImageCounts("mnist5k", 3600, 400, 1000, "held out", "digits"),
        effective={"optimizer": {}, "layers": [{"class": "Dense", "name": "output"}], "initializers": {}},
        provenance={"versions": {}, "git": {}, "backend": "jax", "engine": "compiled", "device": "cpu", "threads": 1,
                    "time": "2026-01-01T00:00:00+00:00"},
    )  # fmt: skip
    place = run_folder.folder_of(folder, run)
    place.mkdir(parents=True)
    run_folder.begin(place, record)
    run_folder.append_epoch(place, 1, {"loss": 0.5, "accuracy": accuracy, "val_loss": 0.5, "val_accuracy": accuracy})
    run_folder.publish(place, record, {})


def power(sizes: list[dict[str, Any]], of: Callable[[dict[str, Any]], float]) -> float:
    """The power of the number of rows by which a quantity grows, beyond its start, between the two largest sizes.

    Args:
        sizes: Measurements, by ascending numbers of rows; what the smallest takes counts as the start.
        of: The quantity of a measurement.
    """
    start, (small, large) = of(sizes[0]), sizes[-2:]
    grown = max(of(large) - start, 1e-3) / max(of(small) - start, 1e-3)
    return math.log(grown) / math.log((large["rows"] - sizes[0]["rows"]) / (small["rows"] - sizes[0]["rows"]))


def section(found: Found) -> str:
    """A line for each step."""
    sizes = found["sizes"]
    lines = [
        "CPU seconds, those of child processes included; each size measured once. A power of 1 is linear.",
        "",
        "| | " + " | ".join(f"{one['rows']} rows" for one in sizes) + " | power |",
        "|---" * (len(sizes) + 2) + "|",
    ]
    for step in STEPS:
        values = " | ".join(f"{one['seconds'][step]:.2f}" for one in sizes)
        lines.append(f"| {step} | {values} | {_shown(sizes, step)} |")
    memory = " | ".join(f"{one['memory']:.0f} MB" for one in sizes)
    return "\n".join([*lines, f"| peak memory | {memory} | |"])


def _shown(sizes: list[dict[str, Any]], step: str) -> str:
    return f"{power(sizes, lambda one: one['seconds'][step]):.2f}" if len(sizes) > 2 else ""


def targets(found: Found) -> list[Target]:
    """Nothing grows faster than the number of rows."""
    sizes = found["sizes"]
    if len(sizes) < 3:
        return []
    worst = max(STEPS, key=lambda step: power(sizes, lambda one: one["seconds"][step]))
    grows = power(sizes, lambda one: one["seconds"][worst])
    what = f"growth with the rows, {sizes[-2]['rows']} to {sizes[-1]['rows']}: largest power ({worst})"
    return [at_most(what, LARGEST, grows, "(1 is linear)")]


if __name__ == "__main__":
    if "--rows" in sys.argv:
        print(json.dumps(steps(int(sys.argv[-1]))))
    else:
        part.run("growth", measure)
