"""How each contender trains some rows of mlp_table: its command line, timed from there to the report."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import yaml

from benchmarks import part
from benchmarks.command import ON_CPU, cold
from benchmarks.law import Size
from benchmarks.part import Found

OURS, BASIC, JOBLIB = "this project", "Hydra, basic launcher", "Hydra, joblib, 2 workers"
ON_JAX, TUNER = "Hydra, basic launcher, Keras on JAX", "keras-tuner, grid"
CONTENDERS = [OURS, BASIC, JOBLIB, ON_JAX, TUNER]
HYDRA = ["benchmarks.contenders.hydra_app", "-m"]


@dataclass(frozen=True)
class Sweep:
    """What is to be trained."""

    rows: list[int]
    epochs: int
    seeds: int = 1
    images: int | None = None

    @property
    def size(self) -> Size:
        """As the law takes it."""
        runs = len(self.rows) * self.seeds
        return Size(len(self.rows), runs, runs * self.epochs)


def hydra(sweep: Sweep, *more: str) -> list[str]:
    """The command line of the Hydra app."""
    rows = ",".join(map(str, sweep.rows))
    return [*HYDRA, f"row={rows}", f"epochs={sweep.epochs}", f"train_size={sweep.images or 'null'}", *more]


def ours(sweep: Sweep, folder: Path) -> list[str]:
    """The command line of this project, and the sweep file that a person would write: the chosen rows."""
    table = yaml.safe_load((part.ROOT / "conf" / "sweep" / "mlp_table.yaml").read_text())
    names = [name for index, name in enumerate(table["variants"]) if index in sweep.rows]
    kept = {name: table["variants"][name] for name in names}
    chosen = {"question": table["question"], "common": table["common"], "variants": kept}
    path = folder / "conf" / "sweep" / "part_of_table.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(chosen, sort_keys=False))
    size = f"data.train_size={sweep.images or 'null'}"
    return ["mnist_sweeps", "sweep=part_of_table", f"training.epochs={sweep.epochs}", f"seeds={sweep.seeds}", size]


def contest(name: str, sweep: Sweep, folder: Path) -> tuple[list[str], dict[str, str]]:
    """The module with its arguments, and the environment, by which a contender trains the sweep."""
    joblib = ["hydra/launcher=joblib", "hydra.launcher.n_jobs=2", "threads=1"]
    tuner = ["benchmarks.contenders.keras_tuner_grid", ",".join(map(str, sweep.rows)), str(sweep.epochs)]
    ways = {
        OURS: ("", lambda: ours(sweep, folder)),
        "Hydra, basic launcher": ("tensorflow", lambda: hydra(sweep)),
        "Hydra, basic launcher, Keras on JAX": ("jax", lambda: hydra(sweep)),
        "Hydra, joblib, 2 workers": ("tensorflow", lambda: hydra(sweep, *joblib)),
        "keras-tuner, grid": ("tensorflow", lambda: [*tuner, *([str(sweep.images)] if sweep.images else [])]),
    }
    backend, command = ways[name]
    return command(), {"KERAS_BACKEND": backend} if backend else {}


def timed(name: str, sweep: Sweep) -> Found:
    """Seconds of one whole sweep, and the mean test accuracy of its rows."""
    with tempfile.TemporaryDirectory() as place:
        words, environment = contest(name, sweep, Path(place))
        seconds, _ = cold(words, Path(place), {**ON_CPU, **environment})
        accuracy = mean(accuracies(Path(place)))
    print(f"{name}: {sweep.size}: {seconds:.1f} s", flush=True)
    return {"contender": name, "size": sweep.size, "seconds": seconds, "accuracy": accuracy}


def accuracies(folder: Path) -> list[float]:
    """The test accuracy of each row."""
    for report in folder.glob("outputs/*/report.csv"):
        return [float(line["test_accuracy_mean"]) for line in csv.DictReader(report.open())]
    return [float(line[1]) for line in csv.reader((folder / "results.csv").open())]
