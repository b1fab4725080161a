"""The table's net on a GPU: many seeds as one program, and what bounds an epoch of them.

python -m benchmarks.gpu [--quick]
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

from benchmarks import nets, part
from benchmarks.command import cold
from benchmarks.part import Found, Target, at_least, at_most
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.data import dataset
from mnist_sweeps.runtime import device, keras_backend
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.training import inputs

SEEDS, EPOCHS = 50, 5
TIMES_OF_ONE, AGAINST_PROCESSES = 3, 20
ON_GPU = ["data=mnist", "data.validation=test", "device=gpu", "backend=jax", "keep_models=none"]
FLOATS_A_STEP, STEPS = 10, 469
SIZE = 8192  # of the matrices that measure the arithmetic's peak


def measure(quick: bool) -> Found:
    """Epochs in steady state, then whole commands; only a line where there is no GPU."""
    try:
        device.resolve(Config(device="gpu", backend="jax"))
    except ConfigError as error:
        return {"absent": str(error)}
    keras_backend.configure_process(Machine("jax", "gpu:0", 1, "compiled"))
    seeds = 3 if quick else SEEDS
    return {"seeds": seeds, "steady": steady(quick, seeds), "commands": commands(seeds)}


def steady(quick: bool, seeds: int) -> Found:
    """Seconds of an epoch of 1, 5 and all seeds, and what bounds them."""
    net = nets.dense(quick)[0]
    floor = replace(net.config, model=replace(net.config.model, hidden=[2, 2]))
    return {
        "card": card(),
        "flops": net.flops,
        "peak": peak(),
        "bandwidth": bandwidth(),
        "parameters": parameters(net.config),
        "epochs": {str(count): epoch(net.config, count) for count in (1, 5, seeds)},
        "launches": epoch(floor, 1)["seconds"],
    }


def commands(seeds: int) -> Found:
    """A command of one seed, and one of all of them."""
    return {str(count): timed([f"seeds={count}", f"training.epochs={EPOCHS}"]) for count in (1, seeds)}


def timed(words: list[str]) -> Found:
    """Seconds of a command, cold, and the test accuracies of its runs."""
    with tempfile.TemporaryDirectory() as place:
        seconds, _ = cold(["mnist_sweeps", *ON_GPU, *words], Path(place), {})
        records = [json.loads(path.read_text()) for path in Path(place).glob("outputs/*/*/seed-*/run.json")]
    trained = sum(record["seconds"]["train"] for record in records)
    return {"seconds": seconds, "train": trained, "accuracy": [one["metrics"]["test_accuracy"] for one in records]}


def epoch(config: Config, members: int) -> Found:
    """Of that many seeds as one program: median seconds of an epoch after the first; of all, building included."""
    from mnist_sweeps.training.trainer import Trainer

    began = time.perf_counter()
    config = replace(config, training=replace(config.training, epochs=EPOCHS + 1))
    trainer = Trainer(config, inputs.prepare(config, dataset.load(config.data)), "compiled")
    _, first = next(trainer.train_together(dict.fromkeys(range(members), lambda epoch, logs: None)))
    seconds = members * median(first.epoch_seconds[1:])
    print(f"{config.model.hidden or config.model.conv.filters}, {members}: {seconds:.3f} s an epoch", flush=True)
    return {"seconds": seconds, "cold": time.perf_counter() - began}


def peak() -> float:
    """FLOP/s of float32 matrices of 8192 x 8192 at the precision that the nets are trained in (TF32 on new cards)."""
    import jax

    matrix = jax.random.normal(jax.random.key(0), (SIZE, SIZE))
    return 2.0 * SIZE**3 / _seconds(lambda one: one @ one, matrix)


def bandwidth() -> float:
    """Bytes/s of a copy within the GPU's memory, read and written ones counted."""
    import jax

    numbers = jax.random.normal(jax.random.key(0), (2**28,))
    return 2 * numbers.nbytes / _seconds(lambda one: one + 1, numbers)


def parameters(config: Config) -> int:
    """Of the net on 784 pixels."""
    from mnist_sweeps.models import network

    return int(network.build(config, (784,), seed=0).count_params())


def _seconds(call: Callable[[Any], Any], values: Any) -> float:
    """Median of a few calls of the program on the values, after the first."""
    import jax

    program, seconds = jax.jit(call), []
    for _ in range(EPOCHS + 1):
        began = time.perf_counter()
        program(values).block_until_ready()
        seconds.append(time.perf_counter() - began)
    return median(seconds[1:])


def card() -> str:
    """The GPU's name."""
    import jax

    return str(jax.devices()[0].device_kind)


def section(found: Found) -> str:
    """A table of epochs with the floors under them, and one of commands."""
    if "absent" in found:
        return f"Not measured: {found['absent']}"
    seeds, tables = found["seeds"], [_epochs(found["steady"])]
    if one_and_all := found["commands"]:
        tables.append(_commands(seeds, *one_and_all.values()))
    return "\n\n".join(tables)


def _epochs(found: Found) -> str:
    alone, moved = found["epochs"]["1"]["seconds"], _moved(found)
    lines = [
        f"784-512-256-10 on 60,000 images, batch 128, on one {found['card']}.",
        "",
        f"| seeds in one program | s an epoch, median of {EPOCHS} | of one seed's | TFLOP/s | arithmetic alone, s | "
        f"memory alone, s | building, compiling and {EPOCHS + 1} epochs, s |",
        "|---|---|---|---|---|---|---|",
    ]
    for members, measured in found["epochs"].items():
        work, seconds = int(members) * found["flops"], measured["seconds"]
        lines.append(
            f"| {members} | {seconds:.3f} | {seconds / alone:.2f} x | {work / seconds / 1e12:.1f} | "
            f"{work / found['peak']:.4f} | {int(members) * moved:.4f} | {measured['cold']:.1f} |"
        )
    return "\n".join([
        *lines,
        "",
        f"Arithmetic at the {found['peak'] / 1e12:.0f} TFLOP/s of {SIZE} x {SIZE} matrices; memory at the "
        f"{found['bandwidth'] / 1e12:.1f} TB/s of a copy, for {FLOATS_A_STEP} floats a parameter and step (the weight "
        "is read three times and written, the gradient written and read, Adam's averages read and written), "
        "activations not counted. Floor of launches: the same program on a net of 2-2 nodes, which computes next to "
        f"nothing, takes {found['launches']:.3f} s an epoch.",
    ])  # fmt: skip


def _moved(found: Found) -> float:
    """Seconds an epoch that one seed's weights, gradients and averages take to be moved."""
    return FLOATS_A_STEP * 4.0 * float(found["parameters"]) * STEPS / float(found["bandwidth"])


def _commands(seeds: int, one: Found, many: Found) -> str:
    return "\n".join([
        f"| command, {EPOCHS} epochs | s, command to report | s of training | accuracy %, mean ± standard error |",
        "|---|---|---|---|",
        f"| one seed | {one['seconds']:.1f} | {one['train']:.1f} | {100 * mean(one['accuracy']):.2f} |",
        f"| {seeds} seeds | {many['seconds']:.1f} | {many['train']:.1f} | {_told(many['accuracy'])} |",
        f"| {seeds} times the command of one seed | {seeds * one['seconds']:.0f} | | |",
    ])  # fmt: skip


def targets(found: Found) -> list[Target]:
    """None where there is no GPU; whole commands count, else trainings from building on."""
    if "absent" in found:
        return []
    seeds, epochs = found["seeds"], found["steady"]["epochs"]
    alone, all_of_them = epochs["1"]["seconds"], epochs[str(seeds)]["seconds"]
    bound = f"an epoch alone: {all_of_them / alone:.1f} x; moving the weights of {seeds} alone: "
    bound += f"{seeds * _moved(found['steady']) / alone:.1f} x"
    what, one, many = f"{EPOCHS + 1} epochs, building and compiling included", epochs["1"], epochs[str(seeds)]
    times = one["cold"], many["cold"]
    if found["commands"]:
        what, times = f"commands of {EPOCHS} epochs", tuple(one["seconds"] for one in found["commands"].values())
    return [
        at_most(f"GPU, {what}: {seeds} seeds against one", TIMES_OF_ONE, times[1] / times[0], "x", bound),
        at_least(f"GPU, {what}: {seeds} seeds against {seeds} times one", AGAINST_PROCESSES,
                 seeds * times[0] / times[1], "x", bound),
    ]  # fmt: skip


def _told(accuracies: list[float]) -> str:
    return f"{100 * mean(accuracies):.2f} ± {100 * stdev(accuracies) / len(accuracies) ** 0.5:.2f}"


if __name__ == "__main__":
    # XLA compiles for a GPU on all cores; on two it takes several times as long
    part.run("gpu", measure, cores=sorted(os.sched_getaffinity(0)))
