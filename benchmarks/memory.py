"""Memory of a worker that trains one small network after another, with and without recycling.

    python benchmarks/memory.py [jobs]

Each job builds and trains a network of its own width on 1,000 digits for one epoch, as the rows of a sweep do. Printed
are the megabytes of resident memory after each job, and what a job adds. Nothing here is asserted.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from mnist_sweeps import workers
from mnist_sweeps.config import Config, Data, Model, Training
from mnist_sweeps.device import Machine

MACHINES = [Machine("tensorflow", "cpu", 1, "fit"), Machine("jax", "cpu", 1, "compiled")]


def job(asked: tuple[Machine, int, str]) -> float:
    """Megabytes of the worker's resident memory after the job."""
    machine, width, folder = asked
    from mnist_sweeps import device, log

    with log.captured(Path(folder, "log.txt")):
        device.enter(machine)
        from mnist_sweeps.attempt import Variant
        from mnist_sweeps.job import run_job

        data = Data(train_size=1000, test_size=200)
        config = Config(model=Model(hidden=[width]), data=data, training=Training(epochs=1), keep_models="none")
        run_job(config, Variant("memory", str(width), Path(folder, str(width))), machine)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main(jobs: int) -> None:
    """Prints a line for each backend, with and without recycling."""
    for machine in MACHINES:
        for recycle in (jobs, 1):
            with tempfile.TemporaryDirectory() as folder:
                asked = [(machine, 16 + number, folder) for number in range(jobs)]
                found = workers.run(job, asked, [{}], workers.Rules(recycle=recycle), lambda *_: None)
            kept = "one worker for all jobs" if recycle == jobs else "a new worker for each job"
            print(f"{machine}, {kept}: {' '.join(f'{size:.0f}' for size in found)} MB", end="")
            print(f"; {(found[-1] - found[1]) / (jobs - 2):+.1f} MB a job after the second")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
