"""Errors of Hydra, OmegaConf and YAML as one line: the key, the value, and the way out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf.errors import (
    ConfigAttributeError,
    ConfigKeyError,
    ConfigTypeError,
    InterpolationResolutionError,
    KeyValidationError,
    OmegaConfBaseException,
    ValidationError,
)

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.planning.composition_faults import composition_fault, file_being_read
from mnist_sweeps.planning.unknown_key import unknown_key

LAUNCHERS = {  # of plugins, by the first part of their names
    "joblib": "pip install 'mnist-sweeps[joblib]'",
    "submitit": "pip install hydra-submitit-launcher, or write hydra/launcher=slurm",
}
REFUSALS = (ConfigError, HydraException, OmegaConfBaseException, yaml.YAMLError)


def explain(error: Exception) -> str:
    """What is wrong and what to do; raises `error` itself where it is none of a configuration."""
    if isinstance(error, ValueError) and str(error).startswith("Config group override"):
        return f"{error}: choose a group's option by name, like optimizer=adam"
    if isinstance(error, ValueError) and str(error).startswith(("Only one of --run", "The --resolve flag")):
        return f"mnist-sweeps: {error}"
    if isinstance(error, UnicodeDecodeError) and (file := file_being_read(error)):
        return f"{file}: not UTF-8 ({error.reason} at byte {error.start}); save it in UTF-8"
    if isinstance(error, OSError) and error.strerror:  # a full disk, a folder that may not be written
        return f"{error.filename or 'a file'}: {error.strerror}"
    if not isinstance(error, REFUSALS):
        if fault := composition_fault(error):
            return fault
        raise error
    if isinstance(error, ConfigError):
        return str(error)
    if removed := re.match(r"Error merging override (~\S+)", str(error)):
        return f"{removed[1]}: settings cannot be removed; set it to the value that you mean"
    if group := re.match(r"Could not override '([^']+)'. No match in the defaults list", str(error)):
        return f"{group[1]}: there is no such key; for an option of a group of your own write +{group[1]}=..."
    said = _said(error)
    key, _, reason = said.partition(": ")
    written = re.match(r"Error merging override ([^\n]*)|.*\n?.*append to your config use \+([^\n]*)", str(error))
    return f"{written[1] or written[2]}: {reason}" if written and "=" not in key and reason else said


def merge_equal_faults(faults: Iterable[tuple[str, str]]) -> list[str]:
    """A line for each different fault of (place, fault), however many places have it: `row A and 5 more: ...`."""
    places: dict[str, list[str]] = {}
    for place, fault in faults:
        places.setdefault(fault, []).append(place)
    return [
        f"{first}{f' and {len(others)} more' if others else ''}: {fault}".removeprefix(": ")
        for fault, (first, *others) in places.items()
    ]


def _said(error: Exception) -> str:
    for cause in _chain(error):
        if isinstance(cause, MissingConfigException):
            return _missing_option(cause)
        if isinstance(cause, KeyValidationError):
            return _key_of_another_type(cause)
        if isinstance(cause, (ConfigAttributeError, ConfigKeyError)):
            return unknown_key(cause)
        if isinstance(cause, ValidationError):
            return _wrong_value(cause)
        if isinstance(cause, ConfigTypeError) and (file := re.match("In '(.*?)'", str(error))):
            return f"{file[1]}.yaml: a list stands where settings like {{key: value}} are expected"
        if isinstance(cause, InterpolationResolutionError):
            return f"{cause.full_key}: {_first_line(cause)}"
        if isinstance(cause, OverrideParseException):
            return f"{cause.override}: not an override; write key=value, and quote brackets: 'model.hidden=[64,64]'"
        if isinstance(cause, yaml.MarkedYAMLError) and cause.problem_mark:
            mark = cause.problem_mark
            return f"{mark.name}, line {mark.line + 1}: not valid YAML: {cause.problem}"
    return _first_line(error)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, the outermost first: OmegaConf's inner errors have no key and no value yet."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _missing_option(error: MissingConfigException) -> str:
    group, _, name = (error.missing_cfg_file or "").rpartition("/")
    options = [str(option) for option in error.options or []]
    plugin = name.partition("_")[0]
    install = LAUNCHERS.get(plugin) if group == "hydra/launcher" else None
    if install and not any(option.startswith(plugin) for option in options):
        return f"{group}={name}: its plugin is not installed; {install}"
    for folder in re.findall(r"path=file://(.*)", str(error)):
        if (file := Path(folder, group, f"{name}.yml")).exists():
            return f"{group}={name}: options are files named .yaml; rename {file}"
    return f"{group}={name}: there is no such option; {nearest(name, options)}" if options else _first_line(error)


def _key_of_another_type(error: KeyValidationError) -> str:
    key = str(error.key)
    spelled = {"True": "yes, on or true", "False": "no, off or false", "None": "~ or null"}.get(key, key)
    where = (error.full_key or "").removesuffix(f".{key}")
    return f"{where}: the name {spelled} is read by YAML as {_yaml_type(error)}; put it in quotes"


def _yaml_type(error: KeyValidationError) -> str:
    kinds = {"bool": "true or false", "int": "a number", "float": "a number", "NoneType": "nothing"}
    return kinds.get(type(error.key).__name__, "something else")


def _wrong_value(error: ValidationError) -> str:
    message = _first_line(error)
    match = re.match(r"Value '(.*?)'(?: of type '\w+')? (?:could not be converted to|is not a valid) (\w+)", message)
    if match:
        kinds = {"Integer": "a whole number", "Float": "a number", "Boolean": "true or false", "bool": "true or false"}
        return f"{error.full_key}={match[1]}: expected {kinds.get(match[2], match[2])}"
    if "not a ListConfig" in message or "type hint 'typing.List" in message:
        return f"{error.full_key}: expected a list, like '{error.full_key}=[64,64]'"
    if re.search("not Optional|incompatible with type hint|^Cannot assign|^Invalid type assigned", message):
        return f"{error.full_key}: expected settings, like {{key: value}}; or {{}} for none"
    return f"{error.full_key}: {message}"


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
