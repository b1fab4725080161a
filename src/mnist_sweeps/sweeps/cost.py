"""What a run costs: seconds from earlier runs where there are any, else by arithmetic; bytes on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mnist_sweeps.config.schema import Config
from mnist_sweeps.planning.sweep_plan import PlannedVariant
from mnist_sweeps.storage import variant_folder
from mnist_sweeps.sweeps.dry_run import Built

FLOPS = 2e11  # a second, of TensorFlow on 2 cores with AVX-512
SECONDS_A_STEP = 3e-4  # of the loop around the arithmetic
OVERHEAD = 2.0  # seconds a run
BYTES_A_RUN = 60_000  # of its tables; a kept model comes on top, 4 bytes a parameter


def seconds(config: Config, built: Built, variant: Path) -> float:
    """Of one run: the mean of those in the variant's folder, else six operations a multiply, forward and backward."""
    completed = [record for record in variant_folder.read_all(variant).values() if record.completed]
    took = [record.seconds for record in completed if record.seconds is not None]
    if took:
        return sum(took) / len(took)
    steps = built.train_images / config.training.batch_size
    epoch = built.train_images * 6 * built.multiplies / FLOPS + steps * SECONDS_A_STEP
    return OVERHEAD + config.training.epochs * epoch


def seconds_by_variant(
    variants: Iterable[PlannedVariant], built: Mapping[str, Built], folder: Path
) -> dict[str, float]:
    """Of one run of each variant, by its name.

    Args:
        variants: What is to be trained.
        built: By variant; a trial, which was not built, counts as the largest variant of its search space.
        folder: The sweep's folder.
    """
    largest = max(built.values(), key=lambda result: result.multiplies)
    return {
        variant.name: seconds(variant.config, built.get(variant.name, largest), folder / variant.folder)
        for variant in variants
    }


def size(config: Config, built: Built) -> int:
    """Bytes of all runs of a variant."""
    count = len(config.runs)
    models = {"none": 0, "best": 1, "all": count}[config.keep_models]
    return count * BYTES_A_RUN + models * 4 * built.parameters
