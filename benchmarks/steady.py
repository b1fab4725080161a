"""Seconds of an epoch in steady state, for the dense nets: everyone who can train them, in turn.

python -m benchmarks.steady [--quick]
"""

from __future__ import annotations

from dataclasses import asdict

from benchmarks import nets, part
from benchmarks.contenders import LABELS
from benchmarks.contenders.sgemm import FLOPS
from benchmarks.part import Found, Target, at_least, at_most
from benchmarks.race import SIDE_BY_SIDE, race

FITS = ["tuned_jax", "tuned_tensorflow", "notebook_fit"]
CONTENDERS = ["ours", SIDE_BY_SIDE, "handwritten_jax", *FITS, "kernels", "sgemm"]
ROUNDS = 5  # medians of them
AGAINST_FIT = (3.5, 20)  # times as fast as a notebook's `fit`: the net of the table, the small one
SHARE_OF_PEAK = 70  # per cent, of the table's net, with the gradient that nobody computes
SHARE_OF_WORK_DONE = 80  # per cent, without it


def measure(quick: bool) -> Found:
    """For each net its work, and each contender's lane."""
    found = []
    for net in nets.dense(quick):
        lanes = race(net, CONTENDERS, 2 if quick else ROUNDS)
        found.append({
            "name": net.name, "images": net.images, "flops": net.flops, "done": net.done,
            "peak": FLOPS / lanes.pop("sgemm").median,
            "lanes": {name: {**asdict(lane), "median": lane.median} for name, lane in lanes.items()},
        })  # fmt: skip
    return {"nets": found}


def section(found: Found) -> str:
    """A table for each net: seconds, rate, share of the peak, accuracy."""
    told = (
        "By turns, in processes of their own; each time a second epoch counts, since a system may take memory from a "
        "process that waits. Data, validation and network are the same for all. "
        "Work is 6 operations a multiply-accumulate and training image, 2 a validation image. "
        "The first share of the peak counts the input gradient of the first layer, as is usual, though nobody computes "
        "it; the second does not."
    )
    return "\n\n".join([told, *map(table, found["nets"])])


def table(net: Found) -> str:
    """One net's lanes, the fastest first."""
    lines = [
        f"**{net['name']}**, {net['images']:,} images: {net['flops'] / 1e9:.1f} GFLOP an epoch, validation included, "
        f"{net['done'] / 1e9:.1f} of them computed; sgemm peak in the same rounds: {net['peak'] / 1e9:.0f} GFLOP/s.",
        "",
        "| | s an epoch, median | of them all | first epoch | % of peak | of it, work done "
        "| a sweep of ours is | val. accuracy % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    ours = net["lanes"][SIDE_BY_SIDE]["median"]
    for name, lane in sorted(net["lanes"].items(), key=lambda pair: float(pair[1]["median"])):
        accuracy = f"{100 * lane['val_accuracy']:.2f}" if lane["val_accuracy"] else ""
        lines.append(
            f"| {LABELS[name]} | {lane['median']:.3f} | {min(lane['seconds']):.3f} to {max(lane['seconds']):.3f} "
            f"| {lane['first']:.1f} | {share(net, name):.0f} | {share(net, name, 'done'):.0f} "
            f"| {lane['median'] / ours:.2f} x | {accuracy} |"
        )
    return "\n".join(lines)


def share(net: Found, name: str, work: str = "flops") -> float:
    """Per cent of the sgemm peak that a contender reaches.

    Args:
        net: What was measured of a net.
        name: The contender.
        work: `flops`, as they are usually counted, or `done`, those that are computed.
    """
    return float(100 * net[work] / net["lanes"][name]["median"] / net["peak"])


def targets(found: Found) -> list[Target]:
    """Against a notebook's `fit`, the peak, and the loop written by hand."""
    wanted = []
    for net, times in zip(found["nets"], AGAINST_FIT, strict=True):
        lanes = {name: lane["median"] for name, lane in net["lanes"].items()}
        hand = f"the hand-written loop reaches {lanes['notebook_fit'] / lanes['handwritten_jax']:.1f} x"
        faster = lanes["notebook_fit"] / lanes[SIDE_BY_SIDE]
        wanted += [
            at_least(f"{net['name']}: against notebook `fit`", times, faster, "x", hand),
            at_most(
                f"{net['name']}: against the hand-written loop", 1.05, lanes["ours"] / lanes["handwritten_jax"], "x"
            ),
        ]
    net = found["nets"][0]
    what = f"{net['name']}: of the sgemm peak"
    shares = [
        at_least(f"{what}{counting}", least, share(net, SIDE_BY_SIDE, work), "%", _floor(net, work))
        for counting, least, work in (("", SHARE_OF_PEAK, "flops"), (", work done", SHARE_OF_WORK_DONE, "done"))
    ]
    return [*wanted, *shares]


def _floor(net: Found, work: str) -> str:
    return (
        f"the multiplications alone, one after another at these shapes, reach {share(net, 'kernels', work):.0f} %, "
        f"the hand-written loop {share(net, 'handwritten_jax', work):.0f} %"
    )


if __name__ == "__main__":
    part.run("steady", measure)
