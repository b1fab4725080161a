"""Notebook 004's grid of widths on three folds with early stopping, cold: this project and a loop around `fit`.

python -m benchmarks.grid [--quick]
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import mean

import yaml

from benchmarks import part
from benchmarks.command import ON_CPU, cold
from benchmarks.contenders.width_loop import EPOCHS, FOLDS, HELD_OUT, PATIENCE
from benchmarks.part import Found, Target, at_least

WIDTHS = [150, 450, 800]  # of 100, 150 ... 850: three of sixteen, of nearly the same mean
TIMES = 4  # as fast as the loop
IMAGES = 60_000


def sweep(widths: list[int], images: int) -> Found:
    """The grid as a sweep file."""
    return {
        "question": "Which width is best?",
        "common": {
            "data": "mnist", "data.train_size": images, "data.validation": min(HELD_OUT, images // 12),
            "data.holdout": "first", "data.folds": FOLDS,
            "model": "softmax", "model.activation": "relu", "optimizer": "rmsprop", "initializer": "glorot_uniform",
            "training.epochs": EPOCHS, "training.batch_size": 32, "training.early_stopping.patience": PATIENCE,
        },
        "grid": {"model.hidden": [[width] for width in widths]},
    }  # fmt: skip


def measure(quick: bool) -> Found:
    """Seconds, epochs and fold accuracies of both."""
    widths, images = (WIDTHS[:1], 3000) if quick else (WIDTHS, IMAGES)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "conf", "sweep", "widths.yaml")
        file.parent.mkdir(parents=True)
        file.write_text(yaml.safe_dump(sweep(widths, images)))
        ours, _ = cold(["mnist_sweeps", "sweep=widths"], Path(place))
        records = [json.loads(path.read_text()) for path in Path(place).glob("outputs/*/*/seed-*/run.json")]
    with tempfile.TemporaryDirectory() as place:
        words = ["benchmarks.contenders.width_loop", ",".join(map(str, widths)), str(images)]
        loop, printed = cold(words, Path(place), {**ON_CPU, "KERAS_BACKEND": "tensorflow"})
        fits = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    metrics = [record["metrics"] for record in records]
    return {
        "widths": widths, "images": images, "fits": len(fits),
        "ours": {"seconds": ours, "epochs": sum(one["epochs_run"] for one in metrics),
                 "accuracy": mean(one["fold_accuracy"] for one in metrics)},
        "loop": {"seconds": loop, "epochs": sum(one["epochs"] for one in fits),
                 "accuracy": mean(one["accuracy"] for one in fits)},
    }  # fmt: skip


def section(found: Found) -> str:
    """A table of both."""
    lines = [
        f"Widths {', '.join(map(str, found['widths']))} of the sixteen, {FOLDS} folds, patience {PATIENCE}: "
        f"{found['fits']} of 48 fits on {found['images']:,} images. What it costs to start counts five times as "
        "much here as in the whole grid.",
        "",
        "| | seconds | epochs | s an epoch, all counted | accuracy on the folds % | 48 fits, by these |",
        "|---|---|---|---|---|---|",
    ]
    for name, key in (("this project", "ours"), ("a loop around Keras `fit`", "loop")):
        one = found[key]
        lines.append(
            f"| {name} | {one['seconds']:.0f} | {one['epochs']} | {one['seconds'] / one['epochs']:.2f} "
            f"| {100 * one['accuracy']:.2f} | {one['seconds'] * 48 / found['fits'] / 60:.0f} min |"
        )
    return "\n".join(lines)


def targets(found: Found) -> list[Target]:
    """Against the loop."""
    ours, loop = found["ours"], found["loop"]
    an_epoch = (loop["seconds"] / loop["epochs"]) / (ours["seconds"] / ours["epochs"])
    floor = f"per epoch {an_epoch:.1f} x: early stopping gave them {ours['epochs']} and {loop['epochs']} epochs"
    return [at_least("width grid: against a loop around `fit`", TIMES, loop["seconds"] / ours["seconds"], "x", floor)]


if __name__ == "__main__":
    part.run("grid", measure)
