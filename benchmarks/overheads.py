"""What is not training: from the command to the first step, and the costs of a job and of a run.

python -m benchmarks.overheads [--quick]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import part, timeline
from benchmarks.part import Found, Target, at_most
from benchmarks.profiles import first_step, jobs

# One worker: side by side, jobs would share what they are timed by.
NET = ["data=mnist", "data.validation=test", "device=cpu", "backend=jax", "workers=1"]
ROWS, SEEDS = "model.hidden=[512,256],[512,128],[256,128],[256,256]", 3
TIMES = 3
IMPORT = "import os; os.environ['KERAS_BACKEND'] = 'jax'; import sys; sys.modules['tensorflow'] = None; import keras"


def measure(quick: bool) -> Found:
    """The first step of one variant, programs compiled before; and a sweep without and with compiled programs."""
    size = ["data.train_size=2000", "data.test_size=500"] if quick else []
    times = 1 if quick else TIMES
    imports = [seconds([sys.executable, "-c", IMPORT]) for _ in range(times)]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        several = [*NET, *size, "training.epochs=1", f"seeds={SEEDS}", ROWS]
        cold = jobs(timeline.record(several, folder, folder))
        cached = jobs(timeline.record([*several, "fresh=true"], folder, folder))
        one = [*NET, *size, "training.epochs=1", "fresh=true"]
        first = [first_step(timeline.record(one, folder, folder)) for _ in range(times)]
    return {
        "import": median(imports), "cold": cold, "cached": cached,
        "first": {key: median(step[key] for step in first) for key in first[0]},
    }  # fmt: skip


def seconds(command: list[str]) -> float:
    """Of a process, from its start to its end."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def section(found: Found) -> str:
    """Two profiles."""
    lines = ["| from the command to the first step, one variant, program compiled before | s |", "|---|---|"]
    lines += [f"| {key} | {value:.2f} |" for key, value in found["first"].items()]
    lines += [f"| for comparison: a process that imports Keras on JAX and ends | {found['import']:.2f} |", ""]
    lines += [
        f"| {SEEDS} runs a job, median of the jobs after the first | s, nothing compiled before | s, programs kept |"
    ]
    lines += ["|---|---|---|"]
    lines += [f"| {key} | {value:.3f} | {found['cached'][key]:.3f} |" for key, value in found["cold"].items()]
    return "\n".join(lines)


def targets(found: Found) -> list[Target]:
    """Of the issue: a job, a run, compiling, the first step."""
    cold, cached, first = found["cold"], found["cached"], found["first"]
    more = first["all, to the first step"] - first["building"] - found["import"]
    check = f"the check in a child process takes {first['the check: a child that builds on numpy']:.1f} s of it"
    return [
        at_most(
            "overhead of a job beyond training and compiling",
            1,
            cached["a job beyond its runs"],
            "s",
            largest(cached, "job: "),
        ),
        at_most("overhead of a run", 0.1, cached["a later run beyond training"], "s", largest(cached, "later run: ")),
        at_most("compiling a job, cold", 3, cold["compiling, all of it"], "s"),
        at_most("compiling a job, from the cache", 0.5, cached["compiling, all of it"], "s"),
        at_most("command to first step, more than importing the backend", 1.5, more, "s", check),
    ]


def largest(found: Found, kind: str) -> str:
    """The part of that kind that takes most."""
    name = max((key for key in found if key.startswith(kind)), key=lambda key: float(found[key]))
    return f"{name.removeprefix(kind)} takes {found[name]:.2f} s of it"


if __name__ == "__main__":
    part.run("overheads", measure)
