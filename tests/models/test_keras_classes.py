from typing import Any

import keras
import pytest

from mnist_sweeps.models import keras_classes


@pytest.mark.parametrize(
    ("module", "abstract"),
    [
        (keras.optimizers, "optimizer"),
        (keras.initializers, "initializer"),
        (keras.optimizers.schedules, "learning_rate_schedule"),
    ],
)
def test_suggested_names_are_found_again(module: Any, abstract: str) -> None:
    names = keras_classes.class_names(module)
    assert abstract not in names
    assert all(keras_classes.find_class(module, "key", name) for name in names)


@pytest.mark.parametrize(
    ("class_name", "name"), [("RMSprop", "rmsprop"), ("HeNormal", "he_normal"), ("AdamW", "adamw"), ("SGD", "sgd")]
)
def test_a_class_has_the_name_that_a_person_writes(class_name: str, name: str) -> None:
    assert keras_classes.snake_case(class_name) == name
