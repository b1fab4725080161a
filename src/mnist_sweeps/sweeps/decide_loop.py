"""A sweep until decided, as plans with more and more seeds to train one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.planning.seeds import in_round
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.report.rounds import limits, results
from mnist_sweeps.report.wording import counted, listed
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.stats import Race, race
from mnist_sweeps.storage import run_digest, run_folder
from mnist_sweeps.storage.run_record import RunRecord


def rounds(first: SweepPlan, folder: Path) -> Iterator[SweepPlan]:
    """Plans, each to be trained before the next is requested; the last has every run of the sweep.

    What the next round trains depends on the runs in the folder alone, so that a command that resumes goes on as one
    that was never interrupted.

    Args:
        first: The plan of the first round.
        folder: The sweep's folder.
    """
    while True:
        before = decided(first, folder)
        if before.running and before.rounds:
            LOGGER.info(_next_round(first, before))
        yield in_round(first, _counts(first, before))
        after = decided(first, folder)
        if not after.running:
            return
        if after.rounds == before.rounds and after.seeds == before.seeds:
            LOGGER.info(f"round {after.rounds + 1} is not trained to its end: run the same command again to go on")
            return


def decided(plan: SweepPlan, folder: Path) -> Race:
    """What the runs in a folder decide, and the seeds that they ask for.

    Args:
        plan: A sweep until decided.
        folder: Its folder.
    """
    assert plan.until is not None
    original = {row.name: row.same_as or row.name for row in plan.rows}
    against = {row.name: original[row.compared_with] for row in plan.to_train if row.compared_with}
    seeds = plan.until.seeds(plan.until.at_most)
    ended = {
        row.name: results(_record(row.config, folder / row.folder, RunKey(seed)) for seed in seeds)
        for row in plan.to_train
    }
    return race(ended, against, plan.sweep.margin / 100, limits(plan.until))


def _record(config: Config, variant: Path, run: RunKey) -> RunRecord | None:
    """The record of a run; None where it is to be trained, or trained again because its files are damaged."""
    path = run_folder.folder_of(variant, run)
    record = run_folder.read(path)
    digest = run_digest.digest(config, run)
    if record is None or record.digest != digest or (record.completed and not run_folder.completed(path, digest)):
        return None
    return record


def _counts(plan: SweepPlan, state: Race) -> dict[str, int]:
    """Number of seeds by variant; of one that no comparison needs, those of the first round."""
    assert plan.until is not None
    return {row.name: state.seeds.get(row.name, plan.until.at_least) for row in plan.to_train}


def _next_round(plan: SweepPlan, state: Race) -> str:
    """`round 3: 8 seeds for small CNN and no dropout`."""
    most = max(state.seeds.values())
    names = [name for name, count in state.seeds.items() if count == most]
    return f"round {state.rounds + 1}: {counted(most, 'seed')} for {listed(names)}"
