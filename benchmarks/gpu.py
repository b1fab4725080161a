"""Many seeds of the table's net on a GPU: together, one after another, and one process each.

python -m benchmarks.gpu [--quick]
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import mean

from benchmarks import part
from benchmarks.command import cold
from benchmarks.part import Found, Target
from mnist_sweeps.config import Config, ConfigError
from mnist_sweeps.device import resolve

SEEDS, EPOCHS = 50, 5
NET = [
    "data=mnist",
    "data.validation=test",
    f"training.epochs={EPOCHS}",
    "device=gpu",
    "backend=jax",
    "keep_models=none",
]


def measure(quick: bool) -> Found:
    """Seconds of each way, from the command to the report; only a line where there is no GPU."""
    try:
        resolve(Config(device="gpu", backend="jax"))
    except ConfigError as error:
        return {"absent": str(error)}
    seeds = 3 if quick else SEEDS
    one = timed(["seeds=1"])
    return {"seeds": seeds, "together": timed([f"seeds={seeds}"]), "one": one}


def timed(words: list[str]) -> Found:
    """Seconds of a sweep, and the mean test accuracy of its runs."""
    with tempfile.TemporaryDirectory() as place:
        seconds, _ = cold(["mnist_sweeps", *NET, *words], Path(place), {})
        records = [json.loads(path.read_text()) for path in Path(place).glob("outputs/*/*/seed-*/run.json")]
    trained = sum(record["seconds"]["train"] for record in records)
    return {"seconds": seconds, "train": trained, "accuracy": mean(one["metrics"]["test_accuracy"] for one in records)}


def section(found: Found) -> str:
    """A table of the three ways; a process for each run is the one run, as often as there are seeds."""
    if "absent" in found:
        return f"Not measured: {found['absent']}"
    seeds, one, many = found["seeds"], found["one"], found["together"]
    return "\n".join([
        f"784-512-256-10, {EPOCHS} epochs on 60,000 images.",
        "",
        "| | s, command to report | s of training | accuracy % |",
        "|---|---|---|---|",
        f"| {seeds} seeds, one command | {many['seconds']:.1f} | {many['train']:.1f} | {100 * many['accuracy']:.2f} |",
        f"| one seed | {one['seconds']:.1f} | {one['train']:.1f} | {100 * one['accuracy']:.2f} |",
        f"| {seeds} seeds one after another, as one | | {seeds * one['train']:.1f} | |",
        f"| {seeds} seeds, a process each, as one | {seeds * one['seconds']:.1f} | | |",
    ])  # fmt: skip


def targets(found: Found) -> list[Target]:
    """None is set for a machine that may lack the GPU."""
    return []


if __name__ == "__main__":
    part.run("gpu", measure)
