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

ALL = list(range(100, 900, 50))
WIDTHS = [150, 450, 800]  # three of the sixteen, of nearly the same mean: what the loop is measured at
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
    """Seconds, epochs and fold accuracies of both at a few widths, and of this project at all of them."""
    widths, every, images = (WIDTHS[:1], WIDTHS[:2], 3000) if quick else (WIDTHS, ALL, IMAGES)
    with tempfile.TemporaryDirectory() as place:
        words = ["benchmarks.contenders.width_loop", ",".join(map(str, widths)), str(images)]
        loop, printed = cold(words, Path(place), {**ON_CPU, "KERAS_BACKEND": "tensorflow"})
        fits = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return {
        "images": images, "ours": ours(widths, images), "whole": ours(every, images),
        "loop": {"fits": len(fits), "seconds": loop, "epochs": sum(one["epochs"] for one in fits),
                 "accuracy": mean(one["accuracy"] for one in fits)},
    }  # fmt: skip


def ours(widths: list[int], images: int) -> Found:
    """Fits, seconds, epochs and the mean fold accuracy of a sweep, cold."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "conf", "sweep", "widths.yaml")
        file.parent.mkdir(parents=True)
        file.write_text(yaml.safe_dump(sweep(widths, images)))
        seconds, _ = cold(["mnist_sweeps", "sweep=widths"], Path(place))
        records = [json.loads(path.read_text()) for path in Path(place).glob("outputs/*/*/seed-*/run.json")]
    metrics = [record["metrics"] for record in records]
    return {"fits": len(metrics), "seconds": seconds, "epochs": sum(one["epochs_run"] for one in metrics),
            "accuracy": mean(one["fold_accuracy"] for one in metrics)}  # fmt: skip


def section(found: Found) -> str:
    """A table of all three."""
    loop = found["loop"]
    lines = [
        f"Widths {', '.join(map(str, WIDTHS))} of the sixteen by both, all sixteen by this project: {FOLDS} folds, "
        f"patience {PATIENCE}, {found['images']:,} images. The loop's whole grid is reckoned: it starts once, and then "
        "fits one net after another.",
        "",
        "| | fits | seconds | epochs | s an epoch, all counted | accuracy on the folds % |",
        "|---|---|---|---|---|---|",
    ]
    named = {"this project": "ours", "this project, the whole grid": "whole", "a loop around Keras `fit`": "loop"}
    for name, key in named.items():
        one = found[key]
        lines.append(
            f"| {name} | {one['fits']} | {one['seconds']:.0f} | {one['epochs']} "
            f"| {one['seconds'] / one['epochs']:.2f} | {100 * one['accuracy']:.2f} |"
        )
    reckoned = _whole_loop(found)
    return "\n".join([*lines, f"| the loop, {found['whole']['fits']} fits, reckoned from its {loop['fits']} "
                      f"| {found['whole']['fits']} | {reckoned:.0f} | | | |"])  # fmt: skip


def _whole_loop(found: Found) -> float:
    """Seconds that the loop takes for as many fits as the whole grid has."""
    return float(found["loop"]["seconds"]) * float(found["whole"]["fits"]) / float(found["loop"]["fits"])


def targets(found: Found) -> list[Target]:
    """Against the loop, the whole grid."""
    whole, loop = found["whole"], found["loop"]
    an_epoch = (loop["seconds"] / loop["epochs"]) / (whole["seconds"] / whole["epochs"])
    stopped = f"{whole['epochs'] / whole['fits']:.1f} and {loop['epochs'] / loop['fits']:.1f} epochs a fit"
    floor = f"per epoch {an_epoch:.1f} x: early stopping gave them {stopped}"
    ratio = _whole_loop(found) / whole["seconds"]
    return [at_least(f"width grid, {whole['fits']} fits: against a loop around `fit`", TIMES, ratio, "x", floor)]


if __name__ == "__main__":
    part.run("grid", measure)
