from typing import Any

import numpy as np
import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.training.extra_metrics import check, effective, metric_values

RANDOM = np.random.default_rng(0)
LABELS = RANDOM.integers(0, 10, 2500).astype(np.uint8)  # more than two batches
PROBABILITIES = RANDOM.dirichlet(np.ones(10), 2500).astype(np.float32)
ONE_HOT = np.eye(10)[LABELS]
TOP_2 = {"name": "top_k_categorical_accuracy", "k": 2}


def value(spec: Any) -> float:
    (found,) = metric_values([spec], {"test": (PROBABILITIES, LABELS)}).values()
    return found


def test_metrics_are_those_of_all_images() -> None:
    second = np.sort(PROBABILITIES)[:, -2]
    top = (PROBABILITIES[np.arange(2500), LABELS] >= second).mean()
    assert value(TOP_2) == pytest.approx(top)
    assert value({**TOP_2, "name": "sparse_top_k_categorical_accuracy"}) == pytest.approx(top)
    assert value("mean_squared_error") == pytest.approx(((PROBABILITIES - ONE_HOT) ** 2).mean(), rel=1e-5)


def test_f1_is_the_mean_over_classes_unless_the_setting_says_otherwise() -> None:
    predicted = PROBABILITIES.argmax(axis=1)
    right = np.array([((predicted == label) & (label == LABELS)).sum() for label in range(10)])
    both = np.bincount(predicted, minlength=10) + np.bincount(LABELS, minlength=10)
    assert value("f1_score") == pytest.approx((2 * right / both).mean(), rel=1e-5)
    assert value({"name": "f1_score", "average": "micro"}) == pytest.approx((predicted == LABELS).mean(), rel=1e-5)


def test_each_part_has_each_metric() -> None:
    parts = {"test": (PROBABILITIES, LABELS), "val": (PROBABILITIES[:5], LABELS[:5])}
    names = ["test_auc", "test_recall", "val_auc", "val_recall"]
    assert list(metric_values(["auc", {"name": "recall", "thresholds": 0.3}], parts)) == names
    assert metric_values(None, parts) == {}


def test_keywords_are_read_back() -> None:
    (found,) = effective([TOP_2])
    assert (found["name"], found["k"]) == ("top_k_categorical_accuracy", 2)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({**TOP_2, "kk": 2}, r"^training.metrics.kk=2: top_k_categorical_accuracy has no such keyword; did you mean k"),
        ({"name": "f1_score", "average": None}, r"^training.metrics={'name': 'f1_score'.*: no number for each run: "),
        ({"name": "recall", "thresholds": 2}, r"^training.metrics={'name': 'recall'.*: Keras refuses it: "),
    ],
)
def test_what_gives_no_number_is_refused_in_one_line(spec: Any, said: str) -> None:
    check([TOP_2, "f1_score"], classes=3)
    with pytest.raises(ConfigError, match=said) as error:
        check([spec], classes=10)
    assert len(str(error.value).splitlines()) == 1
