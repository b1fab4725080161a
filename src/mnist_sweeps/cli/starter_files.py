"""Files to start from: a sweep, a CI workflow, a pre-commit hook; from templates/, never written over others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import version
from os.path import lexists
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import conf_paths
from mnist_sweeps.storage import atomic

TEMPLATES = Path(__file__).parent / "templates"


def sweep(name: str) -> dict[Path, str]:
    """The file of a new sweep, relative to the working directory, with its text.

    Raises:
        ConfigError: `sweep=NAME` could not choose it, or would choose another.
    """
    _check_name(name)
    return {Path("conf", "sweep", f"{name}.yaml"): _template("starter_sweep.yaml").replace("NAME", name)}


def repository(name: str) -> dict[Path, str]:
    """The files of a repository with one sweep, relative to the working directory, each with its text."""
    workflow = _template("sweeps.yml").replace("VERSION", version("mnist-sweeps"))
    return {
        **sweep(name),
        Path(".github", "workflows", "sweeps.yml"): workflow,
        Path(".pre-commit-config.yaml"): _template("pre-commit-config.yaml"),
    }


def write(files: dict[Path, str]) -> None:
    """Writes all files, or none where one of them is there already.

    Args:
        files: Paths, each with its text; folders are made.

    Raises:
        ConfigError: A line for each path where something is.
    """
    if in_the_way := _in_the_way(files):
        raise ConfigError(
            "\n".join(f"{path}: is in the way, nothing was written; move it aside" for path in in_the_way)
        )
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, text)


def _in_the_way(files: Iterable[Path]) -> list[Path]:
    """What lies where a file is to be written, or is no folder where one is needed."""
    there = [path for path in files if lexists(path)]
    parents = {parent for path in files for parent in path.parents}
    return there + sorted(parent for parent in parents if lexists(parent) and not parent.is_dir())


def _check_name(name: str) -> None:
    if not re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", name):
        raise ConfigError(f"{name}: is no name of a sweep; a letter, then letters, digits, _ and -")
    if not isinstance(OverridesParser.create().parse_override(f"sweep={name}").value(), str):
        raise ConfigError(f"{name}: sweep={name} is no text for Hydra; choose another name")
    if name == "run":
        raise ConfigError("run: outputs/run has the single trainings; choose another name")
    if (conf_paths.shipped() / "sweep" / f"{name}.yaml").exists():
        raise ConfigError(
            f"{name}: a shipped sweep has that name; choose another, or run it: mnist-sweeps sweep={name}"
        )


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
