"""The metrics of `training.metrics`: Keras's, of the probabilities that a trained network gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_sweeps.config.allowed import metric_name
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.models import keras_objects
from mnist_sweeps.training.inputs import EVALUATION_BATCH

KEY = "training.metrics"
Scored = tuple[NDArray[np.float32], NDArray[Any]]  # probabilities [n, classes] and labels [n]


def metric_values(specs: Sequence[Any] | None, parts: Mapping[str, Scored]) -> dict[str, float]:
    """Each metric on each part, such as `test_f1_score`.

    Args:
        specs: `training.metrics`: names, or mappings with a name and keywords.
        parts: Probabilities and labels by the name of the part.
    """
    return {
        f"{part}_{metric_name(spec)}": _value(spec, *scored) for part, scored in parts.items() for spec in specs or []
    }


def effective(specs: Sequence[Any] | None) -> list[dict[str, Any]]:
    """What Keras says of each metric: its name and keywords."""
    kept = ((spec, _created(spec).get_config()) for spec in specs or [])
    return [{**config, "name": metric_name(spec)} for spec, config in kept]


def check(specs: Sequence[Any] | None, classes: int) -> None:
    """Computes each metric once.

    Args:
        specs: As `metric_values` takes them.
        classes: Number of classes.

    Raises:
        ConfigError: A keyword that Keras does not have or take, or a metric that gives more than one number.
    """
    labels = np.arange(classes)
    for spec in specs or []:
        try:
            _value(spec, np.eye(classes, dtype=np.float32), labels)
        except (ValueError, TypeError) as error:
            reason = " ".join(str(error).split())
            raise ConfigError(f"{KEY}={spec}: no number for each run: {reason}") from error


def _value(spec: Any, probabilities: NDArray[np.float32], labels: NDArray[Any]) -> float:
    metric, one_hot = _created(spec), np.eye(probabilities.shape[1], dtype=np.float32)
    for start in range(0, len(labels), EVALUATION_BATCH):
        batch = slice(start, start + EVALUATION_BATCH)
        wanted = labels[batch] if metric_name(spec).startswith("sparse_") else one_hot[labels[batch]]
        metric.update_state(wanted, probabilities[batch])
    return float(keras.ops.convert_to_numpy(metric.result()))


def _created(spec: Any) -> keras.metrics.Metric:
    return keras_objects.metric(KEY, spec if isinstance(spec, Mapping) else {"name": spec})
