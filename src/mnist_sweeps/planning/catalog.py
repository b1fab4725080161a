"""What there is to choose: every option of every group, every sweep; read from the files, without Hydra."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from mnist_sweeps.config.errors import ConfigError

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


def sweeps(folders: list[Path]) -> list[SweepEntry]:
    """Every sweep file, by name.

    Raises:
        ConfigError: a file is not valid YAML.
    """
    return [_sweep(path) for path in _files(folders, "sweep")]


def _files(folders: list[Path], group: str) -> Iterator[Path]:
    return iter(
        sorted((path for folder in folders for path in (folder / group).glob("*.yaml")), key=lambda path: path.stem)
    )


def _about(path: Path) -> str:
    comments = [line[1:].strip() for line in path.read_text().splitlines() if line.startswith("#")]
    return next((line for line in comments if not line.startswith("@package")), "")


def _sweep(path: Path) -> SweepEntry:
    written = path.read_text()
    try:
        content = yaml.safe_load(written) or {}
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    rows = len(content.get("variants") or {"": {}})
    if search := content.get("search"):
        rows = int(search.get("trials") or 0) + ("winner" in search)
    for values in (content.get("grid") or {}).values():
        rows *= len(values)
    time = re.search(r"2 cores: ([^\n,;(]+)", written)
    return SweepEntry(path.stem, str(content.get("question") or ""), rows, time[1].strip() if time else None)
