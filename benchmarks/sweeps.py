"""Whole sweeps, from the command to the report: rows of mlp_table by everyone who can sweep, at short lengths.

python -m benchmarks.sweeps [--quick]
"""

from __future__ import annotations

from benchmarks import part
from benchmarks.contest import BASIC, CONTENDERS, JOBLIB, OURS, Sweep, timed
from benchmarks.law import Law, Size, fitted
from benchmarks.part import Found, Target, at_least

ROWS = [0, 4, 7, 8]  # of 15: the baseline, the deepest, the widest, without batch norm
LENGTHS = (1, 5)  # epochs of each row: two give a and b; with 1 and 3 a second of noise was a fifth of b
LONGER = 8  # epochs, for this project: does a + b x epochs hold?
SEEDS = 5
EPOCHS = 12 * 20 + 3 * 50  # of the table, each row at its own length
TIMES = {BASIC: 3.0, JOBLIB: 2.5}  # as fast


def measure(quick: bool) -> Found:
    """Seconds of each sweep, each once: cold, in an empty folder, with an empty home."""
    rows, images, longer = (ROWS[:1], 1000, 5) if quick else (ROWS, None, LONGER)
    asked = [(name, Sweep(rows[:1], LENGTHS[0], images=images)) for name in CONTENDERS]
    asked += [(name, Sweep(rows, epochs, images=images)) for epochs in LENGTHS for name in CONTENDERS]
    asked += [(OURS, Sweep(rows, 1, SEEDS, images)), (OURS, Sweep(rows, longer, images=images))]
    return {"rows": len(rows), "measured": [timed(name, sweep) for name, sweep in asked]}


def law(found: Found, name: str) -> Law:
    """A contender's law, from all its sweeps but the longer one."""
    return fitted([(Size(*one["size"]), one["seconds"]) for one in found["measured"][:-1] if one["contender"] == name])


def whole(found: Found, name: str) -> float:
    """Seconds of the whole table x 5 seeds by a contender's law; others train each seed as a job of its own."""
    runs = 15 * SEEDS
    return law(found, name).seconds(Size(15 if name == OURS else runs, runs, SEEDS * EPOCHS))


def section(found: Found) -> str:
    """What was measured, each contender's law, and what it says of the whole table."""
    rows, check = found["rows"], found["measured"][-1]
    lines = [
        f"{rows} of the 15 rows of mlp_table on the full data, from the command to the report, cold.",
        "Nobody else's report holds more than a line a run. Seconds = a + b x epochs, epochs counted over all rows.",
        "",
        f"| | 1 row, 1 epoch | {rows} rows, {LENGTHS[0]} epoch | {rows} rows, {LENGTHS[1]} epochs "
        f"| a, {rows} rows | b | the table x {SEEDS} seeds, by the law | accuracy % after {LENGTHS[1]} epochs |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in CONTENDERS:
        first, *lengths = [one for one in found["measured"][:-2] if one["contender"] == name]
        fit = law(found, name)
        seconds = " | ".join(f"{one['seconds']:.1f} s" for one in (first, *lengths))
        lines.append(
            f"| {name} | {seconds} | {fit.seconds(Size(rows, rows, 0)):.1f} s | {fit.epoch:.2f} s "
            f"| {whole(found, name) / 60:.0f} min | {100 * lengths[-1]['accuracy']:.2f} |"
        )
    fit = law(found, OURS)
    lines += [
        "",
        f"This project in parts: {fit.start:.1f} s to start, {fit.job:.2f} s a row, {fit.run:.2f} s a run, "
        f"{fit.epoch:.2f} s an epoch. Check at a length that the fit has not seen, {check['size'][2]} epochs: "
        f"{check['seconds']:.1f} s measured, {fit.seconds(Size(*check['size'])):.1f} s by the law.",
    ]
    return "\n".join(lines)


def targets(found: Found) -> list[Target]:
    """The whole table, extrapolated, against Hydra's two launchers."""
    alone = law(found, OURS).epoch
    table = f"mlp_table x {SEEDS} seeds, by the laws"
    return [
        at_least(
            f"{table}: against {name}",
            times,
            whole(found, name) / whole(found, OURS),
            "x",
            f"an epoch alone: {law(found, name).epoch / alone:.1f} x",
        )
        for name, times in TIMES.items()
    ]


if __name__ == "__main__":
    part.run("sweeps", measure)
