"""The version of a file's format, and the refusal of files that a newer version of the package wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mnist_sweeps.config.errors import ConfigError

KEY = "schema_version"


class NewerSchema(ConfigError, ValueError):
    """A file of a newer version of the package, which may mean what this version does not know."""


def require_known(content: Mapping[str, Any], latest: int, path: Path) -> None:
    """Refuses a file whose format is newer than `latest`; a file without a version is of version 1.

    Args:
        content: What the file holds.
        latest: The newest version of the format that this package reads.
        path: The file, for the message.

    Raises:
        NewerSchema: The file is newer.
        ValueError: The version is not a whole number.
    """
    version = int(content.get(KEY, 1))
    if version > latest:
        raise NewerSchema(
            f"{path}: {KEY}={version}: written by a newer version of mnist-sweeps; this one reads {latest} at most"
        )
