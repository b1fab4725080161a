"""The keys that take one of a few words; `validate` refuses other words, and the JSON Schemas list them."""

from __future__ import annotations

from typing import Any

PADDINGS = ("valid", "same")
POOLS = ("max", "average")
POSITIONS = ("before", "after")  # of a normalization and the activation
CROSSENTROPY = "categorical_crossentropy"  # the default of training.loss
SMOOTHED = (CROSSENTROPY, "categorical_focal_crossentropy")  # losses that take training.label_smoothing
LOSSES = (*SMOOTHED, "mean_squared_error", "categorical_hinge")
BALANCED = "balanced"  # of training.class_weight, which also takes weights by label
METRICS = (  # of training.metrics: those of Keras that score probabilities of classes
    "auc", "categorical_crossentropy", "cosine_similarity", "f1_score", "fbeta_score", "kl_divergence",
    "mean_absolute_error", "mean_squared_error", "precision", "recall", "sparse_categorical_crossentropy",
    "sparse_top_k_categorical_accuracy", "top_k_categorical_accuracy",
)  # fmt: skip
MONITORS = ("val_loss", "val_accuracy", "loss", "accuracy")

FULL, HALF = "float32", "mixed_float16"  # of precision: no layer computes in less; the loss is scaled

WORDS: dict[str, tuple[str, ...]] = {
    "model.conv.padding": PADDINGS,
    "model.conv.pool_padding": PADDINGS,
    "model.conv.pool": POOLS,
    "model.conv.global_pooling": POOLS,
    "data.holdout": ("first", "stratified"),
    "training.loss": LOSSES,
    "training.early_stopping.monitor": MONITORS,
    "training.reduce_on_plateau.monitor": MONITORS,
    "precision": (FULL, "mixed_bfloat16", HALF),
    "backend": ("auto", "tensorflow", "jax"),
    "engine": ("auto", "fit", "compiled"),
    "keep_models": ("best", "all", "none"),
}
TRACKERS = ("mlflow", "tensorboard", "wandb")  # of tracker, which takes several
CLEAN = "clean"  # of data.evaluate: the test images as they are, which are always scored
CORRUPTIONS = ("rotated", "translated", "noisy", "blurred", "low_contrast")
VALIDATION_WORDS = ("none", "test")  # of data.validation, which also takes a count or a fraction
DEVICE = r"auto|cpu|gpu(:[0-9]+)?"  # of device, as a regular expression


def metric_name(spec: Any) -> str:
    """The name of an entry of `training.metrics`: `f1_score` of itself, and of `{name: f1_score, average: micro}`."""
    return str(spec.get("name") if isinstance(spec, dict) else spec)
