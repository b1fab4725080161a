"""Runs that go on from the states which another folder of the sweep has kept: none is trained unless all have one."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.storage import earlier_run, variant_folder

WAY_OUT = "train them with keep_state=true first, or the whole sweep without continue_from"


def require_states(plan: SweepPlan, folder: Path) -> None:
    """Refuses a plan with runs that cannot go on; nothing to do where it does not ask for it.

    Args:
        plan: What is to be trained now.
        folder: The sweep's folder, whose completed runs need no state.

    Raises:
        ConfigError: A line for each variant that lacks states.
    """
    source = plan.rows[0].config.continue_from
    if source is None:
        return
    if plan.study or plan.until:
        kind = "a search" if plan.study else "seeds until decided"
        raise ConfigError(f"continue_from={source}: {kind}: what it trains depends on the results of shorter runs")
    faults = []
    for row in plan.to_train:
        missing = [
            str(run)
            for run in variant_folder.unfinished(row.config, folder / row.folder)
            if earlier_run.find(Path(source), row.folder, row.config, run) is None
        ]
        if missing:
            what = f"with these settings, fewer than {row.config.training.epochs} epochs and a state"
            faults.append(f"continue_from={source}: {row.name}: no run of {', '.join(missing)} {what}; {WAY_OUT}")
    if faults:
        raise ConfigError("\n".join(faults))
