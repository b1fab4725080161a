"""Curves and violins of one row as shapes of an SVG image, for the page without scripts and for print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import Any

WIDTH, HEIGHT = 300.0, 130.0  # of a panel with curves
VIOLIN_WIDTH, HALF_WIDTH = 120.0, 24.0  # of a panel with two violins, and half of a violin
MIDDLES = {"initial": 30.0, "trained": 90.0}
PARTS = {"train": "", "validation": "val_"}


def curves(bands: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A panel for accuracy and one for loss: `lines` with `points`, the band between the runs, and the axes' ends."""
    panels = []
    for name, factor in (("accuracy", 100.0), ("loss", 1.0)):
        parts = {part: bands[f"{prefix}{name}"] for part, prefix in PARTS.items() if f"{prefix}{name}" in bands}
        values = [factor * v for of in parts.values() for side in ("low", "high") for v in of[side] if v is not None]
        if not values:
            continue
        low, high = min(values), max(values)
        logarithmic = name == "loss" and 0 < 10 * low < high
        lines = [
            {"part": part, **_line(of, bands["epoch"], factor, low, high, logarithmic)} for part, of in parts.items()
        ]
        panels.append({
            "name": name,
            "unit": "%" if name == "accuracy" else "nats, log scale" if logarithmic else "nats",
            "low": f"{low:.3g}", "high": f"{high:.3g}",
            "first": bands["epoch"][0], "last": bands["epoch"][-1],
            "lines": lines,
        })  # fmt: skip
    return panels


def _line(
    of: Mapping[str, Sequence[float | None]],
    epochs: Sequence[int],
    factor: float,
    low: float,
    high: float,
    logarithmic: bool,
) -> dict[str, str]:
    def scaled(value: float) -> float:
        return log10(value) if logarithmic else value

    def point(epoch: int, value: float) -> str:
        x = (epoch - epochs[0]) / max(epochs[-1] - epochs[0], 1)
        y = (scaled(factor * value) - scaled(low)) / ((scaled(high) - scaled(low)) or 1.0)
        return f"{WIDTH * x:.1f},{HEIGHT * (1 - y):.1f}"

    def along(side: str) -> list[str]:
        return [point(epoch, value) for epoch, value in zip(epochs, of[side], strict=True) if value is not None]

    return {"points": " ".join(along("mean")), "band": " ".join([*along("low"), *reversed(along("high"))])}


def violins(layers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A panel for each layer: the outline of its initial and trained weights on one scale, or a line for a constant."""
    panels: list[dict[str, Any]] = []
    for layer in layers:
        stages = {stage: layer[stage] for stage in MIDDLES if layer[stage]}
        name = f"{layer['layer'].removesuffix('_batch_norm')} {layer['variable']}"
        if not stages:
            panels.append({"name": name, "violins": []})
            continue
        low, high = min(of["low"] for of in stages.values()), max(of["high"] for of in stages.values())
        pad = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
        drawn = [
            {
                "stage": stage,
                "sd": "not finite" if of["sd"] is None else f"{of['sd']:.3g}",
                **_violin(of, MIDDLES[stage], low - pad, high + pad),
            }
            for stage, of in stages.items()
        ]
        panels.append({
            "name": name,
            "low": f"{low:.3g}", "high": f"{high:.3g}", "violins": drawn,
        })  # fmt: skip
    return panels


def _violin(of: Mapping[str, Any], middle: float, low: float, high: float) -> dict[str, Any]:
    def y(value: float) -> float:
        return round(HEIGHT * (high - value) / (high - low), 1)

    heights = of["density"]
    if heights is None:
        return {"outline": "", "marks": [[middle - HALF_WIDTH, middle + HALF_WIDTH, y(of["low"])]]}
    step = (of["high"] - of["low"]) / (len(heights) - 1)
    points = [(HALF_WIDTH * height / 100, y(of["low"] + place * step)) for place, height in enumerate(heights)]
    right = [f"{middle + half:.1f},{place}" for half, place in points]
    left = [f"{middle - half:.1f},{place}" for half, place in reversed(points)]
    marks = []
    for quartile in of["quartiles"]:
        half = HALF_WIDTH * heights[round((quartile - of["low"]) / step)] / 100
        marks.append([round(middle - half, 1), round(middle + half, 1), y(quartile)])
    return {"outline": " ".join([*right, *left]), "marks": marks}
