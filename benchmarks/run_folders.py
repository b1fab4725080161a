"""Ten thousand run folders: what `status` and `report` take, in seconds and memory.

python -m benchmarks.run_folders [--variants 1000] [--seeds 10]

One run of softmax regression is trained; its folder is copied for each variant of a grid and each seed, under the names
and digests of a sweep. Each command is a process of its own. `make bench` leaves it out: it writes for minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path

COMMANDS = (("status",), ("report",))


def make(variants: int, seeds: int) -> Path:
    """The folder of a sweep whose runs have all ended, below the working directory."""
    from mnist_sweeps.planning import compose, planner
    from mnist_sweeps.runtime.device import Machine
    from mnist_sweeps.storage import run_digest, run_file, run_folder
    from mnist_sweeps.storage.sweep_file import write_sweep_file
    from mnist_sweeps.sweeps.record_plan import record_plan

    train = ["model=softmax", "size=smoke", "seeds=1", "training.epochs=10", "output_dir=one", "workers=1"]
    subprocess.run([sys.executable, "-m", "mnist_sweeps", *train], check=True, capture_output=True)
    (trained,) = Path("one").glob("*/*/seed-0")
    record = run_folder.read(trained)
    assert record is not None
    files = {path.name: path.read_bytes() for path in trained.iterdir() if path.suffix in (".npz", ".csv")}
    rates = ", ".join(f"{(1 + number) / 1e5:.5f}" for number in range(variants))
    Path("conf", "sweep").mkdir(parents=True)
    Path("conf", "sweep", "many.yaml").write_text(
        "question: Which rate?\ncommon: {model: softmax, training.epochs: 10, "
        f"seeds: {seeds}}}\ngrid: {{optimizer.learning_rate: [{rates}]}}\n"
    )
    with compose.session():
        plan = planner.plan(["sweep=many"])
    folder = Path("outputs", "many").resolve()
    folder.mkdir(parents=True)
    write_sweep_file(record_plan(plan, Machine("jax", "cpu", 1, "compiled")), folder)
    noise = random.Random(0)
    for variant in plan.rows:
        for run in variant.config.runs:
            place = run_folder.folder_of(folder / variant.folder, run)
            place.mkdir(parents=True)
            for name, content in files.items():
                (place / name).write_bytes(content)
            scores = {**record.scores, "test_accuracy": noise.gauss(0.9, 0.01), "val_accuracy": noise.gauss(0.9, 0.01)}
            copied = replace(
                record, seed=run.seed, digest=run_digest.digest(variant.config, run), sweep="many", scores=scores,
                variant=variant.name, config=asdict(variant.config),
            )  # fmt: skip
            (place / run_file.NAME).write_text(run_file.json_text(copied))
        for name in ("figures/curves.png", "figures/weights.png", "model.txt"):  # newer than the runs: not drawn again
            (folder / variant.folder / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(trained.parent / name, folder / variant.folder / name)
    return folder


def measure(words: list[str]) -> dict[str, float]:
    """Seconds of a command, by the clock and of its CPU time, its peak memory in MB, and the load before it."""
    load, began = os.getloadavg()[0], time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "mnist_sweeps", *words], stdout=subprocess.DEVNULL)
    _, code, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}")
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1e3,
        "load": load,
    }


def main() -> None:
    """Prints a line of JSON for each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variants", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        folder = make(asked.variants, asked.seeds)
        for command in COMMANDS:
            found = measure([*command, str(folder)])
            print(json.dumps({"command": command[0], "runs": asked.variants * asked.seeds, **found}), flush=True)


if __name__ == "__main__":
    main()
