"""What a sweep runs on: that of the earlier command that started it, or what trains its variants fastest."""

from __future__ import annotations

from dataclasses import replace

from mnist_sweeps.config.allowed import FULL, HALF
from mnist_sweeps.config.schema import Config
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.runtime.device import Machine, faster_backend, multiplies_bfloat16, resolve, worker_count
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.runtime.reserved import Reserved
from mnist_sweeps.sweeps.dry_run import Built


def choose_workers(plan: SweepPlan, earlier: Machine | None) -> int:
    """How many processes train variants at the same time; trials follow one another if a search is not asynchronous.

    Args:
        plan: The plan of the sweep.
        earlier: What the sweep ran on before, if it was started before.
    """
    search = plan.sweep.search
    variants = len(plan.to_train) if search is None else search.trials if search.asynchronous else 1
    return worker_count(plan.rows[0].config, variants, earlier.threads if earlier else None)


def choose_machine(
    plan: SweepPlan, earlier: Machine | None, built: list[Built], workers: int, reserved: Reserved | None = None
) -> Machine:
    """The earlier machine, except for what the command sets; otherwise the backend that trains the variants fastest.

    Args:
        plan: The plan of the sweep.
        earlier: What the sweep ran on before, if it was started before.
        built: One result for each variant of the plan; empty where every run exists already.
        workers: How many processes train variants at the same time.
        reserved: What a cluster reserves for each job; None where jobs run on this machine.

    Raises:
        ConfigError: A backend or a device that is not there.
    """
    config = replace(plan.rows[0].config, workers=workers)
    if earlier is not None:
        keys = [key for key in ("device", "backend", "engine") if getattr(config, key) == "auto"]
        if config.backend not in ("auto", earlier.backend):
            keys = [key for key in keys if key != "engine"]  # it belongs to the other backend
        kept = {key: getattr(earlier, key) for key in keys}
        return _resolve(replace(config, **kept, threads=config.threads or earlier.threads), reserved)
    if mixed := _mixed(plan):
        machine = _resolve(config, reserved, _faster_in(mixed))
        if machine.device == "cpu" and reserved is None:
            _warn_of_slow(mixed)
        return machine
    pairs = zip(plan.rows, built, strict=False)
    images = [
        variant.config.training.epochs * result.train_images * len(variant.config.runs) for variant, result in pairs
    ]
    total = sum(result.multiplies * count for result, count in zip(built, images, strict=True))
    convolutions = sum(result.convolutions * count for result, count in zip(built, images, strict=True))
    return _resolve(config, reserved, faster_backend(total - convolutions, convolutions))


def expected_machine(plan: SweepPlan, earlier: Machine | None, workers: int) -> Machine:
    """What the sweep will probably run on, before its variants are built.

    Args:
        plan: The plan of the sweep.
        earlier: What the sweep ran on before, if it was started before.
        workers: How many processes train variants at the same time.

    Raises:
        ConfigError: A backend or a device that is not there.
    """
    if earlier is not None:
        return choose_machine(plan, earlier, [], workers)
    if mixed := _mixed(plan):
        faster = _faster_in(mixed)
    else:
        faster = "tensorflow" if any(row.config.model.conv.filters for row in plan.rows) else "jax"
    return resolve(replace(plan.rows[0].config, workers=workers), faster)


def _mixed(plan: SweepPlan) -> list[str]:
    """The precisions of the rows that are below float32."""
    return [row.config.precision for row in plan.rows if row.config.precision != FULL]


def _warn_of_slow(precisions: list[str]) -> None:
    if HALF in precisions:
        LOGGER.warning(f"precision={HALF}: float32 is faster on a CPU")
    elif not multiplies_bfloat16():
        LOGGER.warning(f"precision={precisions[0]}: this CPU has no instructions for bfloat16; float32 is faster here")


def _faster_in(precisions: list[str]) -> str:
    """The backend that is faster on a CPU: in bfloat16 3 times for a product of matrices; in float16, for which
    TensorFlow has no fast one, 0.3 s against 50 s for an epoch of the MLP on 3,600 images.
    """
    return "jax" if HALF in precisions else "tensorflow"


def _resolve(config: Config, reserved: Reserved | None, faster: str = "tensorflow") -> Machine:
    return resolve(config, faster) if reserved is None else reserved.machine(config, faster)
