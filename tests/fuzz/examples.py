"""How many examples a property is tried on: few in `make test`, 2,000 in `make test-all`; the same in each run."""

import pytest
from hypothesis import HealthCheck, Phase, settings

FEW, MANY = 10, 2000

efforts = pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])


def effort(examples: int) -> settings:
    """Settings for so many examples: no clock, no database, the same examples in each run."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # an example takes tenths of a second: to look for a shorter one takes minutes
        suppress_health_check=list(HealthCheck),
    )
