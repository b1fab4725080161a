"""The rows of a sweep as the cells of a grid: which settings are crossed, and which row has which of their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from mnist_sweeps.config.sweep_spec import text
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats.effects import Cell

VARIANT = "variant"  # the factor of a sweep that multiplies its grid with variants


@dataclass(frozen=True)
class Factor:
    """A setting that varies, or several that vary together, with its values as text in the order of the sweep."""

    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """Factors, and the row of each cell; a cell is the places of its levels."""

    factors: tuple[Factor, ...]
    cells: Mapping[Cell, ReportRow]

    def without(self, factor: int, level: int) -> Grid:
        """The grid without one level; a factor that is left with one level is no factor any more."""
        kept = [place for place in range(len(self.factors[factor].levels)) if place != level]
        place_of = {old: new for new, old in enumerate(kept)}
        cells = {
            (*cell[:factor], place_of[cell[factor]], *cell[factor + 1 :]): row
            for cell, row in self.cells.items()
            if cell[factor] != level
        }
        reduced = Factor(self.factors[factor].name, tuple(self.factors[factor].levels[place] for place in kept))
        factors = (*self.factors[:factor], reduced, *self.factors[factor + 1 :])
        if len(kept) > 1:
            return Grid(factors, cells)
        rest = (*factors[:factor], *factors[factor + 1 :])
        return Grid(rest, {(*cell[:factor], *cell[factor + 1 :]): row for cell, row in cells.items()})


def grid(rows: Sequence[ReportRow]) -> Grid | None:
    """The grid that the rows are, by what the sweep sets for each; None where they are not all cells of a full one."""
    settings = [{key: text(value) for key, value in row.variant.overrides.items()} for row in rows]
    common = [key for key in settings[0] if all(key in of for of in settings)] if settings else []
    names_by_pattern: dict[tuple[str, ...], list[str]] = {}
    for key in common:
        names_by_pattern.setdefault(_pattern([of[key] for of in settings]), []).append(key)
    columns = {
        tuple(keys): [", ".join(of[key] for key in keys) for of in settings] for keys in names_by_pattern.values()
    }
    columns[(VARIANT,)] = [
        ", ".join(f"{key}={value}" for key, value in of.items() if key not in common) or "as in common"
        for of in settings
    ]
    varying = {keys: values for keys, values in columns.items() if len(set(values)) > 1}
    levels = [tuple(dict.fromkeys(values)) for values in varying.values()]
    places = [
        tuple(of.index(value) for of, value in zip(levels, cell, strict=True))
        for cell in zip(*varying.values(), strict=True)
    ]
    if len(varying) < 2 or prod(map(len, levels)) != len(rows) or len(set(places)) != len(rows):
        return None
    names = _short([key for keys in varying for key in keys])
    factors = [Factor(", ".join(names[key] for key in keys), of) for keys, of in zip(varying, levels, strict=True)]
    return Grid(tuple(factors), dict(zip(places, rows, strict=True)))


def _pattern(values: Sequence[str]) -> tuple[str, ...]:
    """The values by the order in which they come: equal for settings that vary together, as those of `zip` do."""
    order = list(dict.fromkeys(values))
    return tuple(str(order.index(value)) for value in values)


def _short(keys: Sequence[str]) -> dict[str, str]:
    """The shortest ending of each key that no other key has: `dropout`, and `hidden.0` for `model.hidden.0`."""
    short = {}
    for key in keys:
        parts = key.split(".")
        starts = [place for place, part in enumerate(parts) if not part.isdecimal()]
        endings = [".".join(parts[start:]) for start in reversed(starts)]
        others = [other for other in keys if other != key]
        short[key] = next((end for end in endings if not any(f".{other}".endswith(f".{end}") for other in others)), key)
    return short
