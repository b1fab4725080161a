import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_sweeps.runtime import early_workers

# Of each job: its worker, how often that imported, and a variable of its slot.
SCRIPT = """
import json, os, sys
from mnist_sweeps.runtime import early_workers, workers

def preload():
    os.environ["IMPORTED"] = str(os.getpid())

def job(what):
    return [os.getpid(), os.environ["IMPORTED"], os.environ["SLOT"]]

if __name__ == "__main__":
    early_workers.start(3, 2, preload)
    slots = [{"SLOT": "first"}]
    print(json.dumps(workers.run(job, range(3), slots, workers.Rules(recycle=2), lambda *_: None)))
    early_workers.stop()
    assert early_workers.take() is None
"""


def test_jobs_are_done_by_the_workers_that_were_started_and_by_their_successors(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, "script.py"]
    ended = subprocess.run(command, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=True)
    first, second, third = json.loads(ended.stdout)
    assert first == second
    assert third[0] != first[0]  # after two jobs
    for worker, imported_by, slot in (first, third):
        assert (str(worker), slot) == (imported_by, "first")


@pytest.fixture
def ended() -> Iterator[None]:
    yield
    early_workers.stop()


def test_without_early_workers_there_is_none_to_take(ended: None) -> None:
    assert early_workers.take() is None
