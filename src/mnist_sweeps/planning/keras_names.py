"""Names of optimizers, initializers, regularizers, schedules and activations of Keras, without its import (seconds)."""

from __future__ import annotations

import ast
import re
from importlib.util import find_spec
from pathlib import Path

NOT_NAMES = {
    "deserialize",
    "get",
    "serialize",
    "optimizer",
    "initializer",
    "learning_rate_schedule",
    "regularizer",
    "constraint",
}
NOT_BY_NAME = {"glu", "threshold"}  # activations that need arguments, or change the number of units
NEEDS_OBJECTS = {"loss_scale_optimizer", "multi_optimizer", "optimizer_map"}  # no YAML value can give them


def keras_names(module: str) -> list[str]:
    """The public names of `keras.<module>` as a person writes them, `he_normal`; empty without Keras.

    They are suggestions: Keras's registry also takes other spellings, like `HeNormal`.

    Example:
        `keras_names("optimizers.schedules")`
    """
    spec = find_spec("keras")
    if spec is None or spec.origin is None:
        return []
    code = ast.parse(Path(spec.origin).parent.joinpath(*module.split("."), "__init__.py").read_text("utf-8"))
    imports = [node for node in ast.walk(code) if isinstance(node, ast.ImportFrom)]
    public = [
        (node.module, alias.asname or alias.name)
        for node in imports
        if node.module and node.module.startswith("keras.src")
        for alias in node.names
    ]
    return sorted({_written(name) for _, name in public} - NOT_NAMES - NOT_BY_NAME - NEEDS_OBJECTS)


def _written(name: str) -> str:
    """`RMSprop` as rmsprop, `HeNormal` as he_normal, `AdamW` as adamw, `IdentityInitializer` as identity."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", name).lower()
    return words.removesuffix("_initializer").removesuffix("initializer") or words
