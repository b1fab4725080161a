"""What there is to choose: every option of every group, every sweep; read from the files, without Hydra."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.yaml_loader import Loader

GROUPS = ("model", "optimizer", "initializer", "preprocessing", "data", "training", "size")


@dataclass(frozen=True)
class Option:
    """One file of a group, with its own first line of comment."""

    name: str
    about: str


@dataclass(frozen=True)
class SweepEntry:
    """One sweep, by its question; `minutes` on 2 cores as its head says, None where it does not."""

    name: str
    question: str
    rows: int
    minutes: str | None


def options(folders: list[Path], group: str) -> list[Option]:
    """The options of a group, by name."""
    return [Option(path.stem, _about(path)) for path in _files(folders, group)]


def own_groups(folders: list[Path]) -> list[str]:
    """The groups that are no group of this package, such as `experiment`."""
    found = {path.parent.name for folder in folders for path in folder.glob("*/*.yaml")}
    return sorted(found - {*GROUPS, "sweep"})


def sweep_names(folders: list[Path]) -> list[str]:
    """The name of every sweep file, readable or not."""
    return [path.stem for path in _files(folders, "sweep")]


def sweeps(folders: list[Path]) -> list[SweepEntry]:
    """Every sweep file, by name.

    Raises:
        ConfigError: A line for each file that is not valid YAML in UTF-8, or no sweep.
    """
    entries, faults = readable_sweeps(folders)
    if faults:
        raise ConfigError("\n".join(faults))
    return entries


def readable_sweeps(folders: list[Path]) -> tuple[list[SweepEntry], list[str]]:
    """Every sweep file that can be read, by name, and a line for each that cannot: no UTF-8, no YAML, no sweep."""
    entries, faults = [], []
    for path in _files(folders, "sweep"):
        try:
            entries.append(_sweep(path))
        except ConfigError as error:
            faults.append(str(error))
    return entries, faults


def _files(folders: list[Path], group: str) -> Iterator[Path]:
    return iter(
        sorted((path for folder in folders for path in (folder / group).glob("*.yaml")), key=lambda path: path.stem)
    )


def _about(path: Path) -> str:
    comments = [line[1:].strip() for line in _text(path).splitlines() if line.startswith("#")]
    return next((line for line in comments if not line.startswith("@package")), "")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        reason = f"{error.reason} at byte {error.start}"
        raise ConfigError(f"{path}: not UTF-8 ({reason}); save it in UTF-8") from error


def _sweep(path: Path) -> SweepEntry:
    written = _text(path)
    try:
        content = yaml.load(written, Loader) or {}
        return _entry(path.stem, content, written)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    except (AttributeError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ConfigError(f"{path}: not a sweep; `mnist-sweeps check sweep={path.stem}` says why") from error


def _entry(name: str, content: dict[str, Any], written: str) -> SweepEntry:
    rows = len(content.get("variants") or {"": {}})
    if search := content.get("search"):
        rows = int(search.get("trials") or 0) + ("winner" in search)
    rows *= max(map(len, (content.get("zip") or {}).values()), default=1)
    for values in (content.get("grid") or {}).values():
        rows *= len(values)
    time = re.search(r"2 cores: ([^\n,;(]+)", written)
    return SweepEntry(name, str(content.get("question") or ""), rows, time[1].strip() if time else None)
