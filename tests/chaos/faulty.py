"""The command `mnist-sweeps`, with faults: FAULTS='[{"at": "weights", "run": "a/seed-1", "do": "kill driver"}]'.

Workers import this file again: what is patched here is patched there. Where a fault stops the
driver, the worker then waits to be ended by it, so that nothing happens after the named point. Every run that is
begun becomes a line of the file FAULTS_LOG. The points: `claim` (the folder is held, and still empty), `epoch` (half
of its line is in history.csv), `weights` (all is written but run.json), `replacing` (run.json is a part that has not
got its name), `replaced` (it has, and nothing came after it).
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing import parent_process
from pathlib import Path
from types import SimpleNamespace

from mnist_sweeps import report
from mnist_sweeps.cli.main import cli
from mnist_sweeps.storage import atomic, claim_file, run_folder, run_lock, variant_folder
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.sweeps import dry_run

FAULTS = json.loads(os.environ.get("FAULTS", "[]"))
if "FAULTS_HOST" in os.environ:  # this process is one of another machine, which sees the folder by a network
    claim_file._owner_machine = lambda: {"host": os.environ["FAULTS_HOST"]}
    run_lock.is_network = atomic.is_network = lambda _: True


def wait() -> None:
    time.sleep(600)


def raises() -> None:
    raise ValueError("this network is haunted")


def to_driver(number: int) -> Callable[[], None]:
    def send() -> None:
        driver = parent_process()
        assert driver is not None and driver.pid is not None
        os.kill(driver.pid, number)
        wait()

    return send


def to_group(number: int) -> Callable[[], None]:
    def send() -> None:
        os.killpg(os.getpgrp(), number)
        wait()

    return send


ACTIONS: dict[str, Callable[[], None]] = {
    "raise": raises,
    "exit": lambda: os._exit(1),
    "hang": wait,
    "kill worker": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "kill driver": to_driver(signal.SIGKILL),
    "kill group": to_group(signal.SIGKILL),
    "interrupt driver": to_driver(signal.SIGINT),
    "interrupt group": to_group(signal.SIGINT),
    "terminate driver": to_driver(signal.SIGTERM),
}


def strikes(at: str, folder: Path) -> bool:
    """Whether a fault waits here; in workers only: the driver writes run.json for the dead."""
    here = __name__ == "__mp_main__"
    return here and any(fault["at"] == at and str(folder).endswith(fault["run"]) for fault in FAULTS)


def strike(at: str, folder: Path) -> None:
    if strikes(at, folder):
        Path("struck").touch()
        ACTIONS[next(fault["do"] for fault in FAULTS if fault["at"] == at and str(folder).endswith(fault["run"]))]()


real_begin, real_append, real_write, real_replace = (
    run_folder.begin,
    run_folder.append_epoch,
    atomic.write,
    Path.replace,
)


def begin(folder: Path, record: RunRecord) -> None:
    strike("claim", folder)
    with Path(os.environ["FAULTS_LOG"]).open("a") as log:
        log.write(f"{folder.parent.name}/{folder.name}\n")
    real_begin(folder, record)


def append_epoch(folder: Path, epoch: int, logs: Mapping[str, float]) -> None:
    if epoch == 2 and strikes("epoch", folder):
        with (folder / "history.csv").open("a") as history:
            history.write("2,0.1")
        strike("epoch", folder)
    real_append(folder, epoch, logs)


def write(path: Path, content: bytes | str) -> None:
    if path.name == "run.json":
        strike("weights", path.parent)
    real_write(path, content)


def replace(self: Path, target: Path) -> Path:
    if target.name == "run.json":
        strike("replacing", target.parent)
    new = real_replace(self, target)
    if target.name == "run.json":
        strike("replaced", target.parent)
    return new


run_folder.begin, run_folder.append_epoch, atomic.write = begin, append_epoch, write
Path.replace = replace  # type: ignore[method-assign, assignment]
if "FAULTS_REPORT" in os.environ and __name__ == "__main__":  # the driver hangs in it
    report.write_files = lambda _: (Path("reporting").touch(), wait())[1]
if "FAULTS_SLOW" in os.environ:  # seconds that each epoch takes longer
    run_folder.append_epoch = lambda *words: (time.sleep(float(os.environ["FAULTS_SLOW"])), append_epoch(*words))[1]

# The check and the pictures, 5 s of a command, have tests of their own.
dry_run.dry_run = lambda configs: [dry_run.Built(7850, 7840, 200, 100, "few digits") for _ in configs]


def draw_all(variant: Path, *_: object) -> None:
    """As fast as a picture can be."""
    (variant / variant_folder.LAST_PICTURE).parent.mkdir(exist_ok=True)
    (variant / variant_folder.LAST_PICTURE).touch()


sys.modules["mnist_sweeps.job.run_figures"] = SimpleNamespace(draw_default=draw_all)  # type: ignore[assignment]

if __name__ == "__main__":
    sys.exit(cli())
