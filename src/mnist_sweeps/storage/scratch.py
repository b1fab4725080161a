"""A folder for temporary files of workers, inside the sweep's own: TensorFlow's are left behind by killed processes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mnist_sweeps.storage.run_lock import RunLocked, lock_run

PREFIX = ".tmp-"


@contextmanager
def scratch_folder(sweep: Path) -> Iterator[Path]:
    """An absolute path below the sweep's folder, removed with its content at the end of the `with` block."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=sweep)).resolve()
    try:
        with lock_run(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # a worker that is being killed may still write


def remove_stale(sweep: Path) -> None:
    """Removes the folders that killed commands left; those of living ones are locked."""
    for folder in sweep.glob(f"{PREFIX}*"):
        with suppress(RunLocked), lock_run(folder, patience=0):
            shutil.rmtree(folder, ignore_errors=True)
