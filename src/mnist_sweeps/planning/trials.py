"""The trials of a search as rows of its sweep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.layered import entry_counts, per_layer
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import CommandLine, SearchSpec, Settings, Sweep
from mnist_sweeps.planning import sampler
from mnist_sweeps.planning.sampler import SearchState
from mnist_sweeps.planning.search_space import Space, index, probes, settings_text
from mnist_sweeps.planning.space_words import check_space, space_axis, without_undrawn

WINNER = "winner"

Composed = Callable[[dict[str, Settings]], list[Config]]  # the configs of rows, by what each row sets


def rows(
    sweep: Sweep, command: CommandLine, study: SearchState | None, composed: Composed
) -> tuple[Sweep, SearchState, list[str]]:
    """The sweep with a variant for each trial drawn and for the winner, and a line for each key that is not drawn.

    Without a `study` there are no trials yet: the variants are probes of the space, which show that each value builds.

    Raises:
        ConfigError: the search asks for nothing, or for what no row can set.
    """
    sweep = replace(sweep, search=_limited(sweep.search or SearchSpec(), command))
    sampler.check(sweep)
    search = sweep.search
    assert search is not None
    space, lines = _space(search, command)
    if study is None:
        study = SearchState(space, [])
        wanted = probes(space)
        try:
            _chosen_by_validation(composed(_placed({"first": wanted["first"]}, composed)))
        except ConfigError as error:
            raise ConfigError("\n".join(_placed_in_space(line, space) for line in str(error).splitlines())) from error
        best = wanted["first"] if search.winner is not None else None
    else:
        wanted = {name(number, values): values for number, values in enumerate(study.drawn)}
        for row, floor in zip(wanted, study.floors, strict=False):
            wanted[row] = wanted[row] if floor is None else {**wanted[row], "training.floor": floor}
        best = study.drawn[study.winner] if study.winner is not None else None
    if best is not None:
        wanted[WINNER] = {**best, **(search.winner or {})}
    return replace(sweep, variants=_placed(wanted, composed)), study, lines


def _placed_in_space(fault: str, space: Space) -> str:
    """The fault with where its key stands, if that is the space."""
    return f"sweep.search.space.{fault}" if fault.partition("=")[0] in space else fault


def name(number: int, values: Settings) -> str:
    """`trial 07: 512-256, 0.652-0.1, 0.001`, counted from 1; `number` counts from 0."""
    return f"trial {number + 1:02d}: {settings_text(values)}"


def folder(number: int) -> str:
    """Where the winner is trained: another winner, of more trials, has another folder."""
    return f"{WINNER}-trial-{number + 1:02d}"


def most_epochs(probes: Mapping[str, Config]) -> int:
    """Epochs of the longest trial, by the configs of the rows of a search's first plan."""
    return max(config.training.epochs for name, config in probes.items() if name != WINNER)


def _limited(search: SearchSpec, command: CommandLine) -> SearchSpec:
    return search if command.trials is None else replace(search, trials=min(search.trials, command.trials))


def _space(search: SearchSpec, command: CommandLine) -> tuple[Space, list[str]]:
    """The axes that are drawn; what the command line or the size sets is not."""
    if command.axes:
        raise ConfigError(f"{', '.join(command.axes)}: a search goes through no list of values; put it in its space")
    set_already = {**command.size, **command.settings}
    space, lines = {}, []
    for key, written in search.space.items():
        if fixed := next((other for other in set_already if key == other or key.startswith(f"{other}.")), None):
            lines.append(f"{fixed}={set_already[fixed]} is set: the search does not draw {key}: {written}")
        else:
            space[key] = space_axis(key, written)
    space, undrawn = without_undrawn(space, set_already)
    check_space(space)
    if not space:
        raise ConfigError("sweep.search.space: all of it is set on the command line or by the size; nothing to draw")
    return space, lines + undrawn


def _placed(wanted: dict[str, Settings], composed: Composed) -> dict[str, Settings]:
    """The settings of each row, with `model.hidden.0` put into the list that the row's config has there."""
    plain = {row: {key: value for key, value in values.items() if not index(key)} for row, values in wanted.items()}
    if plain == wanted:
        return wanted
    configs = composed(plain)
    return {
        row: {**plain[row], **_layers(values, config)}
        for (row, values), config in zip(wanted.items(), configs, strict=True)
    }


def _layers(values: Settings, config: Config) -> dict[str, list[Any]]:
    lengths, lists = entry_counts(config), dict[str, list[Any]]()
    for key, value in values.items():
        if not (entry := index(key)):
            continue
        base, place = entry
        if base not in lengths:
            raise ConfigError(f"{key}={value}: {base} has no entry per layer; {nearest(base, list(lengths))}")
        if place >= lengths[base]:
            which = f"entries 0 to {lengths[base] - 1}" if lengths[base] else "no entry"
            raise ConfigError(f"{key}={value}: {base} has {which} in this model; take another key, or model")
        entries = lists.setdefault(base, per_layer(_at(asdict(config), base), lengths[base]))
        if len(entries) != lengths[base]:
            raise ConfigError(f"{base}={entries}: {len(entries)} entries for {lengths[base]} layers")
        entries[place] = value
    return lists


def _at(content: Mapping[str, Any], key: str) -> Any:
    first, _, rest = key.partition(".")
    return _at(content[first], rest) if rest else content[first]


def _chosen_by_validation(configs: list[Config]) -> None:
    if any(config.data.validation == "none" for config in configs):
        raise ConfigError("data.validation=none: a search chooses by validation; hold images out: data.validation=0.2")
