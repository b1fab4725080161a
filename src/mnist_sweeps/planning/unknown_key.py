"""What to write instead of an unknown key: a similar key of the same section, or the same key of another section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from mnist_sweeps.config.errors import nearest
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import Sweep

SETTINGS, OF_A_SWEEP = ([field.name for field in fields(of)] for of in (Config, Sweep))
HIDDEN = ("planned", "hydra")  # no person sets the first, and few mean a key of the second


def unknown_key(error: OmegaConfBaseException) -> str:
    """One line: `epochs: there is no such key; did you mean training.epochs?`."""
    parent = error.parent_node
    keys = [str(key) for key in parent] if parent is not None and hasattr(parent, "keys") else []
    where, _, name = (error.full_key or str(error.key)).rpartition(".")
    place = f" in {where}" if where else ""
    if where == "sweep" and name in SETTINGS:
        return f"sweep.{name}: there is no such key in sweep; it is a setting of variants: common: {{{name}: ...}}"
    of_a_sweep = (f"sweep.{key}" for key in OF_A_SWEEP if key == name)
    elsewhere = [] if where else list(dict.fromkeys([*_within(parent, name), *of_a_sweep]))
    known = [key for key in keys if key not in HIDDEN]
    way_out = f"did you mean {' or '.join(elsewhere)}?" if elsewhere else nearest(name, known)
    return f"{error.full_key or error.key}: there is no such key{place}; {way_out}"


def _within(config: Any, name: str, path: str = "") -> Iterator[str]:
    """The dotted keys below a config that end in `name`."""
    if not isinstance(config, DictConfig) or config._is_none() or config._is_missing():
        return
    for key in map(str, config):
        if path == "" and key in HIDDEN:
            continue
        if path and key == name:
            yield f"{path}{key}"
        yield from _within(config._get_node(key), name, f"{path}{key}.")
