"""The same sweep on Ray and by the local launcher, by turns: seconds from the command to its end, and their ratio.

python -m benchmarks.ray_and_local [--rows 40] [--times 3]

The rows are as large as those of quickstart. Both launchers train two rows at a time, each with one thread, so the
machine should have two cores and nothing else to do. Ray is started and ended within the command. Not a part of
`make bench`.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from statistics import median

import yaml

from benchmarks.command import cold

LAUNCHERS = {"local": ["workers=2"], "ray": ["hydra/launcher=ray"]}
SETTINGS = {"data": "mnist5k", "seeds": 3, "training.epochs": 10}
AT_MOST = 1.2  # wanted


def measure(launcher: str, rows: int) -> float:
    """Seconds of a sweep with that many rows, in an empty folder, with an empty home."""
    rates = [round(1e-4 * (1 + number), 4) for number in range(rows)]
    content = {"question": "Which rate?", "common": SETTINGS, "grid": {"optimizer.learning_rate": rates}}
    with tempfile.TemporaryDirectory() as place:
        conf = Path(place, "conf", "sweep")
        conf.mkdir(parents=True)
        (conf / "rates.yaml").write_text(yaml.safe_dump(content))
        seconds, _ = cold(["mnist_sweeps", "sweep=rates", "threads=1", *LAUNCHERS[launcher]], Path(place))
    return seconds


def main() -> None:
    """Prints a line of JSON for each sweep, then the ratio of the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    found: dict[str, list[float]] = {launcher: [] for launcher in LAUNCHERS}
    for turn in range(asked.times):
        for launcher in sorted(LAUNCHERS, reverse=turn % 2 == 1):  # who is first changes
            load = round(os.getloadavg()[0], 1)
            found[launcher].append(seconds := round(measure(launcher, asked.rows), 1))
            print(json.dumps({"launcher": launcher, "rows": asked.rows, "seconds": seconds, "load": load}), flush=True)
    medians = {launcher: median(seconds) for launcher, seconds in found.items()}
    ratio = round(medians["ray"] / medians["local"], 3)
    print(json.dumps({"medians": medians, "ray / local": ratio, "wanted": f"at most {AT_MOST}"}))


if __name__ == "__main__":
    main()
