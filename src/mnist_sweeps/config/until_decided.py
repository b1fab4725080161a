"""`seeds: until decided`: the rule by which a sweep adds seeds, as a person writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from mnist_sweeps.config.errors import ConfigError, nearest, written
from mnist_sweeps.config.value_checks import is_number, is_whole

WORDS = "until decided"
BUDGET = r"\s*([0-9]+(?:\.[0-9]+)?)\s*(min|h)\s*"
EXPECTED = f"expected a count of at least 1, a list of whole numbers like [0, 1, 2], or {WORDS}"


@dataclass(frozen=True)
class UntilDecided:
    """Seeds are added in rounds, to the rows whose comparison is not decided, from `first` on."""

    at_least: int = 3  # seeds of each row: the first round
    at_most: int = 50  # seeds of a row: no round goes beyond
    first: int = 0  # the first seed; others give an independent repetition
    budget: float | None = None  # minutes of training, in all runs together
    power: float | None = None  # that its seeds have for a difference of the margin: then a row gets no more

    def seeds(self, count: int) -> list[int]:
        """The first `count` seeds of a row."""
        return [*range(self.first, self.first + count)]


def seeds_after(seeds: Sequence[int], count: int) -> list[int]:
    """The seeds, and so many more: those after the largest."""
    return [*seeds, *range(max(seeds) + 1, max(seeds) + 1 + count)]


def is_rule(seeds: Any) -> bool:
    """Whether `seeds` is neither a count nor a list, but a rule, right or wrong."""
    return isinstance(seeds, (str, Mapping))


def parse_rule(seeds: Any) -> UntilDecided:
    """The rule: `until decided`, or a mapping like `{until: decided, at_most: 20, budget: 30 min}`.

    Raises:
        ConfigError: one line per fault, as `seeds.at_most=1: what is allowed`.
    """
    if isinstance(seeds, str):
        if " ".join(seeds.split()) == WORDS:
            return UntilDecided()
        raise ConfigError(f"seeds={written(seeds)}: {EXPECTED}")
    values = dict(seeds)
    if faults := [*_faults(values)]:
        raise ConfigError("\n".join(faults))
    values.pop("until")
    return UntilDecided(**{**values, "budget": _minutes(values.get("budget"))})


def _faults(values: dict[str, Any]) -> Iterator[str]:
    known = ["until", *(entry.name for entry in fields(UntilDecided))]
    for key in values:
        if key not in known:
            yield f"seeds.{key}: {nearest(str(key), known)}"
    if values.get("until") != "decided":
        yield f"seeds.until={values.get('until')}: expected decided, as in {{until: decided, at_most: 20}}"
    at_least, at_most = values.get("at_least", 3), values.get("at_most", 50)
    if not is_whole(at_least, least=2):
        yield f"seeds.at_least={at_least}: expected a whole number of at least 2, as one run shows no spread"
    elif not is_whole(at_most, least=at_least):
        yield f"seeds.at_most={at_most}: expected a whole number of at least {at_least}, the seeds of the first round"
    if not is_whole(values.get("first", 0), least=0):
        yield f"seeds.first={values['first']}: expected a whole number of at least 0"
    if values.get("budget") is not None and not _minutes(values["budget"]):
        yield f"seeds.budget={values['budget']}: expected a time, like 30 min or 2 h"
    power = values.get("power")
    if power is not None and not (is_number(power) and 0 < power < 1):
        yield f"seeds.power={power}: expected a probability between 0 and 1, like 0.95"


def _minutes(budget: Any) -> float | None:
    """`30 min` as 30, `2 h` as 120; None for what is no time."""
    match = re.fullmatch(BUDGET, str(budget))
    return float(match[1]) * {"min": 1, "h": 60}[match[2]] if match else None
