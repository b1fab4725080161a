"""Workers that are forked from a process that has imported something already; see test_workers.py for the jobs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_sweeps.runtime import warm_workers

PRELOADED = "import os, tempfile; began = os.getpid(); tempfile.gettempdir()"
# Of each worker: the process that it was forked from, the one that imported, and whether its variables are its own.
SCRIPT = """
import json, os, signal, sys
from mnist_sweeps.runtime import warm_workers, workers

def job(what):
    import preloaded
    import tempfile
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return [os.getpid(), os.getppid(), preloaded.began, tempfile.gettempdir()]

if __name__ == "__main__":
    warm_workers.start("preloaded")
    warm_workers.start("preloaded")
    slots = [{"TMPDIR": folder} for folder in sys.argv[1:]]
    results = workers.run(job, ["a", "die", "b", "c"], slots, workers.Rules(recycle=1), lambda *_: None)
    print(json.dumps(results, default=str))
"""


@pytest.fixture
def unused() -> Iterator[None]:
    yield
    warm_workers.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned")
def test_workers_are_forked_from_one_process_and_a_death_costs_one_job(tmp_path: Path) -> None:
    (tmp_path / "preloaded.py").write_text(PRELOADED)
    (tmp_path / "script.py").write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "TMPDIR": "/tmp"}
    ended = subprocess.run(
        [sys.executable, "script.py", str(tmp_path)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    first, lost, second, third = json.loads(ended.stdout)
    assert lost == "its worker was killed by signal 9 (SIGKILL)"
    assert len({pid for pid, *_ in (first, second, third)}) == 3  # a new worker for each job
    for _, parent, imported_by, temporary in (first, second, third):
        assert parent == imported_by
        assert temporary == str(tmp_path)


def test_workers_are_spawned_unless_asked_otherwise(unused: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.forkserver.ensure_running", lambda: None)
    assert warm_workers.context().get_start_method() == "spawn"
    warm_workers.start("json")
    assert warm_workers.context().get_start_method() == ("forkserver" if sys.platform == "linux" else "spawn")
    warm_workers.stop()
    assert warm_workers.context().get_start_method() == "spawn"
