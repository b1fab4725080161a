"""What a key of a search's space may be: Hydra's words, a number of layers, an axis that only one option has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.layered import DEFINING
from mnist_sweeps.config.sweep_spec import text
from mnist_sweeps.planning.override_values import axis
from mnist_sweeps.planning.search_space import Axis, Conditional, Interval, Layers, Space, Values, index

LAYERS = r"layers\(\s*(\d+)\s*,\s*(\d+)\s*,(.+)\)"
CONDITION = r"(.+?)\s+if\s+([\w.]+)\s*=(.+)"


def space_axis(key: str, written: Any) -> Axis:
    """The axis of a key.

    Args:
        key: Such as `model.hidden`.
        written: `choice(64, 128)` and the like, `layers(1, 4, choice(64, 128))`, or one of the former with a condition:
            `interval(0, 1) if optimizer=sgd`.

    Raises:
        ConfigError: no such words, or words that leave nothing to draw.
    """
    where = f"sweep.search.space.{key}"
    if match := re.fullmatch(LAYERS, str(written).strip()):
        return _layers(where, key, written, match)
    if match := re.fullmatch(CONDITION, str(written).strip()):
        return Conditional(axis(where, match[1]), match[2], yaml.safe_load(match[3]))
    return axis(where, written)


def _layers(where: str, key: str, written: Any, match: re.Match[str]) -> Layers:
    least, most, of = int(match[1]), int(match[2]), axis(where, match[3].strip())
    if key not in DEFINING:
        raise ConfigError(f"{where}={written}: only {' and '.join(DEFINING)} have a number of layers to draw")
    if least > most or most == 0:
        raise ConfigError(f"{where}={written}: expected the smaller number of layers first, and not only 0")
    whole = of.whole if isinstance(of, Interval) else all(isinstance(value, int) for value in of.values)
    if not whole:
        raise ConfigError(f"{where}={written}: expected whole numbers, the width of each layer")
    return Layers(least, most, of)


def without_undrawn(space: Space, fixed: Mapping[str, Any]) -> tuple[Space, list[str]]:
    """The space, its conditions on settings that are not drawn decided, and a line for each axis that this takes away.

    Args:
        space: The axes that are drawn.
        fixed: What the command line or the size sets.
    """
    decided, lines = dict(space), list[str]()
    for key, of in space.items():
        if isinstance(of, Conditional) and of.key in fixed:
            if text(fixed[of.key]) == text(of.value):
                decided[key] = of.of
            else:
                del decided[key]
                lines.append(f"{of.key}={text(fixed[of.key])} is set: the search does not draw {key}")
    return decided, lines


def check_space(space: Space) -> None:
    """Refuses conditions that never hold, and one setting that is drawn in two ways.

    Raises:
        ConfigError: A line for each fault.
    """
    if faults := [*_faults(space)]:
        raise ConfigError("\n".join(faults))


def _faults(space: Space) -> Iterator[str]:
    for key, of in space.items():
        where = f"sweep.search.space.{key}"
        if (entry := index(key)) and isinstance(space.get(entry[0]), Layers):
            yield f"{where}: {entry[0]} is drawn with its layers; take one of the two out"
        if isinstance(of, Conditional):
            on = space.get(of.key)
            if not isinstance(on, Values):
                yield f"{where}: if {of.key}={text(of.value)}: expected a key of the space with a choice or a range"
            elif of.value not in on.values:
                values = ", ".join(map(text, on.values))
                yield f"{where}: if {of.key}={text(of.value)}: {of.key} has no such value; allowed: {values}"
