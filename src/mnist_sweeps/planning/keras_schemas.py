"""JSON Schemas of Keras objects: optimizers, activations, regularizers and their like."""

from __future__ import annotations

from mnist_sweeps.config.allowed import METRICS, POSITIONS
from mnist_sweeps.planning.keras_names import keras_names
from mnist_sweeps.planning.schema_parts import TEXT, named, or_null, suggested, words

ACTIVATION = {
    "anyOf": [words(keras_names("activations")) if keras_names("activations") else TEXT, named(TEXT, required=True)]
}
LEARNING_RATE = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0},
        named(suggested(keras_names("optimizers.schedules")), required=True),
    ]
}
OPTIMIZER = named(suggested(keras_names("optimizers")), learning_rate=LEARNING_RATE)
REGULARIZER = or_null(named(suggested(keras_names("regularizers")), required=True))
CONSTRAINT = or_null(named(suggested(keras_names("constraints")), required=True))
NORMALIZATION = or_null(
    named(
        suggested(["batch_normalization", "group_normalization", "layer_normalization", "rms_normalization"]),
        required=True,
        position=words(POSITIONS),
    )
)
INITIALIZER = named(suggested(keras_names("initializers")))
METRIC = {"anyOf": [words(METRICS), named(words(METRICS), required=True)]}
