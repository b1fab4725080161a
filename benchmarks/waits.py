"""What a person waits for: whole commands, to their table and to their end, against other ways and an earlier version.

python -m benchmarks.waits [--quick]
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import part
from benchmarks.part import ROOT, Found, Target, at_most

EARLIER = "beaa16e"  # the version that the quickstart is compared with
OURS, QUICKSTART = ["-m", "mnist_sweeps"], ["-m", "mnist_sweeps", "sweep=quickstart"]
ONE = [*OURS, "training.epochs=1"]
TIMES = 3  # each, by turns
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: workers that outlive their command are counted, too
TINY = """question: none
common: {{data: mnist5k, data.train_size: 500, model.hidden: [16], training.epochs: 1, seeds: 1}}
grid: {{optimizer.learning_rate: [{rates}]}}
"""


@dataclass(frozen=True)
class Wait:
    """Seconds of a command: to its end, to its table (its end where it prints none), and of CPU, of all processes."""

    seconds: float
    table: float
    cpu: float


def measure(quick: bool) -> Found:
    """Waits by name; those that are compared by turns, the first time (which compiles) not counted."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    times = 1 if quick else TIMES
    rows = 4 if quick else 400
    with tempfile.TemporaryDirectory() as name:
        home, before = Path(name, "home"), Path(name, "before")
        rates = ", ".join(f"{(1 + row) / 10_000:.4f}" for row in range(rows))
        (home / "conf" / "sweep").mkdir(parents=True)
        (home / "conf" / "sweep" / "tiny.yaml").write_text(TINY.format(rates=rates))
        archived = subprocess.run(["git", "archive", EARLIER], cwd=ROOT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=BytesIO(archived)) as archive:
            archive.extractall(before, filter="data")
        script = [str(ROOT / "benchmarks" / "contenders" / "plain_keras.py")]
        size = ["size=smoke"] if quick else []
        pairs = {
            "one net": ([*ONE, "fresh=true", *size], home, {}),
            "plain Keras on JAX": (script, home, {"KERAS_BACKEND": "jax"}),
            "plain Keras on TensorFlow": (script, home, {"KERAS_BACKEND": "tensorflow"}),
        }
        found = _by_turns(pairs, times)
        found |= _by_turns(
            {
                "quickstart": ([*QUICKSTART, "fresh=true", *size], home, {}),
                f"quickstart at {EARLIER}": ([*QUICKSTART, "fresh=true", *size], home, {"PYTHONPATH": f"{before}/src"}),
            },
            times,
        )
        tiny = [*OURS, "sweep=tiny", "workers=2"]
        found["tiny rows"] = [asdict(_wait(tiny, home, {}))]
        cheap = {"--help": ["--help"], "list": ["list"], "status": ["status", "outputs/tiny"]}
        found |= _by_turns({name: ([*OURS, *words], home, {}) for name, words in cheap.items()}, times)
        _wait([*QUICKSTART, *size], home, {})
        found |= _by_turns({"finished sweep again": ([*QUICKSTART, *size], home, {})}, times)
    return {"waits": found, "rows": rows, "times": times}


def _by_turns(commands: Mapping[str, tuple[list[str], Path, dict[str, str]]], times: int) -> Found:
    for command in commands.values():
        _wait(*command)
    found: dict[str, list[Any]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            found[name].append(asdict(_wait(*command)))
    return found


def _wait(words: list[str], home: Path, environment: Mapping[str, str]) -> Wait:
    """One command.

    Raises:
        RuntimeError: It failed.
    """
    variables = {**os.environ, "HOME": str(home), "JAX_PLATFORMS": "cpu", **environment}
    used, began, table = _children(), time.perf_counter(), None
    process = subprocess.Popen(
        [sys.executable, *words], cwd=home, env=variables,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said = []
    for line in process.stdout or ():
        said.append(line)
        if table is None and line.startswith("+--"):
            table = time.perf_counter() - began
    code, seconds = process.wait(), time.perf_counter() - began
    while True:  # the process that workers are forked from ends after its command
        try:
            os.wait()
        except ChildProcessError:
            break
    if code:
        raise RuntimeError(f"{' '.join(words)} ended with {code}: {''.join(said)[-2000:]}")
    return Wait(seconds, table or seconds, _children() - used)


def _children() -> float:
    """CPU seconds of the child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _median(found: Found, name: str, key: str) -> float:
    return median(one[key] for one in found["waits"][name])


def section(found: Found) -> str:
    """A line for each command."""
    lines = [
        f"{found['rows']} rows are of hidden [16] and 500 images each, one epoch, with 2 workers, run once; the others "
        f"{found['times']} times by turns, programs compiled before. CPU seconds are of all processes of a command: on "
        "a busy machine they vary less than the seconds on the clock.",
        "",
        "| | s to the table | of them all | s to the end | CPU s |",
        "|---|---|---|---|---|",
    ]
    for name, waits in found["waits"].items():
        tables = [one["table"] for one in waits]
        label = f"{found['rows']} rows" if name == "tiny rows" else name
        cells = [f"{median(tables):.2f}", f"{min(tables):.2f} to {max(tables):.2f}"]
        cells += [f"{_median(found, name, key):.2f}" for key in ("seconds", "cpu")]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def targets(found: Found) -> list[Target]:
    """The targets of whole commands."""

    def ratio(name: str, other: str, key: str) -> float:
        return _median(found, name, key) / _median(found, other, key)

    plain = min(("plain Keras on JAX", "plain Keras on TensorFlow"), key=lambda name: _median(found, name, "table"))
    earlier = f"quickstart at {EARLIER}"
    cpu = f"in CPU time {ratio('quickstart', earlier, 'cpu'):.2f} x"
    return [
        at_most("one net, 1 epoch of mnist5k: against a plain script", 0.75, ratio("one net", plain, "table"), "x"),
        at_most(f"quickstart, to the table: against {EARLIER}", 0.5, ratio("quickstart", earlier, "table"), "x", cpu),
        at_most("rows of one tiny epoch, 2 workers", 0.25, _median(found, "tiny rows", "table") / found["rows"], "s"),
        *(
            at_most(name, wanted, _median(found, name, "seconds"), "s")
            for name, wanted in (("--help", 0.2), ("list", 0.2), ("status", 0.5), ("finished sweep again", 1.0))
        ),
    ]


if __name__ == "__main__":
    part.run("waits", measure)
