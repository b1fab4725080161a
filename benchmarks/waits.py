"""What a person waits for: whole commands, to their table and to their end, against other ways and an earlier version.

python -m benchmarks.waits [--quick]
"""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from statistics import median

from benchmarks import part
from benchmarks.command import by_turns, wait
from benchmarks.contest import Sweep, hydra, ours
from benchmarks.part import ROOT, Found, Target, at_most

EARLIER = "beaa16e"  # the version that the quickstart is compared with
OURS, QUICKSTART = ["-m", "mnist_sweeps"], ["-m", "mnist_sweeps", "sweep=quickstart"]
ONE = [*OURS, "training.epochs=1"]
TIMES = 3  # each, by turns
IMPORTS = "importing Hydra, NumPy and SciPy"  # a part of what plans and reports
FOUR, HYDRA = "4 rows, full MNIST", "4 rows by Hydra, basic launcher"
FOUR_ROWS = [0, 4, 7, 8]  # of mlp_table: the baseline, the deepest, the widest, without batch norm
TINY = """question: none
common: {{data: mnist5k, data.train_size: 500, model.hidden: [16], training.epochs: 1, seeds: 1}}
grid: {{optimizer.learning_rate: [{rates}]}}
"""


def measure(quick: bool) -> Found:
    """Waits by name; those that are compared by turns, the first time (which compiles) not counted."""
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
        found = by_turns(pairs, times)
        found |= by_turns(
            {
                "quickstart": ([*QUICKSTART, "fresh=true", *size], home, {}),
                f"quickstart at {EARLIER}": ([*QUICKSTART, "fresh=true", *size], home, {"PYTHONPATH": f"{before}/src"}),
            },
            times,
        )
        found |= _four_rows(Path(name), times, 1000 if quick else None)
        tiny = [*OURS, "sweep=tiny", "workers=2"]
        found["tiny rows"] = [asdict(wait(tiny, home, {}))]
        cheap = {"--help": ["--help"], "list": ["list"], "status": ["status", "outputs/tiny"]}
        imports = {IMPORTS: (["-c", "import hydra, numpy, scipy.special"], home, {})}
        found |= by_turns({name: ([*OURS, *words], home, {}) for name, words in cheap.items()} | imports, times)
        wait([*QUICKSTART, *size], home, {})
        found |= by_turns({"finished sweep again": ([*QUICKSTART, *size], home, {})}, times)
    return {"waits": found, "rows": rows, "times": times}


def _four_rows(place: Path, times: int, images: int | None) -> Found:
    """Four rows, an epoch each on the full MNIST: by this project with and without compiled programs, and by Hydra."""
    sweep, empty = Sweep(FOUR_ROWS, 1, images=images), {"CUDA_VISIBLE_DEVICES": "-1"}
    kept, hydras = place / "kept", place / "hydra"
    words = ["-m", *ours(sweep, kept), "fresh=true"]
    hydras.mkdir()
    found = by_turns(
        {
            FOUR: (words, kept, empty),
            HYDRA: (["-m", *hydra(sweep)], hydras, {**empty, "KERAS_BACKEND": "tensorflow"}),
        },
        times,
    )
    found[f"{FOUR}, cold"] = []
    for turn in range(times):
        cold = place / f"cold-{turn}"
        found[f"{FOUR}, cold"].append(asdict(wait(["-m", *ours(sweep, cold)], cold, empty)))
    return found


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
        *(
            at_most(
                f"4 rows, full MNIST, {state}: against Hydra, basic launcher",
                wanted,
                ratio(name, HYDRA, "seconds"),
                "x",
            )
            for state, wanted, name in (("cold", 0.5, f"{FOUR}, cold"), ("programs kept", 0.33, FOUR))
        ),
        at_most("rows of one tiny epoch, 2 workers", 0.25, _median(found, "tiny rows", "table") / found["rows"], "s"),
        *(
            at_most(name, wanted, _median(found, name, "seconds"), "s", floor)
            for name, wanted, floor in (
                ("--help", 0.2, ""),
                ("list", 0.2, ""),
                ("status", 0.5, ""),
                ("finished sweep again", 1.0, f"{IMPORTS} takes {_median(found, IMPORTS, 'seconds'):.2f} s of it"),
            )
        ),
    ]


if __name__ == "__main__":
    part.run("waits", measure)
