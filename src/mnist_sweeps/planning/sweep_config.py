"""What a command line says of a sweep as a whole: the sweep file, its size, its folder and what becomes of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import SWEEP_KEYS, SearchSpec, Sweep, text
from mnist_sweeps.planning import hydra_settings
from mnist_sweeps.planning.composer import Composer, composed_primary, leaves
from mnist_sweeps.planning.interpolations import marked

OUTPUTS = "outputs"
OUTPUTS_VARIABLE = "MNIST_SWEEPS_OUTPUTS"
CHOICES = "hydra.runtime.choices."
# The parts of a sweep file that hold settings of variants: their interpolations are resolved in each variant.
SETTINGS = ("common", "variants", "grid", "zip")
SEARCH_SETTINGS = ("space", "winner")


@dataclass(frozen=True)
class SweepConfig:
    """The settings that no variant has for itself.

    Attributes:
        name: Of the chosen sweep file; None for a single training and a grid of the command line.
        sweep: What the file holds, with what the command line sets in it.
        size: The chosen option of the group `size`.
        fresh: Whether all is trained again, in a dated folder.
        overwrite: Whether runs of other settings are moved aside.
        trials: Of a search, at most; None for as many as the file says.
        outputs: The folder in which every sweep has its own.
        folder: Of this sweep, where `hydra.sweep.dir` says it.
        params: The overrides of `hydra.sweeper.params`.
        variants: Names of those to train; None for all.
    """

    name: str | None
    sweep: Sweep
    size: str
    fresh: bool
    overwrite: bool
    trials: int | None
    outputs: Path
    folder: Path | None
    params: list[str]
    variants: list[str] | None


def sweep_config(typed: list[Override], composer: Composer) -> SweepConfig:
    """The settings of a sweep as a whole, from files and command line.

    Args:
        typed: The overrides of the command line, those of Hydra left out.
        composer: Composes the variants.

    Raises:
        ConfigError: A setting that would be ignored.
    """
    hydra_settings.check_typed(composer.hydra_overrides)
    concerned = [override for override in typed if _concerns_the_sweep(override, composer)]
    _check_single(concerned)
    _check_sections(concerned, composer)
    lines = [override.input_line or "" for override in concerned]
    composer.sweep_lines = lines
    composed = composer.primary(lines)
    settings = leaves(composed)
    shipped = composer.config_name == "config" and not composer.hydra_overrides  # composed for the variants anyway
    default = leaves(composer.primary([]) if shipped else composed_primary("config", []))
    hydra_settings.check_composed(settings, default)
    choices = composed.hydra.runtime.choices
    if any(override.key_or_group == "sweep" for override in concerned):
        others = [line for line in lines if not line.startswith("sweep")]
        _check_file(choices.sweep, settings, leaves(composer.primary(others)))
    sets_folder = settings["hydra.sweep.dir"] != default["hydra.sweep.dir"]
    return SweepConfig(
        name=choices.sweep,
        sweep=_sweep(composed) if choices.sweep else Sweep(),
        size=choices.size,
        fresh=composed.fresh,
        overwrite=composed.overwrite,
        trials=composed.trials,
        outputs=Path(composed.output_dir or os.environ.get(OUTPUTS_VARIABLE) or OUTPUTS).expanduser(),
        folder=Path(composed.hydra.sweep.dir).expanduser() if sets_folder else None,
        params=[f"{key}={value}" for key, value in composed.hydra.sweeper.params.items()],
        variants=None if composed.variants is None else list(composed.variants),
    )


def _concerns_the_sweep(override: Override, composer: Composer) -> bool:
    """Whether an override is composed with the sweep: its own settings, and options of the user's own groups."""
    key = override.key_or_group
    return key.split(".")[0] in SWEEP_KEYS or (composer.is_added(key) and not override.is_sweep_override())


def _check_sections(overrides: list[Override], composer: Composer) -> None:
    """Refuses settings of a sweep where there is none, and settings of its search where it has none."""
    inside = [override for override in overrides if override.key_or_group.startswith("sweep.")]
    if not inside:
        return
    choice = [override.input_line or "" for override in overrides if override.key_or_group == "sweep"]
    composed = composer.primary(choice)
    for override in inside:
        if not composed.hydra.runtime.choices.sweep:
            raise ConfigError(f"{override.input_line}: there is no sweep to set it for; choose one with sweep=NAME")
        if override.key_or_group.startswith("sweep.search.") and composed.sweep.search is None:
            raise ConfigError(f"{override.input_line}: the sweep has no search; write one into its file")


def _check_single(overrides: list[Override]) -> None:
    for override in overrides:
        key = override.key_or_group
        if override.is_sweep_override() and key == "variants":
            raise ConfigError(
                f"{override.input_line}: expected a list, like 'variants=[{override.get_value_string()}]'"
            )
        if override.is_sweep_override():
            raise ConfigError(f"{override.input_line}: one {key} at a time")


def _sweep(composed: DictConfig) -> Sweep:
    """The sweep as a dataclass, in which the interpolations of variants' settings are not resolved yet."""
    raw: Any = OmegaConf.to_container(composed.sweep)
    search = raw["search"]
    for section, keys in ((composed.sweep, SETTINGS), (composed.sweep.search, SEARCH_SETTINGS if search else ())):
        for key in keys:
            section[key] = {}
    resolved: Any = OmegaConf.to_container(composed.sweep, resolve=True)
    if search:
        resolved["search"] |= {key: marked(search[key]) for key in SEARCH_SETTINGS}
        resolved["search"] = SearchSpec(**resolved["search"])
    if not 0 <= (margin := resolved["margin"]) < 100:  # false for NaN, too
        raise ConfigError(f"sweep.margin={text(margin)}: expected percentage points from 0 to below 100, like 0.2")
    return Sweep(**{**resolved, **{key: marked(raw[key]) for key in SETTINGS}})


def _check_file(name: str, settings: dict[str, Any], without: dict[str, Any]) -> None:
    """Refuses a sweep file that sets, by `# @package _global_`, what is not of the sweep: no variant would have it."""
    differing = [key for key, value in settings.items() if without.get(key) != value]
    options = [key.removeprefix(CHOICES) for key in differing if key.startswith(CHOICES) and key != f"{CHOICES}sweep"]
    known = (*SWEEP_KEYS, *options, *hydra_settings.FILLED_IN)
    outside = options + [key for key in differing if not hydra_settings.is_in(key, known)]
    if outside:
        raise ConfigError(f"sweep={name}: its file sets {', '.join(outside)} outside of the sweep; write it in common")
