"""The same net by each engine, 20 seeds each: do they train equally well, and vary equally?

python -m benchmarks.equality [--quick]
"""

from __future__ import annotations

import json
import tempfile
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

from benchmarks import part
from benchmarks.command import cold
from benchmarks.part import Found, Target, at_most

ENGINES = {
    "fit on TensorFlow": ("tensorflow", "fit"),
    "fit on JAX": ("jax", "fit"),
    "compiled on JAX": ("jax", "compiled"),
    "compiled on TensorFlow": ("tensorflow", "compiled"),
}
REFERENCE = "fit on TensorFlow"
SEEDS, EPOCHS = 20, 10
ERRORS, SPREAD = 2.0, (0.7, 1.4)  # standard errors of a difference of means; ratio of the sds


def measure(quick: bool) -> Found:
    """The test accuracies of each engine's runs of 784-512-256-10 on the 4,000 digits of mnist5k."""
    seeds, epochs = (3, 2) if quick else (SEEDS, EPOCHS)
    found = {}
    for name, (backend, engine) in ENGINES.items():
        with tempfile.TemporaryDirectory() as place:
            asked = [f"seeds={seeds}", f"training.epochs={epochs}", f"backend={backend}", f"engine={engine}"]
            cold(["mnist_sweeps", *asked, "device=cpu", "keep_models=none"], Path(place))
            records = [json.loads(path.read_text()) for path in Path(place).glob("outputs/*/*/seed-*/run.json")]
        found[name] = [record["metrics"]["test_accuracy"] for record in records]
    return {"epochs": epochs, "accuracies": found}


def section(found: Found) -> str:
    """Mean, standard error and sd of each engine."""
    told = f"784-512-256-10 on mnist5k, {found['epochs']} epochs; test accuracy on 1,000 digits, per cent."
    lines = [told, "", "| engine | runs | mean ± standard error | sd |", "|---|---|---|---|"]
    for name, values in found["accuracies"].items():
        error = stdev(values) / sqrt(len(values))
        lines.append(
            f"| {name} | {len(values)} | {100 * mean(values):.2f} ± {100 * error:.2f} | {100 * stdev(values):.2f} |"
        )
    return "\n".join(lines)


def targets(found: Found) -> list[Target]:
    """Each engine against the reference: the means in standard errors of their difference, the ratio of the sds."""
    first = found["accuracies"][REFERENCE]
    wanted = []
    for name, values in found["accuracies"].items():
        if name != REFERENCE:
            error = sqrt(stdev(values) ** 2 / len(values) + stdev(first) ** 2 / len(first))
            apart, ratio = abs(mean(values) - mean(first)) / error, stdev(values) / stdev(first)
            low, high = SPREAD
            wanted += [
                at_most(f"{name} against {REFERENCE}: difference of means", ERRORS, apart, "standard errors"),
                Target(f"{name} against {REFERENCE}: ratio of sds", f"{low:g} to {high:g}", f"{ratio:.2f}",
                       low <= ratio <= high),
            ]  # fmt: skip
    return wanted


if __name__ == "__main__":
    part.run("equality", measure)
