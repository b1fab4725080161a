"""The programs of a network on JAX: a whole epoch (gather, forward, backward, optimizer, metrics and validation).

Built from Keras's own stateless calls, so that every layer, initializer, loss and optimizer works.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from mnist_sweeps.training.inputs import EVALUATION_BATCH

State = tuple[list[jax.Array], list[jax.Array], list[jax.Array]]  # trainable, non-trainable, the optimizer's


def state_of(model: keras.Model) -> State:
    """The values of a compiled network's variables and its optimizer's."""
    first, second, third = ([variable.value for variable in kind] for kind in variables_of(model))
    return first, second, third


def variables_of(model: keras.Model) -> tuple[list[Any], list[Any], list[Any]]:
    """The variables of a compiled network: trainable, non-trainable, its optimizer's."""
    return model.trainable_variables, model.non_trainable_variables, model.optimizer.variables


def on_device(part: tuple[Any, ...]) -> tuple[jax.Array, ...]:
    """Inputs, labels and weights, if there are any, where the program runs."""
    inputs, labels, *weights = part
    return jnp.asarray(inputs), jnp.asarray(labels, jnp.int32), *map(jnp.asarray, weights)


def epoch_program(model: keras.Model, size: int) -> Callable[..., tuple[State, dict[str, jax.Array]]]:
    """The program of one epoch with batches of `size`; the last partial batch is trained on, as `fit` does."""

    def loss_and_rest(
        trainable: Any, rest: Any, optimizer: Any, inputs: jax.Array, labels: jax.Array, *weights: Any
    ) -> Any:
        predicted, rest, layer_losses = model.stateless_call(trainable, rest, inputs, training=True, return_losses=True)
        loss = sum([model.loss(labels, predicted, *weights), *layer_losses])
        with keras.StatelessScope(state_mapping=list(zip(model.optimizer.variables, optimizer, strict=True))):
            scaled = model.optimizer.scale_loss(loss)
        return scaled, (loss, rest, _right(predicted, labels))

    gradient_of = jax.value_and_grad(loss_and_rest, has_aux=True)

    def step(state: State, *batch: jax.Array) -> tuple[State, jax.Array]:
        (_, (loss, rest, right)), gradients = gradient_of(*state, *batch)
        trainable, optimizer = model.optimizer.stateless_apply(state[2], gradients, state[0])
        return (trainable, rest, optimizer), jnp.stack([loss * len(batch[0]), right])

    def epoch(state: State, order: jax.Array, train: Any, validation: Any) -> tuple[State, dict[str, jax.Array]]:
        whole = len(order) - len(order) % size
        state, sums = jax.lax.scan(
            lambda state, chosen: step(state, *_taken(train, chosen)), state, order[:whole].reshape(-1, size)
        )
        total = sums.sum(axis=0)
        if whole < len(order):
            state, last = step(state, *_taken(train, order[whole:]))
            total += last
        logs = dict(zip(("loss", "accuracy"), total / len(order), strict=True))
        if validation is not None:
            logs |= evaluate(state, validation)
        return state, logs

    evaluate = evaluation_program(model)
    return epoch


def evaluation_program(model: keras.Model) -> Callable[..., dict[str, jax.Array]]:
    """The program that gives `val_loss` and `val_accuracy` of a state on (inputs, labels)."""

    def evaluate(state: State, validation: Any) -> dict[str, jax.Array]:
        return dict(zip(("val_loss", "val_accuracy"), _evaluate(model, state, *validation), strict=True))

    return evaluate


def prediction_program(model: keras.Model) -> Callable[..., jax.Array]:
    """The program that gives the probabilities [n, 10] of a state on inputs."""

    def predict(state: State, inputs: jax.Array) -> jax.Array:
        predicted: jax.Array = model.stateless_call(state[0], state[1], inputs, training=False)[0]
        return predicted

    return predict


def _evaluate(model: keras.Model, state: State, inputs: jax.Array, labels: jax.Array) -> jax.Array:
    """Mean loss and accuracy [2] over all images, in batches that bound the memory of convolutions."""

    def sums(inputs: jax.Array, labels: jax.Array) -> jax.Array:
        predicted, _, layer_losses = model.stateless_call(
            state[0], state[1], inputs, training=False, return_losses=True
        )
        loss = sum([model.loss(labels, predicted), *layer_losses])
        return jnp.stack([loss * len(labels), _right(predicted, labels)])

    whole = len(labels) - len(labels) % EVALUATION_BATCH
    batches = (
        inputs[:whole].reshape(-1, EVALUATION_BATCH, *inputs.shape[1:]),
        labels[:whole].reshape(-1, EVALUATION_BATCH),
    )
    total = jax.lax.map(lambda part: sums(*part), batches).sum(axis=0) if whole else jnp.zeros(2)
    if whole < len(labels):
        total += sums(inputs[whole:], labels[whole:])
    return total / len(labels)


def _taken(part: tuple[jax.Array, ...], places: jax.Array) -> tuple[jax.Array, ...]:
    return tuple(values[places] for values in part)


def _right(predicted: jax.Array, labels: jax.Array) -> jax.Array:
    return (jnp.argmax(predicted, axis=-1) == labels).sum().astype(np.float32)
