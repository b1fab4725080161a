"""Values in Hydra's override grammar: written so that any text is safe, read back as plain Python."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, IntervalSweep, Override, Quote, QuotedString, RangeSweep
from hydra.errors import HydraException
from omegaconf.errors import InterpolationKeyError, OmegaConfBaseException

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning.interpolations import Interpolation, has_interpolation, marked, resolved_alone
from mnist_sweeps.planning.search_space import Interval, SimpleAxis, Values

SPACE_WORDS = (
    'in quotes "choice(a, b)", "range(1, 9, 2)", "interval(0, 1)", "int(interval(1, 9))" or, in powers, '
    '"tag(log, interval(1e-4, 1))"; each of them with a condition: "interval(0, 1) if optimizer=sgd"'
)


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


def plain_value(override: Override) -> Any:
    """An override's value as plain Python: quotes gone, `${oc.env:HOME}` resolved, `${key}` an `Interpolation`.

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
    values = [_resolved(override, value) for value in override.sweep_iterator()]
    swept = override.value()
    return [_as_written(swept, value) for value in values] if isinstance(swept, RangeSweep) else values


def _as_written(swept: RangeSweep, value: Any) -> Any:
    """A value of `range(0.1,0.5,0.1)` with the decimals of start and step: 0.3, not 0.30000000000000004."""
    decimals = (-int(Decimal(str(end)).as_tuple().exponent) for end in (swept.start, swept.step))
    return round(value, max(decimals)) + 0.0 if isinstance(value, float) else value


def axis(where: str, written: Any) -> SimpleAxis:
    """What a key of a search's space may be, from Hydra's own sweep words; `where` names the key in messages.

    Raises:
        ConfigError: no such words, or words that leave nothing to draw.
    """
    fault = f"{where}={written}: expected {SPACE_WORDS}"
    try:
        override = OverridesParser.create().parse_override(f"x={written}")
        swept = override.value()
    except HydraException as error:
        raise ConfigError(fault) from error
    log = bool(getattr(swept, "tags", None))
    if getattr(swept, "tags", None) not in (None, set(), {"log"}) or getattr(swept, "shuffle", False):
        raise ConfigError(fault)
    if isinstance(swept, IntervalSweep) and swept.start is not None and swept.end is not None:
        return _interval(where, written, swept.start, swept.end, log)
    if isinstance(swept, (ChoiceSweep, RangeSweep)) and not log:
        values = [_resolved(override, value) for value in override.sweep_iterator()]
        if any(map(has_interpolation, values)):
            raise ConfigError(f"{where}={written}: a space has no interpolations; write the values")
        if not values or any(value in values[:place] for place, value in enumerate(values)):
            raise ConfigError(f"{where}={written}: expected at least one value, and none twice")
        return Values(tuple(values), ordered=isinstance(swept, RangeSweep))
    raise ConfigError(fault)


def _interval(where: str, written: Any, low: float, high: float, log: bool) -> Interval:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ConfigError(f"{where}={written}: expected the lower end first, and both finite")
    if log and low <= 0:
        raise ConfigError(f"{where}={written}: expected a lower end above 0, as it has a logarithm")
    return Interval(low, high, log, whole=isinstance(low, int))


def _resolved(override: Override, value: Any) -> Any:
    raw = _unquoted(value)
    try:
        return resolved_alone(raw)
    except InterpolationKeyError:  # the key of a variant
        return marked(raw)
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
    """A value as OmegaConf is to take it: `${` is text, except in an `Interpolation`."""
    if isinstance(value, Interpolation):
        return str(value)
    if isinstance(value, str):
        return re.sub(r"(\\*)\$\{", r"\1\1\\${", value)  # backslashes before it are read as escapes, too
    if isinstance(value, (list, tuple)):
        return [literal(entry) for entry in value]
    if isinstance(value, Mapping):
        return {key: literal(entry) for key, entry in value.items()}
    return value
