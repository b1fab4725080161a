"""The command line's overrides as what they add to a sweep: settings, axes, a size."""

from __future__ import annotations

from typing import Any

from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import OmegaConf

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import NOT_IN_NAMES, SWEEP_WIDE, CommandLine, Settings, text
from mnist_sweeps.config.value_checks import is_whole
from mnist_sweeps.planning.override_values import choices, plain_value, quoted

FLAGS = ("fresh", "overwrite")
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


def command_of(typed: list[Override]) -> CommandLine:
    """What the overrides of a command line add to a sweep.

    Raises:
        ConfigError: an override that takes something away, several values of what belongs to the whole sweep, or a
            size that does not exist.
    """
    settings: Settings = {}
    axes: dict[str, list[Any]] = {}
    size: Settings = {}
    for override in typed:
        key = override.key_or_group
        if override.is_delete():
            raise ConfigError(
                f"{override.input_line}: settings cannot be removed; set {key} to the value that you mean"
            )
        if key in ("sweep", "size") and override.is_sweep_override():
            raise ConfigError(f"{override.input_line}: one {key} at a time")
        if key in (*SWEEP_WIDE, *FLAGS, "trials") and override.is_sweep_override():
            raise ConfigError(f"{override.input_line}: {key} belongs to the whole sweep; give one value")
        if key == "size":
            size = _size(str(plain_value(override)))
        elif override.is_sweep_override():
            axes[key] = choices(override)
        elif key.split(".")[0] != "sweep" and key not in FLAGS:
            settings[key] = plain_value(override)
    most = [chosen.pop("trials") for chosen in (settings, size) if "trials" in chosen]
    for trials_at_most in most:
        if not is_whole(trials_at_most):
            raise ConfigError(f"trials={text(trials_at_most)}: expected a whole number of at least 1")
    return CommandLine(
        settings,
        axes,
        size,
        ", ".join(map(override_text, question_overrides(typed))) or "default",
        min(most, default=None),
    )


def _size(name: str) -> Settings:
    """The settings of a size, as overrides that beat those of a row: `size=smoke` shrinks anything."""
    loaded = GlobalHydra.instance().config_loader().repository.load_config(f"size/{name}")  # type: ignore[attr-defined]
    if loaded is None:
        raise ConfigError(f"size={name}: there is no such size; `mnist-sweeps list` shows them")
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
    return [override for override in typed if override.key_or_group not in {*NOT_IN_NAMES, *FLAGS, "sweep"}]


def override_text(override: Override) -> str:
    """`optimizer=adam`, `optimizer=adam,sgd`: as typed, without `+` and quotes."""
    value = (
        (override.input_line or "").partition("=")[2] if override.is_sweep_override() else text(plain_value(override))
    )
    return f"{override.key_or_group}={value}"
