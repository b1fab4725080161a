"""Memory of a worker that trains one small network after another, with and without recycling.

python -m benchmarks.memory [--quick]

Each job builds and trains a network of its own width on 1,000 digits for one epoch, as the rows of a sweep do.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import part
from benchmarks.part import Found, Target
from mnist_sweeps.config.schema import Config, Data, Model, Training
from mnist_sweeps.runtime import keras_backend, workers
from mnist_sweeps.runtime.device import Machine

MACHINES = [Machine("tensorflow", "cpu", 1, "fit"), Machine("jax", "cpu", 1, "compiled")]
JOBS = 5


def job(asked: tuple[Machine, int, str]) -> float:
    """Megabytes of the worker's resident memory after the job."""
    machine, width, folder = asked
    from mnist_sweeps.runtime import stderr_log

    with stderr_log.captured(Path(folder, "log.txt")):
        keras_backend.configure_process(machine)
        from mnist_sweeps.job.job import run_job
        from mnist_sweeps.job.run import VariantFolder

        data = Data(train_size=1000, test_size=200)
        config = Config(model=Model(hidden=[width]), data=data, training=Training(epochs=1), keep_models="none")
        run_job(config, VariantFolder("memory", str(width), Path(folder, str(width))), machine)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def measure(quick: bool) -> Found:
    """For each engine, with one worker for all jobs and with a new one for each: MB after each job."""
    jobs, found = 3 if quick else JOBS, []
    for machine in MACHINES:
        for recycle in (jobs, 1):
            with tempfile.TemporaryDirectory() as folder:
                asked = [(machine, 16 + number, folder) for number in range(jobs)]
                sizes = workers.run(job, asked, [{}], workers.Rules(recycle=recycle), lambda *_: None)
            kept = "one for all jobs" if recycle == jobs else "a new one for each job"
            found.append({"engine": f"{machine.backend}, {machine.engine}", "worker": kept, "sizes": sizes})
    return {"workers": found}


def section(found: Found) -> str:
    """A line for each engine, with and without recycling."""
    lines = [
        "Small networks of different widths, each trained for one epoch on 1,000 digits, its pictures drawn.",
        "",
        "| engine | worker | MB of resident memory after each job | a job after the second adds |",
        "|---|---|---|---|",
    ]
    for one in found["workers"]:
        sizes = one["sizes"]
        added = (sizes[-1] - sizes[1]) / (len(sizes) - 2)
        shown = " ".join(f"{size:.0f}" for size in sizes)
        lines.append(f"| {one['engine']} | {one['worker']} | {shown} | {added:+.0f} MB |")
    return "\n".join(lines)


def targets(found: Found) -> list[Target]:
    """None: the numbers say after how many jobs a worker should be replaced."""
    return []


if __name__ == "__main__":
    part.run("memory", measure)
