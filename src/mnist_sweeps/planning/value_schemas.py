"""JSON Schemas of single values: what each key of a configuration takes."""

from __future__ import annotations

from mnist_sweeps.config.allowed import (
    BALANCED,
    CLEAN,
    CORRUPTIONS,
    DEVICE,
    POOLS,
    TRACKERS,
    VALIDATION_WORDS,
    WORDS,
)
from mnist_sweeps.config.time_span import PATTERN as TIME
from mnist_sweeps.config.until_decided import BUDGET
from mnist_sweeps.config.until_decided import WORDS as WORDS_UNTIL
from mnist_sweeps.config.validate import MOST_FOLDS
from mnist_sweeps.data.preprocessing import METHODS
from mnist_sweeps.data.sources import NAMES
from mnist_sweeps.planning.keras_schemas import (
    ACTIVATION,
    CONSTRAINT,
    INITIALIZER,
    METRIC,
    NORMALIZATION,
    OPTIMIZER,
    REGULARIZER,
)
from mnist_sweeps.planning.schema_parts import (
    BOOLEAN,
    NULL,
    NUMBER,
    RATE,
    SHARE,
    TEXT,
    WHOLE,
    WHOLE_OR_ZERO,
    Schema,
    list_of,
    or_null,
    per_layer,
    words,
)

UNTIL: Schema = {
    "type": "object",
    "properties": {
        "until": words(["decided"]),
        "at_least": {"type": "integer", "minimum": 2},
        "at_most": {"type": "integer", "minimum": 2},
        "first": WHOLE_OR_ZERO,
        "budget": {"type": "string", "pattern": f"^{BUDGET}$", "examples": ["30 min", "2 h"]},
        "power": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    },
    "required": ["until"],
    "additionalProperties": False,
}
KEYWORDS = sorted({key for _, keywords in METHODS.values() for key in keywords})
PREPROCESSING: Schema = {
    "type": "object",
    "properties": {"name": words(METHODS), **dict.fromkeys(KEYWORDS, NUMBER)},
    "additionalProperties": False,
}

# What one layer takes; all but model.hidden and model.conv.filters may also be one value for all layers.
ENTRIES: dict[str, Schema] = {
    "model.hidden": WHOLE,
    "model.activation": ACTIVATION,
    "model.batch_norm": BOOLEAN,
    "model.dropout": RATE,
    "model.normalization": NORMALIZATION,
    "model.kernel_regularizer": REGULARIZER,
    "model.kernel_constraint": CONSTRAINT,
    "model.conv.filters": WHOLE,
    "model.conv.kernel_size": WHOLE,
    "model.conv.strides": WHOLE,
    "model.conv.padding": words(WORDS["model.conv.padding"]),
    "model.conv.separable": BOOLEAN,
    "model.conv.activation": ACTIVATION,
    "model.conv.batch_norm": BOOLEAN,
    "model.conv.normalization": NORMALIZATION,
    "model.conv.pool": words(POOLS),
    "model.conv.pool_size": WHOLE,
    "model.conv.pool_padding": words(WORDS["model.conv.pool_padding"]),
    "model.conv.dropout": RATE,
    "model.conv.kernel_regularizer": REGULARIZER,
    "model.conv.kernel_constraint": CONSTRAINT,
}
VALUES: dict[str, Schema] = {
    **{key: per_layer(entry) for key, entry in ENTRIES.items()},
    "model.hidden": list_of(WHOLE),
    "model.conv.filters": list_of(WHOLE),
    "model.conv.pool_after": {**list_of(WHOLE), "uniqueItems": True},
    "model.input_dropout": RATE,
    "model.residual": BOOLEAN,
    "model.conv.global_pooling": or_null(words(POOLS)),
    "optimizer": OPTIMIZER,
    "initializer": INITIALIZER,
    "output_initializer": INITIALIZER,
    "preprocessing": PREPROCESSING,
    "data.name": words(NAMES),
    "data.path": or_null(TEXT),
    "data.train_size": or_null({"type": "integer", "minimum": 10}),
    "data.test_size": or_null({"type": "integer", "minimum": 10}),
    "data.validation": {
        "anyOf": [words(VALIDATION_WORDS), WHOLE, {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}]
    },
    "data.evaluate": or_null({**list_of(words([CLEAN, *CORRUPTIONS])), "uniqueItems": True}),
    "data.holdout": words(WORDS["data.holdout"]),
    "data.folds": or_null({"type": "integer", "minimum": 2, "maximum": MOST_FOLDS}),
    "training.epochs": WHOLE,
    "training.batch_size": WHOLE,
    "training.loss": words(WORDS["training.loss"]),
    "training.label_smoothing": RATE,
    "training.time_limit": or_null({"type": "string", "pattern": f"^{TIME}$", "examples": ["90 s", "30 min"]}),
    "training.class_weight": {
        "anyOf": [
            words([BALANCED]),
            {
                "type": "object",
                "patternProperties": {"^[0-9]+$": {"type": "number", "minimum": 0}},
                "additionalProperties": False,
                "minProperties": 1,
            },
            NULL,
        ]
    },
    "training.metrics": or_null(list_of(METRIC)),
    "training.evaluate_train": BOOLEAN,
    "training.augmentation.translation": RATE,
    "training.augmentation.rotation": RATE,
    "training.augmentation.zoom": RATE,
    "training.early_stopping.monitor": words(WORDS["training.early_stopping.monitor"]),
    "training.early_stopping.patience": or_null(WHOLE_OR_ZERO),
    "training.early_stopping.min_delta": NUMBER,
    "training.early_stopping.start_from_epoch": WHOLE_OR_ZERO,
    "training.early_stopping.restore_best": BOOLEAN,
    "training.reduce_on_plateau.monitor": words(WORDS["training.reduce_on_plateau.monitor"]),
    "training.reduce_on_plateau.patience": or_null(WHOLE_OR_ZERO),
    "training.reduce_on_plateau.factor": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "training.reduce_on_plateau.min_delta": {"type": "number", "minimum": 0},
    "training.reduce_on_plateau.cooldown": WHOLE_OR_ZERO,
    "training.reduce_on_plateau.min_lr": {"type": "number", "minimum": 0},
    "training.floor": or_null(list_of(SHARE)),
    "precision": words(WORDS["precision"]),
    "seeds": {"anyOf": [WHOLE, {**list_of(WHOLE_OR_ZERO, least=1), "uniqueItems": True}, words([WORDS_UNTIL]), UNTIL]},
    "device": {"type": "string", "pattern": f"^({DEVICE})$", "examples": ["auto", "cpu", "gpu", "gpu:1"]},
    "backend": words(WORDS["backend"]),
    "engine": words(WORDS["engine"]),
    "threads": or_null(WHOLE),
    "workers": {"anyOf": [WHOLE, words(["auto"])]},
    "keep_models": words(WORDS["keep_models"]),
    "keep_state": BOOLEAN,
    "continue_from": or_null(TEXT),
    "tracker": {"anyOf": [words(TRACKERS), {**list_of(words(TRACKERS)), "uniqueItems": True}, NULL]},
    "fresh": BOOLEAN,
    "overwrite": BOOLEAN,
    "trials": or_null(WHOLE),
    "output_dir": or_null(TEXT),
    "variants": or_null(list_of(TEXT, least=1)),
    "sweep": {},  # has a separate schema
}
