"""The axes of a sweep file: those of `grid` are crossed, those of `zip` go through their values together."""

from __future__ import annotations

from typing import Any

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import CommandLine, Settings, Sweep

Axis = list[Settings]  # what each point of an axis sets


def file_axes(sweep: Sweep, command: CommandLine) -> tuple[list[Axis], list[str]]:
    """The axes that a sweep file has, and a line for each key of them that the command line replaces.

    Args:
        sweep: The sweep file; all keys of its `zip` are one axis.
        command: What the command line sets.

    Raises:
        ConfigError: An axis without values, values of different number in `zip`, or a key in both blocks.
    """
    _check(sweep)
    replaced = {*command.axes, *command.settings}
    announcements = [
        f"the command line replaces the {block}'s {key}: {values}"
        for block, keys in (("grid", sweep.grid), ("zip", sweep.zip))
        for key, values in keys.items()
        if key in replaced
    ]
    zipped = {key: values for key, values in sweep.zip.items() if key not in replaced}
    together = [dict(zip(zipped, point, strict=True)) for point in zip(*zipped.values(), strict=True)]
    crossed = [[{key: value} for value in values] for key, values in sweep.grid.items() if key not in replaced]
    return [*([together] if together else []), *crossed], announcements


def _check(sweep: Sweep) -> None:
    faults = [
        f"sweep.{block}.{key}: expected at least one value"
        for block, keys in (("grid", sweep.grid), ("zip", sweep.zip))
        for key, values in keys.items()
        if not values
    ]
    lengths: dict[str, Any] = {key: len(values) for key, values in sweep.zip.items()}
    if len(set(lengths.values())) > 1:
        counts = ", ".join(f"{key} has {length}" for key, length in lengths.items())
        faults.append(f"sweep.zip: expected as many values of each key, as they go together; {counts}")
    faults += [
        f"sweep.zip.{key}: is in grid, too; write it in one of the two" for key in sweep.zip if key in sweep.grid
    ]
    if faults:
        raise ConfigError("\n".join(faults))
