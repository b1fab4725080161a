"""Names are read from Keras's source as its registry has them, and without importing it."""

import subprocess
import sys

import keras
import pytest

from mnist_sweeps.models import keras_classes, keras_objects
from mnist_sweeps.planning.keras_names import keras_names


@pytest.mark.parametrize(
    ("module", "some"),
    [
        ("optimizers", {"adam", "adamw", "rmsprop", "sgd"}),
        ("initializers", {"he_normal", "glorot_uniform", "random_normal", "zeros"}),
        ("optimizers.schedules", {"inverse_time_decay", "cosine_decay"}),
    ],
)
def test_every_name_is_one_that_is_found(module: str, some: set[str]) -> None:
    names = keras_names(module)
    assert some <= set(names)
    registry = keras
    for part in module.split("."):
        registry = getattr(registry, part)
    for name in names:
        keras_classes.find_class(registry, module, name)


def test_activations_are_those_that_a_network_takes() -> None:
    for name in keras_names("activations"):
        assert keras_objects.activation("model.activation", name, seed=0) == name
    assert {"relu", "sigmoid", "tanh", "softmax", "gelu"} <= set(keras_names("activations"))


def test_schemas_are_generated_without_a_backend() -> None:
    code = "import sys; from mnist_sweeps.planning import json_schema as j, conf_paths as c; j.documents(c.conf())"
    check = "; assert not {'keras', 'tensorflow', 'jax'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code + check], check=False).returncode == 0
