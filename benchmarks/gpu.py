"""The table's net on a GPU: many seeds as one program, and what bounds an epoch of them.

python -m benchmarks.gpu [--quick]
"""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import mean, median, stdev

from benchmarks import nets, part
from benchmarks.command import cold
from benchmarks.part import Found, Target, at_least, at_most
from mnist_sweeps import data, device
from mnist_sweeps.config import Config, ConfigError, Model
from mnist_sweeps.device import Machine
from mnist_sweeps.training import arrays

SEEDS, EPOCHS = 50, 5
TIMES_OF_ONE, AGAINST_PROCESSES = 3, 20
MEMBERS = (1, 5, SEEDS)
ON_GPU = ["data=mnist", "data.validation=test", "device=gpu", "backend=jax", "keep_models=none"]
SIZE = 8192  # of the matrices that measure the arithmetic's peak
CNNS, CNN_MEMBERS = ("3 convolutions", "7 convolutions"), 5


def measure(quick: bool) -> Found:
    """Whole commands, then epochs in steady state; only a line where there is no GPU."""
    try:
        device.resolve(Config(device="gpu", backend="jax"))
    except ConfigError as error:
        return {"absent": str(error)}
    seeds = 3 if quick else SEEDS
    commands = {str(count): timed([f"seeds={count}", f"training.epochs={EPOCHS}"]) for count in (1, seeds)}
    device.enter(Machine("jax", "gpu:0", 1, "compiled"))
    net = nets.dense(quick)[0]
    floor = replace(net.config, model=replace(net.config.model, hidden=[2, 2]))
    cnns = {one.name: one for one in nets.convolutional(1.5, 3) if one.name in CNNS}
    return {
        "seeds": seeds,
        "commands": commands,
        "card": card(),
        "flops": net.flops,
        "peak": peak(),
        "epochs": {str(count): epoch(net.config, count) for count in (1, 5, seeds)},
        "launches": epoch(floor, 1),
        "cnns": {
            name: {"flops": one.flops, "one": epoch(one.config, 1), "together": epoch(one.config, CNN_MEMBERS)}
            for name, one in cnns.items()
        },
    }


def timed(words: list[str]) -> Found:
    """Seconds of a command, cold, and the test accuracies of its runs."""
    with tempfile.TemporaryDirectory() as place:
        seconds, _ = cold(["mnist_sweeps", *ON_GPU, *words], Path(place), {})
        records = [json.loads(path.read_text()) for path in Path(place).glob("outputs/*/*/seed-*/run.json")]
    trained = sum(record["seconds"]["train"] for record in records)
    return {"seconds": seconds, "train": trained, "accuracy": [one["metrics"]["test_accuracy"] for one in records]}


def epoch(config: Config, members: int) -> float:
    """Median seconds of an epoch of that many seeds as one program, after the first."""
    from mnist_sweeps.training.trainer import Trainer

    config = replace(config, training=replace(config.training, epochs=EPOCHS + 1))
    trainer = Trainer(config, arrays.prepare(config, data.load(config.data)), "compiled")
    _, first = next(trainer.train_together(dict.fromkeys(range(members), lambda epoch, logs: None)))
    seconds = members * median(first.epoch_seconds[1:])
    print(f"{config.model.hidden or config.model.conv.filters}, {members}: {seconds:.3f} s an epoch", flush=True)
    return seconds


def peak() -> float:
    """FLOP/s of float32 matrices of 8192 x 8192 at the precision that the nets are trained in (TF32 on new cards)."""
    import jax

    matrix = jax.random.normal(jax.random.key(0), (SIZE, SIZE))
    product = jax.jit(lambda one: one @ one)
    product(matrix).block_until_ready()
    seconds = []
    for _ in range(EPOCHS):
        began = time.perf_counter()
        product(matrix).block_until_ready()
        seconds.append(time.perf_counter() - began)
    return 2.0 * SIZE**3 / median(seconds)


def card() -> str:
    """The GPU's name."""
    import jax

    return str(jax.devices()[0].device_kind)
