"""One part of the benchmarks: run, kept as a file, read back."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import machine
from mnist_sweeps.data import mnist

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "outputs" / "bench"

Found = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """A number that is wanted, and the one measured; `floor` says what stands in the way of a missed one."""

    what: str
    wanted: str
    got: str
    met: bool
    floor: str = ""


def at_least(what: str, wanted: float, got: float, unit: str, floor: str = "") -> Target:
    """A target for more."""
    return Target(what, f"at least {wanted:g} {unit}", f"{got:.3g} {unit}", got >= wanted, floor)


def at_most(what: str, wanted: float, got: float, unit: str, floor: str = "") -> Target:
    """A target for less."""
    return Target(what, f"at most {wanted:g} {unit}", f"{got:.2f} {unit}", got <= wanted, floor)


def folder(quick: bool) -> Path:
    """Where the parts keep what they found; quick trials apart from the real thing."""
    return FOLDER / "quick" if quick else FOLDER


def save(name: str, quick: bool, content: Found) -> None:
    """Keeps what a part found."""
    folder(quick).mkdir(parents=True, exist_ok=True)
    (folder(quick) / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


def run(name: str, measure: Callable[[bool], Found], cores: Sequence[int] = machine.CORES) -> None:
    """`python -m benchmarks.NAME [--quick]`: measures and keeps; `--quick` only shows that everything works.

    All that it starts sees the same `cores`, the same data, and this checkout.
    """
    parser = argparse.ArgumentParser(description=f"benchmarks: {name}")
    parser.add_argument("--quick", action="store_true", help="tiny lengths: shows that everything works")
    quick = parser.parse_args().quick
    os.sched_setaffinity(0, cores)
    os.environ["MNIST_SWEEPS_DATA"] = str(mnist.find(None).resolve())
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["MPLCONFIGDIR"] = str(FOLDER / "matplotlib")  # its list of fonts takes seconds to make in an empty home
    import_module("matplotlib.font_manager")
    made, load, began = time.strftime("%Y-%m-%d %H:%M"), os.getloadavg()[0], time.perf_counter()
    found = measure(quick)
    seconds = round(time.perf_counter() - began, 1)
    about = {"made": made, "quick": quick, "seconds": seconds, "load": load, "machine": machine.describe(len(cores))}
    save(name, quick, {**about, "found": found})
    print(f"{name}: {seconds:.0f} s", flush=True)
