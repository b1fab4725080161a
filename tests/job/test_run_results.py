from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from mnist_sweeps.config.schema import Config, Data
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.job import run_results
from mnist_sweeps.models import network
from mnist_sweeps.storage.run_parts import ImageCounts, RunSeconds
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.training.trained import Trained

Make = Callable[..., Config]
BEGUN = RunRecord("failed", seed=0)


@pytest.fixture
def trained(small: Make, split: Split) -> Trained:
    """Three epochs whose scores anybody can tell apart."""
    numbers = np.random.default_rng(0).random((100, 10)).astype(np.float32)
    return Trained(
        history={
            "loss": [3.0, 2.0, 1.0],
            "accuracy": [0.1, 0.2, 0.3],
            "val_loss": [3.5, 2.5, 2.75],
            "val_accuracy": [0.15, 0.35, 0.25],
        },
        diverged_at=None,
        best_epoch=2,
        kept_epoch=3,
        probabilities=numbers / numbers.sum(axis=1, keepdims=True),
        weights={"output/kernel/initial/moments": np.zeros(4)},
        optimizer={"name": "SGD", "momentum": 0.9},
        loss={"name": "SmoothedCrossentropy", "label_smoothing": 0.1},
        model=network.build(small(), (784,), 0),
        epoch_seconds=[2.0, 1.0, 1.0],
    )


def test_test_scores_are_keras(trained: Trained, split: Split) -> None:
    metrics = run_results.with_results(BEGUN, trained, split).scores
    loss = keras.losses.SparseCategoricalCrossentropy()(split.test.labels, trained.probabilities)
    accuracy = keras.metrics.SparseCategoricalAccuracy()
    accuracy.update_state(split.test.labels, trained.probabilities)
    assert metrics["test_loss"] == pytest.approx(float(loss), rel=1e-5)
    assert metrics["test_accuracy"] == pytest.approx(float(accuracy.result()))


def test_a_probability_of_zero_costs_what_it_costs_in_keras(trained: Trained, split: Split) -> None:
    certain = np.roll(np.eye(10, dtype=np.float32)[split.test.labels], 1, axis=1)  # of the wrong digits
    metrics = run_results.with_results(BEGUN, replace(trained, probabilities=certain), split).scores
    loss = keras.losses.SparseCategoricalCrossentropy()(split.test.labels, certain)
    assert metrics["test_loss"] == pytest.approx(float(loss), rel=1e-5)
    assert metrics["test_accuracy"] == 0


@pytest.mark.parametrize(
    ("kept", "validation", "train"),
    [
        pytest.param(3, (2.75, 0.25), (1.0, 0.3), id="the last epoch"),
        pytest.param(2, (2.5, 0.35), (2.0, 0.2), id="the best, restored"),
    ],
)
def test_scores_are_those_of_the_epoch_whose_weights_are_kept(
    trained: Trained, split: Split, kept: int, validation: tuple[float, float], train: tuple[float, float]
) -> None:
    metrics = run_results.with_results(BEGUN, replace(trained, kept_epoch=kept), split).scores
    assert (metrics["val_loss"], metrics["val_accuracy"]) == validation
    assert (metrics["train_loss"], metrics["train_accuracy"]) == train
    assert (metrics["epochs_run"], metrics["best_epoch"]) == (3, 2)


def test_without_validation_its_scores_are_none(trained: Trained, split: Split) -> None:
    history = {key: trained.history[key] for key in ("loss", "accuracy")}
    metrics = run_results.with_results(BEGUN, replace(trained, history=history, best_epoch=None), split).scores
    assert (metrics["val_loss"], metrics["val_accuracy"], metrics["best_epoch"]) == (None, None, None)


def test_what_was_built_is_read_back(trained: Trained, split: Split) -> None:
    record = run_results.with_results(BEGUN, trained, split)
    assert record.status == "completed"
    assert record.failure is None
    assert record.parameter_counts["total"] == 784 * 16 + 16 + 170
    assert record.multiplies == 784 * 16 + 160
    assert record.duration == RunSeconds(4.0, (2.0, 1.0, 1.0))
    assert record.effective["optimizer"] == {"name": "SGD", "momentum": 0.9}
    assert record.effective["loss"] == {"name": "SmoothedCrossentropy", "label_smoothing": 0.1}
    assert [layer["name"] for layer in record.effective["layers"]] == ["hidden_1", "output"]


def test_a_diverged_run_says_when(trained: Trained, split: Split) -> None:
    lost = {**trained.history, "loss": [3.0, 2.0, float("nan")]}
    nowhere = np.full((100, 10), np.nan, np.float32)
    record = run_results.with_results(
        BEGUN, replace(trained, history=lost, diverged_at=3, probabilities=nowhere), split
    )
    assert record.status == "diverged"
    assert record.failure is not None and record.failure.message == "the training loss was not finite in epoch 3"


def test_weights_spoiled_by_the_last_update_are_a_divergence(trained: Trained, split: Split) -> None:
    nowhere = np.full_like(trained.probabilities, np.nan)
    record = run_results.with_results(BEGUN, replace(trained, probabilities=nowhere), split)
    assert record.status == "diverged"
    assert record.failure is not None
    assert record.failure.message == "the test loss after the last update is not finite"
    lost = {**trained.history, "val_loss": [*trained.history["val_loss"][:-1], float("nan")]}
    record = run_results.with_results(BEGUN, replace(trained, history=lost, kept_epoch=len(lost["loss"])), split)
    assert record.failure is not None
    assert record.failure.message == "the validation loss after the last update is not finite"


def test_arrays_are_what_was_predicted_and_how_surely(trained: Trained) -> None:
    found = run_results.arrays(trained)
    predictions = found["predictions"]
    assert predictions["predicted"].dtype == np.uint8
    assert predictions["confidence"].dtype == np.float16
    assert predictions["predicted"].tolist() == trained.probabilities.argmax(axis=1).tolist()
    np.testing.assert_allclose(predictions["confidence"], trained.probabilities.max(axis=1), rtol=1e-3)
    assert found["weights"] is trained.weights
    assert found.keys() == {"predictions", "weights", "preprocessing"}


def test_activations_and_examples_are_kept_where_there_are_some(trained: Trained) -> None:
    activations, examples = np.ones((100, 2), np.float16), {"label": np.arange(10)}
    found = run_results.arrays(replace(trained, activations=activations, examples=examples))
    assert found["activations"]["activation"] is activations
    assert found["preprocessing"] == examples


@pytest.mark.parametrize(
    ("validation", "held", "kind"),
    [
        pytest.param(50, 50, "held out", id="count"),
        pytest.param(0.2, 50, "held out", id="fraction"),
        pytest.param("none", 0, "none", id="none"),
        pytest.param("test", 100, "test", id="test"),
    ],
)
def test_counts(small: Make, split: Split, validation: Any, held: int, kind: str) -> None:
    parts = {"none": None, "test": split.test}
    one = replace(split, validation=parts.get(validation, split.validation))
    counts = run_results.image_counts(small(data=Data(validation=validation)), one)
    largest = max(np.unique(split.test.labels, return_counts=True)[1])
    assert counts == ImageCounts("mnist5k", 200, held, 100, kind, split.description, largest_class=largest)


def test_recall_is_the_share_of_each_digit_that_was_found() -> None:
    labels = np.array([0, 0, 0, 0, 5, 5, 9])
    predicted = np.array([0, 0, 0, 5, 3, 0, 9])
    assert run_results.recall(predicted, labels) == [0.75, None, None, None, None, 0.0, None, None, None, 1.0]


def test_extra_metrics_are_scores_and_their_keywords_are_read_back(trained: Trained, split: Split) -> None:
    extra = replace(trained, metrics={"test_f1_score": 0.5}, metric_settings=[{"name": "f1_score", "average": "macro"}])
    record = run_results.with_results(BEGUN, extra, split)
    assert record.scores["test_f1_score"] == 0.5
    assert record.effective["metrics"] == [{"name": "f1_score", "average": "macro"}]
    assert "metrics" not in run_results.with_results(BEGUN, trained, split).effective


def test_evaluated_training_images_are_scored_as_test_images_are(trained: Trained, split: Split) -> None:
    right = np.eye(10, dtype=np.float32)[split.train.labels]
    record = run_results.with_results(BEGUN, replace(trained, train_probabilities=right), split)
    assert (record.scores["evaluated_train_accuracy"], record.scores["evaluated_train_loss"]) == (1.0, 0.0)
    assert record.scores["train_accuracy"] == 0.3  # as before: Keras's running average
    assert "evaluated_train_accuracy" not in run_results.with_results(BEGUN, trained, split).scores
