"""Seconds of an epoch in steady state, for the six nets of cnn_depth; the large ones on fewer images.

python -m benchmarks.cnn [--quick]
"""

from __future__ import annotations

from dataclasses import asdict
from math import prod

from benchmarks import nets, part, steady
from benchmarks.contenders.sgemm import FLOPS
from benchmarks.part import Found, Target, at_least
from benchmarks.race import SIDE_BY_SIDE, race

CONTENDERS = ["ours", SIDE_BY_SIDE, "notebook_fit", "kernels", "sgemm"]
ROUNDS = 5
SECONDS, BATCHES = 1.5, 3  # an epoch takes about so long, but has so many batches at least (of 94)
AGAINST_FIT, SHARE_OF_PEAK = 1.2, 65


def measure(quick: bool) -> Found:
    """For each net its work, and each contender's lane."""
    found = []
    for net in nets.convolutional(0.1 if quick else SECONDS, 2 if quick else BATCHES)[:: 3 if quick else 1]:
        lanes = race(net, CONTENDERS, 2 if quick else ROUNDS)
        found.append({
            "name": net.name, "images": net.config.data.train_size, "flops": net.flops,
            "peak": FLOPS / lanes.pop("sgemm").median,
            "lanes": {name: {**asdict(lane), "median": lane.median} for name, lane in lanes.items()},
        })  # fmt: skip
    return {"nets": found}


def section(found: Found) -> str:
    """A table for each net."""
    told = (
        f"Each net trains on as many images as take about {SECONDS:g} s, 12,000 at most, {BATCHES} batches at least. "
        "After so few steps the moving averages and weights are far from trained; accuracy only shows equal work."
    )
    return "\n\n".join([told, *map(steady.table, found["nets"])])


def targets(found: Found) -> list[Target]:
    """Geometric means over the nets: each net counts the same."""
    count = len(found["nets"])
    medians = [{name: lane["median"] for name, lane in net["lanes"].items()} for net in found["nets"]]
    faster = prod(lanes["notebook_fit"] / lanes[SIDE_BY_SIDE] for lanes in medians) ** (1 / count)
    shares = {
        name: prod(steady.share(net, name) for net in found["nets"]) ** (1 / count)
        for name in (SIDE_BY_SIDE, "kernels")
    }
    floor = f"TensorFlow's convolutions alone reach {shares['kernels']:.0f} %"
    return [
        at_least("CNNs: against notebook `fit`, geometric mean", AGAINST_FIT, faster, "x", floor),
        at_least("CNNs: of the sgemm peak, geometric mean", SHARE_OF_PEAK, shares[SIDE_BY_SIDE], "%", floor),
    ]


if __name__ == "__main__":
    part.run("cnn", measure)
