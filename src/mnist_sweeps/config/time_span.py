"""A time above 0 as people write it: `90 s`, `30 min`, `2 h`."""

from __future__ import annotations

import re
from typing import Any

PATTERN = r"\s*(?=[0-9.]*[1-9])([0-9]+(?:\.[0-9]+)?)\s*(s|min|h)\s*"
SECONDS = {"s": 1, "min": 60, "h": 3600}


def seconds(written: Any) -> float | None:
    """`1.5 min` as 90; None for what is no time above 0."""
    match = re.fullmatch(PATTERN, written) if isinstance(written, str) else None
    return float(match[1]) * SECONDS[match[2]] if match else None
