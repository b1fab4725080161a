"""sweep.yaml, read and written: with the run folders, all that a report needs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.yaml_loader import Loader
from mnist_sweeps.storage import atomic, schema_version
from mnist_sweeps.storage.run_file import UNREADABLE
from mnist_sweeps.storage.schema_version import NewerSchema
from mnist_sweeps.storage.sweep_content import SCHEMA_VERSION, content_of, parse
from mnist_sweeps.storage.sweep_record import SweepRecord

NAME = "sweep.yaml"
# Lines that say when and how the file was written, not what the sweep is.
NOT_COMPARED = ("made:", "command:", f"{schema_version.KEY}:")


class _WithoutAliases(yaml.SafeDumper):
    """Repeats a list instead of pointing to it: the same settings stand in several places."""

    def ignore_aliases(self, data: Any) -> bool:
        """Always."""
        return True


def read_sweep_file(folder: Path) -> SweepRecord:
    """The sweep of `folder`/sweep.yaml.

    Raises:
        FileNotFoundError: There is no sweep.yaml in `folder`.
        NewerSchema: A newer version of the package wrote the file.
        ValueError: The file does not describe a sweep.
    """
    path = folder / NAME
    if not path.is_file():
        raise FileNotFoundError(f"{folder} has no sweep.yaml: expected a sweep's folder, like outputs/NAME")
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
        schema_version.require_known(content, SCHEMA_VERSION, path)
        return parse(content, folder)
    except NewerSchema:
        raise
    except (yaml.YAMLError, ConfigError, *UNREADABLE) as error:
        raise ValueError(f"{path} is not the plan of a sweep: {type(error).__name__}: {_line(error)}") from error


def variant_name(folder: Path) -> str:
    """The name of the variant whose folder this is; the folder's name where sweep.yaml is missing.

    A worker reads the file once for all of its jobs: reading takes 0.5 ms a variant.

    Raises:
        ValueError: sweep.yaml does not describe a sweep.
    """
    try:
        version = (folder.parent / NAME).stat()
    except FileNotFoundError:
        return folder.name
    return _variant_names(folder.parent, version.st_ino, version.st_mtime_ns)[folder.name]


@lru_cache(maxsize=1)
def _variant_names(folder: Path, *_version: int) -> dict[str, str]:
    """The names of a sweep's variants by their folders."""
    return {variant.folder: variant.name for variant in read_sweep_file(folder).variants}


def write_sweep_file(record: SweepRecord, folder: Path) -> bool:
    """Writes `folder`/sweep.yaml.

    Args:
        record: The sweep.
        folder: The sweep's folder, made where it is missing.

    Returns:
        False where the folder has the same sweep.yaml already, whenever it was made; it is left as it is.

    Raises:
        ConfigError: A text of the sweep is not Unicode, so that nothing could read the file.
        OSError: As `atomic.write` does.
    """
    path = folder / NAME
    text = yaml.dump(content_of(record), Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True, width=1000)
    try:
        yaml.load(text, Loader=Loader)
    except yaml.YAMLError as error:
        raise ConfigError(f"sweep={record.sweep}: a name or text in it is not Unicode: {_line(error)}") from error
    if _holds(path, text):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write(path, text)
    return True


def _line(error: Exception) -> str:
    """The message of an error as one line."""
    return " ".join(str(error).split())


def _holds(path: Path, text: str) -> bool:
    """Whether the file is the plan of a sweep, and has the lines of `text` apart from `NOT_COMPARED`."""
    try:
        read_sweep_file(path.parent)
        return _compared_lines(path.read_text(encoding="utf-8")) == _compared_lines(text)
    except (OSError, ValueError):  # it is missing or damaged
        return False


def _compared_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith(NOT_COMPARED)]
