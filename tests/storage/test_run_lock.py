"""One process trains a run."""

import subprocess
import sys
from pathlib import Path

import pytest

from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.run_lock import RunLocked, lock_run

HOLD = """
import sys
from pathlib import Path
from mnist_sweeps.storage.run_lock import lock_run
with lock_run(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_a_lock_keeps_another_process_out_until_it_dies(tmp_path: Path) -> None:
    folder = tmp_path / "seed-0"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        with pytest.raises(RunLocked, match="seed-0"), lock_run(folder):
            pytest.fail("locked twice")
        assert run_folder.run_state(folder) == "running, epoch 0"
        holder.kill()
        holder.wait()
    assert run_folder.run_state(folder) == "killed"
    with lock_run(folder):
        pass


def test_a_lock_holds_within_a_process_and_ends_with_its_block(tmp_path: Path) -> None:
    folder = tmp_path / "seed-0"
    with lock_run(folder), pytest.raises(RunLocked), lock_run(folder):
        pytest.fail("locked twice")
    with pytest.raises(ZeroDivisionError), lock_run(folder):
        raise ZeroDivisionError
    with lock_run(folder):
        pass
