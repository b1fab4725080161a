"""The programs of a network on TensorFlow: a whole epoch as one graph, validation, and prediction.

Weights, dropout states and the optimizer's numbers are variables of the network, images are inputs. Variants that train
in one network (`shared_networks`) are therefore traced once: 0.9 s for 512-256.
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from mnist_sweeps.models.loss_scaling import unscaled
from mnist_sweeps.training.engines import tf_adam
from mnist_sweeps.training.engines.recently_used import RecentlyUsed
from mnist_sweeps.training.inputs import EVALUATION_BATCH

KEPT = 8  # programs, least recently used ones dropped, as many as networks are kept

_programs: RecentlyUsed[GraphPrograms] = RecentlyUsed()


def programs_of(model: keras.Model, batch: int) -> GraphPrograms:
    """The programs of a network, traced when they are first called.

    Args:
        model: The network, compiled with its optimizer.
        batch: Images per batch.
    """
    return _programs.kept_or_made(f"{id(model)}, {batch}", lambda: GraphPrograms(model, batch), KEPT)


class GraphPrograms:
    """Functions of images and labels; as they hold the network, no other one gets its `id` while they are kept."""

    def __init__(self, model: keras.Model, batch: int) -> None:
        tf_adam.fuse(unscaled(model.optimizer))
        self.model, self.batch = model, batch
        self.epoch = tf.function(self._epoch, autograph=False)
        self.scores = tf.function(self._scores, autograph=False)
        self.outputs = tf.function(lambda inputs: model(inputs, training=False), autograph=False)

    def _epoch(self, order: Any, train: Any, validation: Any) -> dict[str, Any]:
        total = _over_batches(order, self.batch, lambda at: self._step(*_gathered(train, at)))
        loss, accuracy = tf.unstack(total / order.shape[0])
        logs = {"loss": loss, "accuracy": accuracy}
        return logs if validation is None else {**logs, **self._scores(validation)}

    def _scores(self, validation: Any) -> dict[str, Any]:
        """`val_loss` and `val_accuracy`."""
        places = tf.range(validation[1].shape[0])
        sums = _over_batches(places, EVALUATION_BATCH, lambda at: self._score(*_gathered(validation, at)))
        loss, accuracy = tf.unstack(sums / validation[1].shape[0])
        return {"val_loss": loss, "val_accuracy": accuracy}

    def _step(self, inputs: Any, labels: Any, *weights: Any) -> Any:
        """Sums of loss and of right predictions [2] over a batch, on which the network was trained."""
        model = self.model
        with tf.GradientTape() as tape:
            predicted = model(inputs, training=True)
            loss = sum([model.loss(labels, predicted, *weights), *model.losses])
            scaled = model.optimizer.scale_loss(loss)
        variables = model.trainable_variables
        model.optimizer.apply(tape.gradient(scaled, [variable.value for variable in variables]), variables)
        return _sums(loss, predicted, labels)

    def _score(self, inputs: Any, labels: Any) -> Any:
        predicted = self.model(inputs, training=False)
        return _sums(sum([self.model.loss(labels, predicted), *self.model.losses]), predicted, labels)


def _gathered(part: tuple[Any, ...], places: Any) -> tuple[Any, ...]:
    return tuple(tf.gather(values, places) for values in part)


def _over_batches(places: Any, size: int, sums: Any) -> Any:
    """The sum of `sums` over batches of places; the last one holds what is left, as in `fit`."""
    count, left = divmod(places.shape[0], size)
    batches = tf.reshape(places[: count * size], (count, size))  # with a shape that is known beforehand
    _, total = tf.while_loop(
        lambda at, _: at < count,
        lambda at, total: (at + 1, total + sums(batches[at])),
        (tf.constant(0), tf.zeros(2)),
    ) if count else (None, tf.zeros(2))  # fmt: skip
    return total + sums(places[count * size :]) if left else total


def _sums(loss: Any, predicted: Any, labels: Any) -> Any:
    right = tf.reduce_sum(tf.cast(tf.argmax(predicted, -1, output_type=tf.int32) == labels, tf.float32))
    return tf.stack([tf.cast(loss, tf.float32) * labels.shape[0], right])
