"""IDX, the format of MNIST's own files: a magic number, the dimensions, the values (yann.lecun.com/exdb/mnist)."""

from __future__ import annotations

import gzip
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

GZIP = b"\x1f\x8b"  # first bytes
TYPES: dict[int, np.dtype[Any]] = {
    8: np.dtype(np.uint8),
    12: np.dtype(">i4"),
}  # by the third byte; QMNIST's labels are whole numbers of 4 bytes


def is_idx(start: bytes) -> bool:
    """Whether a file with these first bytes, decompressed, is an IDX file of a type that is read here."""
    return len(start) >= 3 and start[:2] == b"\0\0" and start[2] in TYPES


def idx_content(file: Path, largest: int) -> bytes | None:
    """The bytes of an IDX file, decompressed; None for any other file.

    Args:
        file: The file, gzip-compressed or not.
        largest: Bytes that are read at most: a small file may claim to be huge.
    """
    with file.open("rb") as opened:
        start = opened.read(3)
        if start[:2] != GZIP and not is_idx(start):
            return None
        opened.seek(0)
        content = _unpacked(opened, largest) if start[:2] == GZIP else opened.read(largest + 3)
    return content if is_idx(content[:3]) else None


def unpacked(content: bytes, largest: int) -> bytes:
    """The content of a file, decompressed where it is gzip-compressed.

    Args:
        content: As the file has it.
        largest: Bytes that are decompressed at most.
    """
    return _unpacked(BytesIO(content), largest) if content[:2] == GZIP else content


def _unpacked(opened: BinaryIO, largest: int) -> bytes:
    with gzip.GzipFile(fileobj=opened) as packed:
        return packed.read(largest + 1)


def idx_array(name: str, content: bytes) -> NDArray[Any]:
    """The array of an IDX file.

    Args:
        name: The file's, for messages.
        content: Its bytes, decompressed.

    Raises:
        ValueError: It is cut short, or has more values than it says.
    """
    dimensions = content[3] if len(content) > 3 else 0
    if not dimensions or len(content) < 4 + 4 * dimensions:
        raise ValueError(f"{name}: cut short")
    dtype = TYPES[content[2]]
    shape = np.frombuffer(content, ">u4", count=dimensions, offset=4)
    body = memoryview(content)[4 + 4 * dimensions :]
    if len(body) != shape.prod(dtype=np.uint64) * dtype.itemsize:
        raise ValueError(f"{name}: {len(body) // dtype.itemsize:,} values, expected {' x '.join(map(str, shape))}")
    values: NDArray[Any] = np.frombuffer(body, dtype)
    return values.reshape(shape)
