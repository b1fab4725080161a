import numpy as np
import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data.class_weights import class_weights

LABELS = np.array([0, 0, 0, 1], np.uint8)


def test_balanced_classes_count_the_same() -> None:
    weights = class_weights("balanced", LABELS, 2)
    assert weights is not None
    assert weights == pytest.approx([2 / 3, 2])  # as scikit-learn's compute_class_weight


def test_a_class_without_images_changes_nothing_but_the_scale() -> None:
    weights = class_weights("balanced", LABELS, 4)
    assert weights is not None
    assert weights[:2] == pytest.approx([1 / 3, 1])


def test_classes_without_a_weight_count_once() -> None:
    weights = class_weights({1: 3.0, "0": 0}, LABELS, 3)
    assert weights is not None and weights.tolist() == [0, 3, 1]
    assert class_weights(None, LABELS, 3) is None


def test_a_label_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^training.class_weight.3=2.0: expected labels from 0 to 2$"):
        class_weights({3: 2.0}, LABELS, 3)
