"""The class of a Keras module that a name stands for (`he_normal`: HeNormal), and an object of it by its keywords."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.value_checks import is_number

NOT_KEYWORDS = {"name", "args", "kwargs"}
ABSTRACT = {"Initializer", "Optimizer", "LearningRateSchedule", "Regularizer", "Constraint"}


def create(module: ModuleType, key: str, spec: Mapping[str, Any]) -> Any:
    """An object of the class that `spec` names.

    Args:
        module: Where the class is, such as `keras.optimizers`.
        key: The configuration key, for messages.
        spec: Its name and its keywords.

    Raises:
        ConfigError: no such class or keyword, or a value that it does not take.
    """
    cls = find_class(module, key, str(spec.get("name")))
    parameters = inspect.signature(cls).parameters
    allowed = [name for name in parameters if name not in NOT_KEYWORDS]
    keywords = {name: value for name, value in spec.items() if name != "name"}
    for name, value in keywords.items():
        if name not in allowed:
            raise ConfigError(f"{key}.{name}={value}: {spec['name']} has no such keyword; {nearest(name, allowed)}")
        if isinstance(parameters[name].default, float) and not is_number(value) and not callable(value):
            raise ConfigError(f"{key}.{name}={value}: expected a number")
        if isinstance(parameters[name].default, bool) and not isinstance(value, bool):
            raise ConfigError(f"{key}.{name}={value}: expected true or false")
        if is_number(value) and isinstance(parameters[name].default, float):
            keywords[name] = float(value)  # Keras refuses `learning_rate=1` and `momentum=0`
    try:
        return cls(**keywords)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{key}={dict(spec)}: Keras refuses it: {' '.join(str(error).split())}") from error


def find_class(module: ModuleType, key: str, name: str) -> type:
    """The class that a name stands for, regardless of case and underscores.

    Args:
        module: Where the class is, such as `keras.optimizers`.
        key: The configuration key, for messages.
        name: As a person writes it.

    Raises:
        ConfigError: no such class.
    """
    classes = {cls_name.lower(): cls for cls_name, cls in vars(module).items() if inspect.isclass(cls)}
    found = classes.get(name.replace("_", "").lower())
    if found is None:
        kind = module.__name__.rpartition(".")[2].rstrip("s")
        raise ConfigError(f"{key}.name={name}: no Keras {kind}; {nearest(name, class_names(module))}")
    return found


def class_names(module: ModuleType) -> list[str]:
    """The classes of a Keras module as a person writes them."""
    classes = [name for name, value in vars(module).items() if inspect.isclass(value) and name not in ABSTRACT]
    return sorted({snake_case(name) for name in classes if name[0].isupper()})


def snake_case(cls_name: str) -> str:
    """The name of a class as a person writes it: `RMSprop` as rmsprop, `HeNormal` as he_normal."""
    return re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", cls_name).lower()
