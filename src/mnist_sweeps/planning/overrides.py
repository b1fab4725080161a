"""The command line's overrides as what they add to a sweep: settings, axes, a size."""

from __future__ import annotations

from typing import Any

from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import OmegaConf

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import NOT_IN_NAMES, SWEEP_KEYS, SWEEP_WIDE, CommandLine, Settings, text
from mnist_sweeps.config.value_checks import is_whole
from mnist_sweeps.planning.override_values import choices, plain_value, quoted

PATH = "data.path="


def with_quoted_path(words: list[str]) -> list[str]:
    """The words of a command line, with the value of `data.path` in quotes where Hydra's grammar needs them.

    `~/mnist.npz` and `my data (1)/mnist.npz` are paths, but no values of that grammar.
    """
    return [_quoted_path(word) if word.startswith(PATH) else word for word in words]


def _quoted_path(word: str) -> str:
    try:
        OverridesParser.create().parse_override(word)
    except HydraException:
        return PATH + quoted(word.removeprefix(PATH))
    return word


def command_of(typed: list[Override], size: str = "full", trials: int | None = None) -> CommandLine:
    """What a command line adds to the variants of a sweep.

    Args:
        typed: Its overrides, those of Hydra left out.
        size: The chosen option of the group `size`.
        trials: Of a search, at most.

    Raises:
        ConfigError: an override that takes something away, or several values of what a sweep has one of.
    """
    settings: Settings = {}
    axes: dict[str, list[Any]] = {}
    for override in typed:
        key = override.key_or_group
        if override.is_delete():
            raise ConfigError(
                f"{override.input_line}: settings cannot be removed; set {key} to the value that you mean"
            )
        if key == "planned":
            raise ConfigError(f"{override.input_line}: is set for each job; leave it out")
        if key.split(".")[0] in SWEEP_KEYS:
            continue
        if key in SWEEP_WIDE and override.is_sweep_override():
            raise ConfigError(f"{override.input_line}: {key} belongs to the whole sweep; give one value")
        if override.is_sweep_override():
            axes[key] = choices(override)
        else:
            settings[key] = plain_value(override)
    if trials is not None and not is_whole(trials):
        raise ConfigError(f"trials={trials}: expected a whole number of at least 1")
    size_settings = _size(size)
    most = [trials, size_settings.pop("trials", None)]
    return CommandLine(
        settings,
        axes,
        size_settings,
        ", ".join(map(override_text, question_overrides(typed))) or "default",
        min((count for count in most if count is not None), default=None),
    )


def _size(name: str) -> Settings:
    """The settings of a size, as overrides that beat those of a row: `size=smoke` shrinks anything."""
    loaded = GlobalHydra.instance().config_loader().repository.load_config(f"size/{name}")  # type: ignore[attr-defined]
    chosen = {entry.group.lstrip("/"): entry.value for entry in loaded.defaults_list or [] if hasattr(entry, "group")}
    return {**chosen, **_flat(OmegaConf.to_container(loaded.config))}


def _flat(tree: Any, prefix: str = "") -> Settings:
    flat: Settings = {}
    for key, value in tree.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def search_paths(overrides: list[Override]) -> list[str]:
    """Where `hydra.searchpath` lets Hydra search for options.

    Raises:
        ConfigError: it is no list of paths.
    """
    paths: list[str] = []
    for override in overrides:
        if override.key_or_group == "hydra.searchpath":
            value = plain_value(override)
            if not isinstance(value, list):
                raise ConfigError(f"{override.input_line}: expected a list, like 'hydra.searchpath=[file://FOLDER]'")
            paths += map(str, value)
    return paths


def question_overrides(typed: list[Override]) -> list[Override]:
    """The overrides that change the question."""
    return [override for override in typed if override.key_or_group not in NOT_IN_NAMES]


def override_text(override: Override) -> str:
    """`optimizer=adam`, `optimizer=adam,sgd`: as typed, without `+` and quotes."""
    value = (
        (override.input_line or "").partition("=")[2] if override.is_sweep_override() else text(plain_value(override))
    )
    return f"{override.key_or_group}={value}"
