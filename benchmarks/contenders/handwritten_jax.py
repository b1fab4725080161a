"""A training loop written by hand in JAX for the dense nets: the least that an epoch as one program can cost.

No Keras: parameters are a pytree; Adam, batch norm with moving averages, dropout, the last partial batch and validation
as in Keras. One jitted scan an epoch.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.contender import Gate
from mnist_sweeps.config.schema import Config
from mnist_sweeps.training.inputs import EVALUATION_BATCH, Arrays

Tree = Any


def train(config: Config, arrays: Arrays, epochs: int, gate: Gate) -> None:
    """One epoch a turn; He-normal weights, relu, Adam at 0.001."""
    key, *keys = jax.random.split(jax.random.key(0), len(config.model.hidden) + 2)
    sizes = [arrays.train[0].shape[1], *config.model.hidden, 10]
    parameters: Tree = [
        {"kernel": jax.random.normal(one, shape) * np.sqrt(2 / shape[0]), "bias": jnp.zeros(shape[1])}
        for one, shape in zip(keys, pairwise(sizes), strict=True)
    ]
    averages = [(jnp.zeros(width), jnp.ones(width)) for width in config.model.hidden if config.model.batch_norm]
    for layer, average in zip(parameters, averages, strict=False):
        layer |= dict(zip(("beta", "gamma"), map(jnp.copy, average), strict=True))
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    state = (parameters, averages, (zeros, jax.tree.map(jnp.zeros_like, zeros), jnp.zeros(())), key)
    epoch = jax.jit(_epoch(config), donate_argnums=0)
    on_device = [
        (jnp.asarray(inputs), jnp.asarray(labels, jnp.int32)) for inputs, labels in (arrays.train, arrays.validation)
    ]
    shuffle = np.random.default_rng(0)
    for _ in range(epochs):
        gate.begin()
        order = jnp.asarray(shuffle.permutation(len(arrays.train[1])), jnp.int32)
        state, accuracy = epoch(state, order, *on_device)
        gate.end({"val_accuracy": float(accuracy)})


def _epoch(config: Config) -> Any:
    model, batch = config.model, config.training.batch_size

    def forward(parameters: Tree, averages: Tree, inputs: jax.Array, key: jax.Array | None) -> tuple[jax.Array, Tree]:
        kept = []
        for index, layer in enumerate(parameters[:-1]):
            inputs = jax.nn.relu(inputs @ layer["kernel"] + layer["bias"])
            if model.batch_norm:
                mean, variance = averages[index]
                if key is not None:
                    now = inputs.mean(0), inputs.var(0)
                    kept.append((0.99 * mean + 0.01 * now[0], 0.99 * variance + 0.01 * now[1]))
                    mean, variance = now
                scale = layer["gamma"] * jax.lax.rsqrt(variance + 1e-3)
                inputs = inputs * scale + (layer["beta"] - mean * scale)
            if model.dropout and key is not None:
                key, mine = jax.random.split(key)
                dropped = jax.random.bernoulli(mine, model.dropout, inputs.shape)
                inputs = jnp.where(dropped, 0, inputs / (1 - model.dropout))
        return inputs @ parameters[-1]["kernel"] + parameters[-1]["bias"], kept or averages

    def loss_of(parameters: Tree, averages: Tree, inputs: jax.Array, labels: jax.Array, key: jax.Array) -> Any:
        logits, averages = forward(parameters, averages, inputs, key)
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1).mean(), averages

    def step(state: Tree, inputs: jax.Array, labels: jax.Array) -> Tree:
        parameters, averages, (first, second, count), key = state
        key, mine = jax.random.split(key)
        slopes, averages = jax.grad(loss_of, has_aux=True)(parameters, averages, inputs, labels, mine)
        count = count + 1
        rate = 0.001 * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        first = jax.tree.map(lambda old, slope: old + 0.1 * (slope - old), first, slopes)
        second = jax.tree.map(lambda old, slope: old + 0.001 * (slope * slope - old), second, slopes)
        parameters = jax.tree.map(
            lambda value, m, v: value - rate * m / (jnp.sqrt(v) + 1e-7), parameters, first, second
        )
        return parameters, averages, (first, second, count), key

    def epoch(state: Tree, order: jax.Array, train: Any, held: Any) -> tuple[Tree, jax.Array]:
        inputs, labels = train
        whole = len(order) - len(order) % batch
        batches = order[:whole].reshape(-1, batch)
        state, _ = jax.lax.scan(lambda state, one: (step(state, inputs[one], labels[one]), None), state, batches)
        if whole < len(order):
            state = step(state, inputs[order[whole:]], labels[order[whole:]])
        parts = held[0].reshape(-1, min(EVALUATION_BATCH, len(held[1])), held[0].shape[1])
        predicted = jax.lax.map(lambda part: forward(state[0], state[1], part, None)[0].argmax(1), parts)
        return state, (predicted.ravel() == held[1]).mean()

    return epoch
