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
    "pages": "The page",
    "growth": "Growth with the number of rows",
    "waits": "Whole commands",
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
    """The machines, with the parts that each was for where there are several."""
    machines: dict[str, list[str]] = {}
    for name in PARTS:
        if "machine" in kept.get(name, {}):
            machines.setdefault(json.dumps(kept[name]["machine"]), []).append(name)
    trial = any(one.get("quick") for one in kept.values())
    blocks = ["`make bench` writes this page; every ratio is of numbers from one run of one part."]
    blocks += ["**A quick trial: these numbers mean nothing.**"] if trial else []
    for described, parts in machines.items():
        blocks += [f"The parts {', '.join(parts)} ran on:"] if len(machines) > 1 else []
        blocks += ["\n".join(f"- {key}: {value}" for key, value in json.loads(described).items())]
    return blocks


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
