"""The space of a search: for each key what may be drawn, as values to choose from or as an interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mnist_sweeps.config.sweep_spec import Settings, text

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

DIGITS = 3  # of a drawn number: what is shown is what was trained


@dataclass(frozen=True)
class Values:
    """`choice(adam, sgd)`, or the numbers of a `range`, which are `ordered`; Optuna sees their positions."""

    values: tuple[Any, ...]
    ordered: bool = False

    @property
    def ends(self) -> list[Any]:
        """What is built before anything is trained: each value of a choice, the two ends of a range."""
        return list(dict.fromkeys([0, len(self.values) - 1]) if self.ordered else range(len(self.values)))

    @property
    def middle(self) -> Any:
        """The value in the middle."""
        return self.values[len(self.values) // 2]

    def distribution(self) -> BaseDistribution:
        """What Optuna draws from."""
        from optuna.distributions import CategoricalDistribution, IntDistribution

        last = len(self.values) - 1
        return IntDistribution(0, last) if self.ordered else CategoricalDistribution(range(last + 1))

    def decoded(self, drawn: Any) -> Any:
        """The value that Optuna's draw stands for."""
        return self.values[drawn]

    def encoded(self, value: Any) -> Any:
        """The draw that stands for a value."""
        return self.values.index(value)


@dataclass(frozen=True)
class Interval:
    """`low <= x < high`, uniform or uniform in log(x); whole numbers where `whole`."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    @property
    def ends(self) -> list[Any]:
        """Draws at the two ends."""
        return [self.low, self.last]

    @property
    def middle(self) -> Any:
        """The value in the middle, that of the logarithms where `log`."""
        return self.decoded(math.sqrt(self.low * self.last) if self.log else (self.low + self.last) / 2)

    def distribution(self) -> BaseDistribution:
        """What Optuna draws from."""
        from optuna.distributions import FloatDistribution, IntDistribution

        if self.whole:
            return IntDistribution(int(self.low), int(self.last), log=self.log)
        return FloatDistribution(self.low, self.last, log=self.log)

    @property
    def last(self) -> float:
        """The largest value."""
        return self.high - 1 if self.whole else math.nextafter(self.high, self.low)

    def decoded(self, drawn: Any) -> Any:
        """The draw, rounded to three digits where it then still lies in the interval."""
        if self.whole:
            return int(drawn)
        rounded = float(f"{drawn:.{DIGITS}g}")
        return rounded if self.low <= rounded < self.high else float(drawn)

    def encoded(self, value: Any) -> Any:
        """The draw that stands for a value."""
        return value


SimpleAxis = Values | Interval


@dataclass(frozen=True)
class Layers:
    """`layers(1, 4, choice(64, 128))`: from `least` to `most` layers, the width of each drawn `of` an axis."""

    least: int
    most: int
    of: SimpleAxis


@dataclass(frozen=True)
class Conditional:
    """`interval(0, 1) if optimizer=sgd`: drawn `of` an axis where another key has a value, else not set."""

    of: SimpleAxis
    key: str
    value: Any


Axis = SimpleAxis | Layers | Conditional
Space = dict[str, Axis]


def probes(space: Space) -> dict[str, Settings]:
    """Points at the edge of the space, by name: each end of each axis, the others first; and all last.

    Ends of an axis that has a condition are probed where it holds.

    Example:
        `choice(1, 2)` and `choice(a, b)` give `first` (1, a), `x=2`, `y=b` and `last` (2, b).
    """
    ends = {key: _ends(axis) for key, axis in space.items()}
    lowest = {key: values[0] for key, values in ends.items()}
    first = _consistent(space, lowest)
    others = {
        f"{key}={settings_text({key: value})}": _consistent(space, {**lowest, **_needed(space[key]), key: value})
        for key, values in ends.items()
        for value in values
    }
    others = {name: settings for name, settings in others.items() if settings != first}
    return {"first": first, **others, "last": _consistent(space, {key: values[-1] for key, values in ends.items()})}


def _ends(axis: Axis) -> list[Any]:
    """Values at the ends of an axis; of layers the fewest, and each end of their widths in as many as there may be."""
    if isinstance(axis, Conditional):
        return _ends(axis.of)
    if isinstance(axis, Layers):
        widths = _ends(axis.of)
        return [[widths[0]] * axis.least, *([width] * axis.most for width in widths)]
    return [axis.decoded(end) for end in axis.ends]


def _needed(axis: Axis) -> Settings:
    """What must be set for an axis to be drawn."""
    return {axis.key: axis.value} if isinstance(axis, Conditional) else {}


def _consistent(space: Space, settings: Settings) -> Settings:
    """The settings without those whose condition does not hold."""
    return {
        key: value
        for key, value in settings.items()
        if all(settings[on] == needed for on, needed in _needed(space[key]).items())
    }


def index(key: str) -> tuple[str, int] | None:
    """`model.hidden.0` as `("model.hidden", 0)`: one entry of a per-layer setting; None for other keys."""
    base, _, last = key.rpartition(".")
    return (base, int(last)) if base and last.isdecimal() else None


def settings_text(values: Mapping[str, Any]) -> str:
    """What was drawn, for the name of a trial: `512-256, 0.652-0.1, 0.001`, the layers of a setting joined."""
    words: dict[str, list[str]] = {}
    for key, value in values.items():
        base = entry[0] if (entry := index(key)) else key
        words.setdefault(base, []).append(f"{value:.{DIGITS}g}" if isinstance(value, float) else text(value))
    return ", ".join("-".join(layers) for layers in words.values())
