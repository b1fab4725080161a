"""Settings in, configs out: variants of a sweep composed by Hydra, once for each set of options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cached_property
from typing import Any

from hydra import compose
from hydra.errors import ConfigCompositionException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import SWEEP_KEYS, Settings, text
from mnist_sweeps.planning.compose import NOT_OURS, JobSchema, to_config
from mnist_sweeps.planning.hydra_settings import FILLED_IN, is_in
from mnist_sweeps.planning.interpolations import has_interpolation, resolved_alone, resolved_in
from mnist_sweeps.planning.override_values import literal, quoted

SWEEP_CHOICES = ("hydra.runtime.choices.sweep", "hydra.runtime.choices.size")


def composed_primary(config_name: str, overrides: Sequence[str]) -> DictConfig:
    """The primary config with overrides, Hydra's own settings below `hydra` included.

    Raises:
        ConfigError: The file of `--config-name` does not build on the shipped one.
    """
    composed = compose(config_name, list(overrides), return_hydra_config=True)
    if OmegaConf.get_type(composed) is not JobSchema:
        raise ConfigError(NOT_OURS)
    return composed


def leaves(node: DictConfig) -> dict[str, Any]:
    """Every value below a node by its dotted key, with interpolations as they are written."""
    found: dict[str, Any] = {}

    def walk(prefix: str, content: Any) -> None:
        if isinstance(content, dict) and content:
            for key, value in content.items():
                walk(f"{prefix}.{key}" if prefix else str(key), value)
        else:
            found[prefix] = content

    walk("", OmegaConf.to_container(node))
    return found


class Composer:
    """Composes once per set of group choices; a long sweep would else cost 60 ms and more a row."""

    def __init__(self, groups: set[str], hydra_overrides: Sequence[str] = (), config_name: str = "config") -> None:
        """Sets what every variant has in common.

        Args:
            groups: The config groups from which a variant may choose.
            hydra_overrides: The overrides of the command line for Hydra itself.
            config_name: Of the primary config.
        """
        self.groups = groups
        self.hydra_overrides = list(hydra_overrides)
        self.config_name = config_name
        self.sweep_lines: list[str] = []  # overrides of the command line that concern the sweep as a whole
        self.composed: dict[tuple[str, ...], DictConfig] = {}
        self.bases: dict[tuple[str, ...], DictConfig] = {}
        self.variants: dict[str, tuple[Settings, Config]] = {}

    def primary(self, lines: Sequence[str]) -> DictConfig:
        """The primary config with some overrides; see `composed_primary`."""
        key = tuple(sorted(lines))
        if key not in self.composed:
            self.composed[key] = composed_primary(self.config_name, [*self.hydra_overrides, *lines])
        return deepcopy(self.composed[key])

    @cached_property
    def chosen_groups(self) -> set[str]:
        """The groups that the defaults list has."""
        return set(map(str, self.primary([]).hydra.runtime.choices))

    def is_added(self, group: str) -> bool:
        """Whether a group is the user's own: not in the defaults list, so that Hydra wants `+group=option`."""
        return group in self.groups and group not in self.chosen_groups

    def override(self, key: str, value: Any) -> str:
        """A setting in Hydra's override grammar.

        Raises:
            ConfigError: several options of a group, of which Hydra would merge the files.
        """
        if key in self.groups and isinstance(value, (list, tuple)) and not self.is_added(key):
            options = ",".join(map(text, value))
            raise ConfigError(
                f"{key}={text(value)}: expected one option; for a variant with each write {key}={options}"
            )
        return f"{'+' if self.is_added(key) else ''}{key}={quoted(value)}"

    def base(self, settings: Mapping[str, Any]) -> DictConfig:
        """The composed config of the group choices among `settings`, without their other keys.

        Raises:
            ConfigError: a chosen option sets what only the command line and the primary config can set.
        """
        chosen = tuple(sorted(self.override(key, value) for key, value in settings.items() if key in self.groups))
        if chosen not in self.bases:
            composed = self.primary(chosen)
            if added := [line for line in chosen if line.startswith("+")]:
                self._check_added(added, leaves(composed))
            del composed.hydra
            self.bases[chosen] = composed
        return deepcopy(self.bases[chosen])

    def _check_added(self, added: list[str], settings: dict[str, Any]) -> None:
        """Refuses options of the user's own groups that set, in one variant, what the sweep has as a whole."""
        common, sweep = leaves(self.primary([])), leaves(self.primary(self.sweep_lines))
        for key, value in settings.items():
            of_sweep = is_in(key, (*SWEEP_KEYS, "hydra")) and not is_in(key, FILLED_IN)
            if (of_sweep or key in SWEEP_CHOICES) and value not in (common.get(key), sweep.get(key)):
                raise ConfigError(f"{' '.join(added)}: sets {key}, which belongs to the whole sweep")

    def variant(self, settings: Settings) -> tuple[Settings, Config]:
        """The settings of a variant with their interpolations resolved, and the variant that they describe.

        A search plans its earlier trials again with each new one: what is composed once is kept.

        Raises:
            ConfigAttributeError, ValidationError, ...: of OmegaConf, for an unknown key or a wrong type.
        """
        written = repr(settings)
        if written not in self.variants:
            self.variants[written] = self._composed_variant(settings)
        return self.variants[written]

    def _composed_variant(self, settings: Settings) -> tuple[Settings, Config]:
        settings = {k: resolved_alone(literal(v)) if k in self.groups else v for k, v in settings.items()}
        composed = self.base(settings)
        for key, value in settings.items():
            if key not in self.groups:
                _update(composed, key, value)
        config = to_config(composed)
        resolved = {k: resolved_in(composed, k) if has_interpolation(v) else v for k, v in settings.items()}
        return resolved, config


def _update(composed: DictConfig, key: str, value: Any) -> None:
    try:
        OmegaConf.update(composed, key, literal(value), merge=True)
    except OmegaConfBaseException as error:
        raise ConfigCompositionException(f"Error merging override {key}={text(value)}") from error
