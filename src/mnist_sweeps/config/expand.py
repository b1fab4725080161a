"""A sweep file as variants: each setting in it is an override, in the order common < variant < size < command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from mnist_sweeps.config.axes import file_axes
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import (
    SWEEP_KEYS,
    SWEEP_WIDE,
    CommandLine,
    Settings,
    Sweep,
    VariantSpec,
    assignments,
    flattened,
    text,
)


def expand(sweep: Sweep, command: CommandLine, groups: set[str]) -> tuple[list[VariantSpec], list[str]]:
    """The rows in the order of the file, and a line for each thing that the command line takes away from one.

    Raises:
        ConfigError: a row sets what belongs to the sweep, or it is ambiguous which of two settings holds.
    """
    rows: list[VariantSpec] = []
    faults: list[str] = []
    axes, announcements = file_axes(sweep, command)
    typed_points = [[{key: value} for value in values] for key, values in command.axes.items()]
    for name, variant in (sweep.variants or {"": {}}).items():
        for point in product(product(*axes), product(*typed_points)):
            file_point, typed_axes = (_merged(settings) for settings in point)
            own = {**variant, **file_point}
            typed = _typed({**command.settings, **typed_axes}, groups)
            place = ", ".join([*map(text, file_point.values()), *assignments(typed_axes)])
            full_name = ", ".join(filter(None, [name, place])) or command.name
            common, flat = flattened(sweep.common), flattened(own)
            faults += _faults(full_name, flat, common, typed, groups)
            settings, taken = _settle(common, flat, flattened(command.size), typed, groups)
            settings = flattened(settings)
            announcements += [f"{full_name}: {line}" for line in taken]
            rows.append(VariantSpec(full_name, {**own, **typed_axes}, settings, f", {place}" if name and place else ""))
    if faults:
        raise ConfigError("\n".join(dict.fromkeys(faults)))
    return rows, announcements


def _merged(settings: Iterable[Settings]) -> Settings:
    return {key: value for point in settings for key, value in point.items()}


def _faults(row: str, own: Settings, common: Settings, typed: Settings, groups: set[str]) -> list[str]:
    """Settings that a variant must not have, and pairs of settings that contradict each other."""
    faults = [
        f"row {row}: {key}={own[key]} belongs to the whole sweep; set it in common or on the command line"
        for key in own
        if key in SWEEP_WIDE or key.split(".")[0] in ("hydra", *SWEEP_KEYS)
    ]
    for group in (key for key in own if key in groups and key not in typed):
        for where, settings in (("common", common), ("the command line", typed)):
            faults += [
                f"row {row}: {group}={own[group]} against {key}={settings[key]} in {where}: "
                f"say in the row which {key} is meant"
                for key in _inside(settings, group)
                if key not in own
            ]
    return faults


def _settle(
    common: Settings, own: Settings, size: Settings, typed: Settings, groups: set[str]
) -> tuple[Settings, list[str]]:
    """All settings of a row, group choices first, and what the command line took away from it."""
    settings, taken = {**common, **own, **size}, []
    for key, value in typed.items():
        dropped = [key] if key in own and own[key] != value else []
        if key in groups:
            inside = _inside({**common, **own}, key)
            dropped += [name for name in inside if name in own]
            settings = {name: kept for name, kept in settings.items() if name not in inside}
        taken += [f"{key}={text(value)} on the command line replaces {name}={text(own[name])}" for name in dropped]
        settings[key] = value
    chosen = {key: value for key, value in settings.items() if key in groups}
    return {**chosen, **{key: value for key, value in settings.items() if key not in groups}}, taken


def _typed(settings: Settings, groups: set[str]) -> Settings:
    """Settings of the command line with dotted keys; `optimizer={name: sgd}` stays: it replaces an option."""
    whole = {k: v for k, v in settings.items() if k in groups and isinstance(v, Mapping) and "name" in v}
    return {**whole, **flattened({k: v for k, v in settings.items() if k not in whole})}


def _inside(settings: Mapping[str, Any], group: str) -> list[str]:
    return [key for key in settings if key.startswith(f"{group}.")]
