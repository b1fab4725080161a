"""Jobs that do nothing, by each launcher: seconds from the command to its end.

python -m benchmarks.launchers [--jobs 2000] [LAUNCHER...]

Not a part of `make bench`, which has what a sweep takes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
from pathlib import Path

from benchmarks import part
from benchmarks.command import cold

LAUNCHERS = {
    "basic": [],
    "local": ["hydra.launcher.workers=2"],
    "joblib": ["hydra.launcher.n_jobs=2"],
    "ray": [],
    "slurm": ["hydra.launcher.cluster=local", "hydra.launcher.array_parallelism=2"],
}


def measure(launcher: str, jobs: int) -> dict[str, object]:
    """Seconds of all jobs, by the clock and of CPU time (without Ray's own processes), with the load before."""
    load, used = os.getloadavg()[0], _cpu_seconds()
    words = ["benchmarks.contenders.nothing", "-m", f"hydra/launcher={launcher}", *LAUNCHERS[launcher]]
    with tempfile.TemporaryDirectory() as place:
        paths = {"PYTHONPATH": os.pathsep.join([str(part.ROOT), str(part.ROOT / "src")])}
        seconds, _ = cold([*words, f"+number=range({jobs})"], Path(place), paths)
    cpu = round(_cpu_seconds() - used, 1)
    return {"launcher": launcher, "jobs": jobs, "seconds": round(seconds, 1), "cpu_seconds": cpu, "load": load}


def _cpu_seconds() -> float:
    """Of all processes that this one and its children have waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Prints a line of JSON for each launcher."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("launchers", nargs="*", default=list(LAUNCHERS), metavar="LAUNCHER")
    asked = parser.parse_args()
    for launcher in asked.launchers:
        print(json.dumps(measure(launcher, asked.jobs)), flush=True)


if __name__ == "__main__":
    main()
