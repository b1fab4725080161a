"""The results of a run: what its trained network is, says and scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Config
from mnist_sweeps.training import activations, extra_metrics, weight_summary
from mnist_sweeps.training.callbacks import best_epoch
from mnist_sweeps.training.inputs import Arrays
from mnist_sweeps.training.run_start import RunStart
from mnist_sweeps.training.training_state import TrainingState


@dataclass(frozen=True)
class Trained:
    """One finished training: `diverged_at` names the epoch whose loss was not finite."""

    history: dict[str, list[float]]
    diverged_at: int | None
    best_epoch: int | None
    kept_epoch: int  # whose weights these are: the last, or the best where early stopping restores it
    probabilities: NDArray[np.float32]  # [n_test, classes]
    weights: dict[str, NDArray[Any]]
    optimizer: dict[str, Any]
    loss: dict[str, Any]
    model: keras.Model  # uncompiled, with the trained weights
    epoch_seconds: list[float]
    reduce_on_plateau: dict[str, Any] | None = None  # as Keras has it, and the epochs after which it reduced
    class_weights: NDArray[np.float32] | None = None  # as `Arrays` has them
    augmentation: dict[str, float] | None = None  # largest translation, rotation and zoom, as Keras's factors
    time_limit_at: int | None = None  # the epoch (from 1) after which `training.time_limit` ended it
    pruned_at: int | None = None  # the epoch (from 1) that ended below `training.floor`
    fold_probabilities: NDArray[np.float32] | None = None  # [n_fold, classes], of the fold that was left out
    train_probabilities: NDArray[np.float32] | None = None  # [n_train, classes], where `training.evaluate_train` is on
    activations: NDArray[np.float16] | None = None  # [n_test, units] of a last hidden layer of one or two units
    examples: Mapping[str, NDArray[Any]] = field(default_factory=dict)  # as `Arrays` has them
    corrupted: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)  # [n_test, classes], by corruption
    metrics: Mapping[str, float] = field(default_factory=dict)  # those of `training.metrics`, such as `test_f1_score`
    metric_settings: Sequence[Mapping[str, Any]] = ()  # and as Keras has them
    state: TrainingState | None = None  # after the last epoch, where it is to be kept


def results(
    start: RunStart,
    history: dict[str, list[float]],
    loss: keras.losses.Loss,
    config: Config,
    arrays: Arrays,
    predict: Callable[[NDArray[np.float32]], NDArray[np.float32]],
) -> Trained:
    """The results of a run that has ended.

    Args:
        start: Its start, whose network has the trained weights now.
        history: Each metric's value after each epoch.
        loss: What was minimized.
        config: The config of the variant.
        arrays: What was trained on, and what is predicted.
        predict: Gives the trained network's probabilities [n, classes] of inputs.
    """
    restored = [
        callback.best_epoch + 1
        for callback in start.stopping
        if callback.restore_best_weights and callback.best_weights is not None  # None before start_from_epoch
    ]
    augmentation, metrics = config.training.augmentation, config.training.metrics
    probabilities = predict(arrays.test[0])
    scored = {"test": (probabilities, arrays.test[1])}
    if metrics and arrays.validation is not None:
        scored["val"] = (predict(arrays.validation[0]), arrays.validation[1])
    return Trained(
        history=history,
        diverged_at=start.recorder.diverged_at,
        best_epoch=best_epoch(history),
        kept_epoch=restored[0] if restored else len(start.recorder.seconds),
        probabilities=probabilities,
        weights={**start.initial, **weight_summary.summary(start.fresh, "trained")},
        optimizer=start.optimizer,
        loss={**loss.get_config(), "name": type(loss).__name__},
        model=start.fresh,
        epoch_seconds=start.recorder.seconds,
        reduce_on_plateau=start.reducers[0].effective() if start.reducers else None,
        class_weights=arrays.class_weights,
        augmentation=asdict(augmentation) if augmentation.is_on else None,
        time_limit_at=start.limits[0].ended_at if start.limits else None,
        pruned_at=start.threshold.pruned_at,
        activations=activations.last_hidden(start.fresh, arrays.test[0]),
        examples=arrays.examples,
        metrics=extra_metrics.metric_values(metrics, scored),
        metric_settings=extra_metrics.effective(metrics),
        corrupted={kind: predict(inputs) for kind, inputs in arrays.corrupted.items()},
        fold_probabilities=None if arrays.fold is None else predict(arrays.fold[0]),
        train_probabilities=predict(arrays.train[0]) if config.training.evaluate_train else None,
    )
