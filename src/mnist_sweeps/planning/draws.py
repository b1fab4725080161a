"""The settings of a trial as Optuna's parameters, of which some trials have fewer than others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mnist_sweeps.config.sweep_spec import Settings
from mnist_sweeps.planning.search_space import Conditional, Interval, Layers, SimpleAxis, Space, Values

if TYPE_CHECKING:
    import optuna

Parameters = dict[str, tuple[Any, SimpleAxis]]  # by name: the value, and what it is drawn from


def draw(study: optuna.Study, space: Space) -> Settings:
    """What the next trial sets: first what all trials have, then what depends on that.

    Args:
        study: The trials so far.
        space: What is drawn.
    """
    always = {}
    for key, axis in space.items():
        if isinstance(axis, Layers):
            always[_count(key)] = _number(axis)
        elif not isinstance(axis, Conditional):
            always[key] = axis
    trial = study.ask({name: axis.distribution() for name, axis in always.items()})
    values = {name: axis.decoded(trial.params[name]) for name, axis in always.items()}
    settings: Settings = {}
    for key, axis in space.items():
        if isinstance(axis, Layers):
            settings[key] = [_suggested(trial, f"{key}.{place}", axis.of) for place in range(values[_count(key)])]
        elif not isinstance(axis, Conditional):
            settings[key] = values[key]
        elif values[axis.key] == axis.value:
            settings[key] = _suggested(trial, key, axis.of)
    return settings


def parameters(space: Space, settings: Settings, complete: bool = False) -> Parameters:
    """The parameters of a trial.

    Args:
        space: What is drawn.
        settings: What the trial drew.
        complete: With the middle of each axis that the trial does not have, for statistics over all trials.
    """
    found: Parameters = {}
    for key, axis in space.items():
        if isinstance(axis, Layers):
            entries = settings[key]
            found[_count(key)] = len(entries), _number(axis)
            found |= {f"{key}.{place}": (value, axis.of) for place, value in enumerate(entries)}
            if complete:
                found |= {f"{key}.{place}": (axis.of.middle, axis.of) for place in range(len(entries), axis.most)}
        elif isinstance(axis, Conditional):
            if key in settings or complete:
                found[key] = settings.get(key, axis.of.middle), axis.of
        else:
            found[key] = settings[key], axis
    return found


def _count(key: str) -> str:
    return f"len({key})"


def _number(axis: Layers) -> SimpleAxis:
    return Interval(axis.least, axis.most + 1, whole=True)


def _suggested(trial: optuna.Trial, name: str, axis: SimpleAxis) -> Any:
    """The value that Optuna draws for a parameter that not every trial has."""
    if isinstance(axis, Values) and not axis.ordered:
        return axis.decoded(trial.suggest_categorical(name, range(len(axis.values))))
    low, high = (0, len(axis.values) - 1) if isinstance(axis, Values) else (axis.low, axis.last)
    log = isinstance(axis, Interval) and axis.log
    if isinstance(axis, Values) or axis.whole:
        return axis.decoded(trial.suggest_int(name, int(low), int(high), log=log))
    return axis.decoded(trial.suggest_float(name, low, high, log=log))
