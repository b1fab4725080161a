"""results.md from what the parts kept: the machine, the targets, and a section for each part."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import part
from benchmarks.part import Target

PARTS = {
    "steady": "Dense nets in steady state",
    "cnn": "CNNs in steady state",
    "sweeps": "Whole sweeps",
    "grid": "The grid of widths",
    "overheads": "Overheads",
    "equality": "Equality of the engines",
    "memory": "Memory of a worker",
    "gpu": "On a GPU",
}


def render(kept: dict[str, dict[str, Any]]) -> str:
    """The page; `kept` holds each part's file by its name, or why there is none as `{"failed": ...}`."""
    blocks = ["# Benchmarks", *_machine(kept), "## Targets", _targets(kept)]
    for name, title in PARTS.items():
        one = kept.get(name, {"failed": "it has not been run"})
        if "failed" in one:
            blocks += [f"## {title}", f"Not measured: {one['failed']}"]
            continue
        how = f"{one['made']}, {one['seconds'] / 60:.1f} min, load before: {one['load']:.1f}"
        about = f"`python -m benchmarks.{name}`, {how}."
        blocks += [f"## {title}", about, import_module(f"benchmarks.{name}").section(one["found"])]
    return "\n\n".join(blocks) + "\n"


def _machine(kept: dict[str, dict[str, Any]]) -> list[str]:
    """The machines of all parts: one, unless parts were run at several places."""
    machines = {json.dumps(one["machine"]): one for one in kept.values() if "machine" in one}
    trial = any(one.get("quick") for one in kept.values())
    lines = ["`make bench` writes this page; every ratio is of numbers from one run of one part."]
    lines += ["**A quick trial: these numbers mean nothing.**"] if trial else []
    return [
        *lines,
        *("\n".join(f"- {key}: {value}" for key, value in one["machine"].items()) for one in machines.values()),
    ]


def _targets(kept: dict[str, dict[str, Any]]) -> str:
    """Met or missed, and what stands in the way."""
    lines = ["| | wanted | measured | | the floor |", "|---|---|---|---|---|"]
    for name in PARTS:
        if "found" in kept.get(name, {}):
            lines += map(_line, import_module(f"benchmarks.{name}").targets(kept[name]["found"]))
    return "\n".join(lines)


def _line(target: Target) -> str:
    return (
        f"| {target.what} | {target.wanted} | {target.got} | {'met' if target.met else '**missed**'} | {target.floor} |"
    )


def write(quick: bool) -> Path:
    """The page beside this file; that of a quick trial beside its parts."""
    kept = {path.stem: json.loads(path.read_text()) for path in part.folder(quick).glob("*.json")}
    page = (part.folder(quick) if quick else Path(__file__).parent) / "results.md"
    page.write_text(render(kept))
    return page
