from typing import Any

import pytest

from mnist_sweeps.config.time_span import seconds


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("90 s", 90),
        ("1.5 min", 90),
        ("2h", 7200),
        ("0.5 s", 0.5),
        ("0 s", None),
        ("0.0 min", None),
        ("90", None),
        ("2 days", None),
        (90, None),
    ],
)
def test_a_time_has_a_unit(written: Any, expected: float | None) -> None:
    assert seconds(written) == expected
