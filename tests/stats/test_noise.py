"""Samples at the ends of what a network can score."""

import pytest

from mnist_sweeps.stats import Sample


def test_a_sample_may_score_nothing_or_everything_on_a_single_image():
    assert Sample((0.0, 1.0), 1).mean == 0.5


@pytest.mark.parametrize(
    ("values", "said"),
    [((), "a sample needs at least one accuracy"), ((1.5,), r"accuracies are fractions in 0..1, not \[1.5\]")],
)
def test_what_no_network_can_score_is_refused(values, said):
    with pytest.raises(ValueError, match=rf"^{said}$"):
        Sample(values, 100)
