"""The page of large sweeps: seconds, memory and size.

python -m benchmarks.pages [--quick]

The sweeps are synthetic: run folders as training leaves them, on the 1,000 test digits of mnist5k.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.synthetic_sweep import Sweep, full_row

from benchmarks import part
from benchmarks.part import Found, Target, at_most
from mnist_sweeps.data import mnist

SWEEPS = ((6, 3), (15, 5), (60, 5), (1000, 1))  # rows, seeds
REPORT = """
import json, resource, sys, time
from pathlib import Path
from mnist_sweeps.report import read
from mnist_sweeps.report.page.render import render
began = time.perf_counter()
page = render(read(Path(sys.argv[1])))
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
print(json.dumps({"seconds": seconds, "peak": peak, "size": len(page.encode()) / 1e6}))
"""


def measure(quick: bool) -> Found:
    """For each sweep, of a process that reads it and makes its page: seconds, MB at most, MB of the page."""
    found = []
    for rows, seeds in SWEEPS[:1] if quick else SWEEPS:
        with tempfile.TemporaryDirectory() as place:
            folder = synthetic(Path(place) / "sweep", rows, seeds)
            command = [sys.executable, "-c", REPORT, str(folder)]
            made = subprocess.run(command, check=True, capture_output=True, text=True)
        found.append({"rows": rows, "seeds": seeds, **json.loads(made.stdout)})
    return {"pages": found}


def synthetic(folder: Path, rows: int, seeds: int) -> Path:
    """A sweep whose rows are compared with the first, and differ in width and dropout as those of a grid."""
    labels = mnist.read("mnist5k")[1].labels
    sweep = Sweep(folder)
    sweep.plan |= {"sweep": folder.name, "baseline": "row 0", "order": "rank"}
    for number in range(rows):
        accuracy = 0.92 + 0.05 * (number % 37) / 37
        against = {"compared_with": "row 0", "changes": ["hidden"]} if number else {}
        full_row(
            sweep, f"row {number}", [accuracy + 0.002 * seed for seed in range(seeds)], labels,
            folder=f"row-{number}", hidden=[16 + number], **against,
        )  # fmt: skip
        sweep.variants[-1]["overrides"] = {"model.hidden": [16 + number % 40], "model.dropout": number % 5 / 10}
    return sweep.save()


def section(found: Found) -> str:
    """A line for each sweep."""
    lines = ["| sweep | s | MB of memory at most | MB of report.html |", "|---|---|---|---|"]
    for one in found["pages"]:
        sweep = f"{one['rows']:,} rows x {one['seeds']} seeds"
        lines.append(f"| {sweep} | {one['seconds']:.1f} | {one['peak']:.0f} | {one['size']:.1f} |")
    return "\n".join(lines)


def targets(found: Found) -> list[Target]:
    """Those of the page."""
    by_size = {(one["rows"], one["seeds"]): one for one in found["pages"]}
    wanted = [
        ((6, 3), "size", 2, "MB"), ((15, 5), "seconds", 5, "s"), ((60, 5), "size", 6, "MB"),
        ((1000, 1), "seconds", 30, "s"), ((1000, 1), "peak", 1000, "MB"), ((1000, 1), "size", 10, "MB"),
    ]  # fmt: skip
    return [
        at_most(f"page of {rows:,} rows x {seeds} seeds: {what}", most, by_size[rows, seeds][what], unit)
        for (rows, seeds), what, most, unit in wanted
        if (rows, seeds) in by_size
    ]


if __name__ == "__main__":
    part.run("pages", measure)
