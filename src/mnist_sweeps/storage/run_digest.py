"""What a run estimates, and the digest that identifies it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from mnist_sweeps.config import layered
from mnist_sweeps.config.allowed import CLEAN, CROSSENTROPY
from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.data import sources

# Digests are older than these keys, which they leave out while they have these values.
ADDED_LATER = {
    "precision": "float32",
    "data.folds": None,
    "data.evaluate": None,
    "training.floor": None,
    "training.loss": CROSSENTROPY,
    "training.label_smoothing": 0,
    "training.reduce_on_plateau": None,
    "training.augmentation": None,
    "training.class_weight": None,
    "training.time_limit": None,
    "training.metrics": None,
    "training.evaluate_train": False,
    "model.kernel_regularizer": None,
    "model.kernel_constraint": None,
    "model.normalization": None,
    "model.conv.kernel_regularizer": None,
    "model.conv.kernel_constraint": None,
    "model.conv.normalization": None,
    "model.residual": False,
    "model.conv.separable": False,
    "model.conv.strides": 1,
    "model.conv.pool": "max",
    "model.conv.pool_size": 2,
    "model.conv.global_pooling": None,
}


def digest(config: Config, run: RunKey) -> str:
    """A hash of all that changes what is estimated: not of names, folders, device, backend, engine or threads.

    Args:
        config: The config of the variant.
        run: Its seed and fold.

    Returns:
        16 hexadecimal digits of a SHA-256.
    """
    fold = {} if run.fold is None else {"fold": run.fold}
    payload = json.dumps({**estimated(config), "seed": run.seed, **fold}, sort_keys=True)
    return hashlib.sha256(payload.encode()).hexdigest()[:16]


def estimated(config: Config) -> dict[str, Any]:
    """What a run of `config` estimates, as flat keys and normalised values: 0, 0.0 and a list of zeros are the same.

    A per-layer value is None where there are no such layers.
    """
    model = asdict(config.model)
    conv = model.pop("conv")
    settings = {f"model.{key}": value for key, value in model.items()}
    settings |= {f"model.conv.{key}": value for key, value in conv.items()}
    if layered.kernel_count(config.model):  # the output layer has a separate initializer
        settings |= {f"initializer.{key}": value for key, value in config.initializer.items()}
    counts = {**layered.entry_counts(config), "model.input_dropout": 1}  # a list of one is that one
    for key in settings.keys() & counts.keys() - set(layered.DEFINING):
        settings[key] = _collapsed(settings[key], counts[key])
    for group in ("optimizer", "output_initializer", "preprocessing"):
        settings |= {f"{group}.{key}": value for key, value in getattr(config, group).items()}
    data = {**asdict(config.data), "name": sources.digest(config.data.name, config.data.path)}
    data["evaluate"] = sorted(set(data["evaluate"] or []) - {CLEAN}) or None
    settings |= {f"data.{key}": value for key, value in data.items() if key != "path"}
    training = asdict(config.training)
    stopping, plateau = training.pop("early_stopping"), training.pop("reduce_on_plateau")
    augmentation = training.pop("augmentation")
    metrics = [spec if isinstance(spec, Mapping) else {"name": spec} for spec in training["metrics"] or []]
    training["metrics"] = sorted(metrics, key=lambda spec: str(spec["name"])) or None
    settings |= {f"training.{key}": value for key, value in training.items()}
    if not stopping["start_from_epoch"]:  # younger than digests
        del stopping["start_from_epoch"]
    settings["precision"] = config.precision
    settings["training.early_stopping"] = None if stopping["patience"] is None else stopping
    settings["training.reduce_on_plateau"] = None if plateau["patience"] is None else plateau
    settings["training.augmentation"] = augmentation if config.training.augmentation.is_on else None
    return {key: _numbers_as_floats(value) for key, value in settings.items() if not _is_left_out(key, value)}


def _is_left_out(key: str, value: Any) -> bool:
    return key in ADDED_LATER and value in (None, ADDED_LATER[key])  # None: there is no such layer


def _collapsed(value: Any, layers: int) -> Any:
    """A per-layer value as one value where all layers share it."""
    entries = layered.per_layer(value, layers)
    return None if not entries else entries[0] if all(entry == entries[0] for entry in entries) else entries


def _numbers_as_floats(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _numbers_as_floats(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_numbers_as_floats(entry) for entry in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def changes(before: Config, after: Config) -> list[str]:
    """The names of settings by which two configs estimate different things.

    Args:
        before: The config that is compared with.
        after: The config whose changes are named.

    Returns:
        Such as `dropout` or `epochs`; another optimizer or kind of network is one change, whatever goes with it.
    """
    old, new = estimated(before), estimated(after)
    differing = [key for key in {**old, **new} if old.get(key) != new.get(key) and not _of_no_layer(key, old, new)]
    names = []
    for key in differing:
        group, _, rest = key.partition(".")
        if group == "model" and any(
            bool(old[name]) != bool(new[name]) for name in ("model.hidden", "model.conv.filters")
        ):
            names.append("model")
        elif f"{group}.name" in differing and group != "data":
            names.append(group)
        elif key in layered.DEFINING and _other_depth_and_widths(old[key], new[key]):
            names += [f"{rest} (depth)", f"{rest} (widths)"]
        elif group in ("model", "training", "data"):
            names.append(rest)
        else:
            names.append(key)
    return list(dict.fromkeys(names))


def _other_depth_and_widths(old: list[float] | None, new: list[float] | None) -> bool:
    """Whether layers come or go and those that stay have other widths: 512-128-64 after 512-256."""
    shorter, longer = sorted((old or [], new or []), key=len)
    return len(shorter) < len(longer) and longer[: len(shorter)] != shorter


def _of_no_layer(key: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether a per-layer setting only comes or goes with its layers: that change is the layers'."""
    if key.startswith("initializer."):
        key = "initializer.name"
    return (
        key.startswith(("model.", "initializer."))
        and key not in ADDED_LATER  # where the layers are there, too, these may be absent
        and None in (old.get(key), new.get(key))
    )
