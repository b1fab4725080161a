"""What a value of a config may be: a whole number, a rate, a name."""

from __future__ import annotations

import math
import re
from typing import Any

from mnist_sweeps.config.allowed import BALANCED, PADDINGS, POOLS, POSITIONS


def is_whole(value: Any, least: int = 1) -> bool:
    """Whether `value` is an integer of at least `least` (True is no integer here).

    Args:
        value: Anything that YAML can hold.
        least: The smallest integer allowed.
    """
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def is_number(value: Any) -> bool:
    """Whether `value` is an integer or a float."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_rate(value: Any) -> bool:
    """Whether `value` is a number of at least 0 and below 1."""
    return is_number(value) and 0 <= value < 1


def is_share(value: Any) -> bool:
    """Whether `value` is a number from 0 to 1."""
    return is_number(value) and 0 <= value <= 1


def is_name(value: Any) -> bool:
    """Whether `value` is a name, or one with keywords: `{name: leaky_relu, negative_slope: 0.1}`."""
    return isinstance(value.get("name") if isinstance(value, dict) else value, str)


def is_named_or_null(value: Any) -> bool:
    """Whether `value` is null, or a mapping with a name: `{name: l2, l2: 1.0e-4}`."""
    return value is None or (isinstance(value, dict) and isinstance(value.get("name"), str))


def is_normalization(value: Any) -> bool:
    """Whether `value` is null, or a mapping with a name, and where it has one a position that there is."""
    return is_named_or_null(value) and (value is None or value.get("position", "after") in POSITIONS)


def is_class_weight(value: Any) -> bool:
    """Whether `value` is null, balanced, or weights by label: `{8: 2.0}`; run.json has labels as text."""
    if not isinstance(value, dict):
        return value in (None, BALANCED)
    labels = all(re.fullmatch("[0-9]+", str(label)) for label in value)
    return bool(value) and labels and all(is_number(weight) and 0 <= weight < math.inf for weight in value.values())


def is_bool(value: Any) -> bool:
    """Whether `value` is true or false."""
    return isinstance(value, bool)


def is_padding(value: Any) -> bool:
    """Whether `value` is a padding that Keras has for convolutions and poolings."""
    return value in PADDINGS


def is_pool(value: Any) -> bool:
    """Whether `value` is a kind of pooling that Keras has."""
    return value in POOLS
