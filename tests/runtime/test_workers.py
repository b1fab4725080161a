"""Jobs that need no network, so that a worker starts in half a second."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.acting_job import act

from mnist_sweeps.runtime import workers
from mnist_sweeps.runtime.workers import Lost, Rules


def run(*jobs: Any, slots: int = 1, **rules: Any) -> tuple[list[Any], list[tuple[int, str, str]]]:
    """The results, a Lost as its status; and what `on_lost` was told."""
    told: list[tuple[int, str, str]] = []
    environments = [{"SLOT": str(slot)} for slot in range(slots)]
    results = workers.run(
        act, jobs, environments, Rules(**rules), lambda index, lost: told.append((index, lost.status, str(lost)))
    )
    return [result.status if isinstance(result, Lost) else result for result in results], told


def test_results_come_in_order() -> None:
    results, told = run(("sleep", 0.3), ("sleep", 0.0), ("value", "c"), slots=2)
    assert results == [0.3, 0.0, "c"]
    assert told == []


def test_a_worker_serves_many_jobs_and_is_recycled() -> None:
    (first, second, third), _ = run(("pid", 0), ("pid", 0), ("pid", 0), recycle=2)
    assert first == second != third


def test_a_slot_has_its_environment() -> None:
    assert run(("environment", "SLOT"))[0] == ["0"]
    assert "SLOT" not in os.environ


def test_a_lost_job_costs_no_other() -> None:
    results, told = run(
        ("value", 1), ("signal", signal.SIGKILL), ("exit", 7), ("raise", ValueError("odd")), ("sleep", 60),
        ("value", 2),
        timeout=3,
    )  # fmt: skip
    assert results == [1, "killed", "killed", "failed", "timed_out", 2]
    assert told == [
        (1, "killed", "its worker was killed by signal 9 (SIGKILL)"),
        (2, "killed", "its worker ended with exit code 7"),
        (3, "failed", "ValueError: odd"),
        (4, "timed_out", "no result within 3 s"),
    ]


def test_a_job_is_requested_when_a_worker_is_free_and_the_result_of_its_last_one_is_known() -> None:
    events: list[Any] = []

    def jobs() -> Iterator[Any]:
        for value in "abc":
            events.append(value)
            yield ("value", value)

    def ended(index: int, result: Any) -> None:
        events.append((index, result))

    workers.run(act, jobs(), [{}], Rules(), lambda *_: None, ended)
    assert events == ["a", (0, "a"), "b", (1, "b"), "c", (2, "c")]


def test_an_error_of_the_next_job_stops_the_workers() -> None:
    def jobs() -> Iterator[Any]:
        yield ("value", 1)
        raise ValueError("there is none")

    with pytest.raises(ValueError, match="there is none"):
        workers.run(act, jobs(), [{}], Rules(), lambda *_: None)


def test_a_killed_job_is_tried_again(tmp_path: Path) -> None:
    assert run(("once", str(tmp_path / "again")), retries=1) == ([str(tmp_path / "again")], [])


def test_a_worker_killed_between_two_jobs_costs_none() -> None:
    def kill_it(_: int, lost: Lost) -> None:
        pytest.fail(str(lost))

    results = workers.run(die_later, [0.0, 0.5], [{}], Rules(), kill_it)
    assert results == [0.0, 0.5]


def die_later(seconds: float) -> float:
    """Its worker ends a moment after the first job."""
    if seconds == 0.0:
        import threading

        threading.Timer(0.05, os._exit, [3]).start()
    return seconds


SCRIPT = """
import signal, sys, time
from pathlib import Path
from mnist_sweeps.runtime import workers
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what it starts in the background

def job(seconds):
    Path(f"begun {seconds}").touch()
    time.sleep(seconds)

def tell(index, lost):
    sys.stdout.write(f"{index} {lost.status} {lost}\\n")  # one write: two threads tell at once
    sys.stdout.flush()

if __name__ == "__main__":
    try:
        workers.run(job, [60, 61, 62], [{}, {}], workers.Rules(), tell)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        time.sleep(float(sys.argv[1]))
        sys.exit(3)
"""


@pytest.mark.parametrize(
    ("signals", "code"),
    [
        pytest.param([signal.SIGINT], 3, id="Ctrl-C ends the workers"),
        pytest.param([signal.SIGINT, signal.SIGINT], 130, id="a second one all"),
    ],
)
def test_ctrl_c(tmp_path: Path, signals: list[signal.Signals], code: int) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, "script.py", "60" if len(signals) > 1 else "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True) as driver:
        assert driver.stdout is not None
        while len(list(tmp_path.glob("begun*"))) < 2:
            time.sleep(0.05)
        began = time.monotonic()
        os.killpg(driver.pid, signals[0])
        told = sorted(driver.stdout.readline() for _ in range(2))
        assert told == ["0 interrupted stopped by Ctrl-C\n", "1 interrupted stopped by Ctrl-C\n"]
        assert driver.stdout.readline() == "interrupted\n"
        for number in signals[1:]:
            os.killpg(driver.pid, number)
        assert driver.wait() == code
        assert time.monotonic() - began < 5
