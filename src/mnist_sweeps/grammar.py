"""Values in Hydra's override grammar: written so that any text is safe, read back as plain Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hydra.core.override_parser.types import Override, Quote, QuotedString
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from mnist_sweeps.config import ConfigError


def quoted(value: Any) -> str:
    """A value in Hydra's override grammar, safe for any text (spaces, commas, quotes, `${`)."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(quoted, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{quoted(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, str):
        return QuotedString(literal(value), Quote.single).with_quotes()
    return repr(value)


def plain(override: Override) -> Any:
    """An override's value as plain Python: quotes gone, `${oc.env:HOME}` resolved.

    Raises:
        ConfigError: an interpolation that cannot be resolved.
    """
    return _resolved(override, override.value())


def choices(override: Override) -> list[Any]:
    """Each value of a swept override, as plain Python.

    Raises:
        ConfigError: an interval, which has no end of values, or an interpolation that cannot be resolved.
    """
    if not override.is_discrete_sweep():
        raise ConfigError(f"{override.input_line}: expected values to go through, like {override.key_or_group}=0,0.5")
    return [_resolved(override, value) for value in override.sweep_iterator()]


def _resolved(override: Override, value: Any) -> Any:
    created = OmegaConf.create({"value": _unquoted(value)})
    try:
        return OmegaConf.to_container(created, resolve=True)["value"]  # type: ignore[index, call-overload]
    except OmegaConfBaseException as error:
        raise ConfigError(f"{override.input_line}: {str(error).splitlines()[0]}") from error


def _unquoted(value: Any) -> Any:
    if isinstance(value, QuotedString):
        return value.text
    if isinstance(value, list):
        return [_unquoted(entry) for entry in value]
    if isinstance(value, dict):
        return {str(_unquoted(key)): _unquoted(entry) for key, entry in value.items()}
    return value


def literal(value: Any) -> Any:
    """A value as OmegaConf is to take it: `${` is text here, what the command line wrote so is resolved already."""
    if isinstance(value, str):
        return re.sub(r"(\\*)\$\{", r"\1\1\\${", value)  # backslashes before it are read as escapes, too
    if isinstance(value, (list, tuple)):
        return [literal(entry) for entry in value]
    if isinstance(value, Mapping):
        return {key: literal(entry) for key, entry in value.items()}
    return value
