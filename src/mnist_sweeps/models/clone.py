"""A network again, with new weights and with some of its layers changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras


def clone(model: keras.Model, kind: Callable[[keras.Layer], type[keras.Layer]] = type, **changed: Any) -> keras.Model:
    """A network of the same layers with new weights; networks inside it are cloned, too.

    Args:
        model: A built network.
        kind: The class that a layer is to have; its own by default.
        changed: Settings that all layers get instead of theirs, such as `dtype`.
    """

    def copied(layer: keras.Layer) -> keras.Layer:
        return kind(layer).from_config({**layer.get_config(), **changed})

    return keras.models.clone_model(model, clone_function=copied, recursive=True)
