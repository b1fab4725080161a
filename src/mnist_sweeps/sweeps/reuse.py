"""Runs that another folder of the same sweep has already: copied into a new one instead of trained again."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps.planning.sweep_plan import SweepPlan
from mnist_sweeps.storage import run_digest, run_folder, sweep_file


def reuse(plan: SweepPlan, folder: Path) -> str | None:
    """Copies what `sweep=NAME seeds=5` has in common with `sweep=NAME`, of which runs are there.

    All runs come from one folder, so that they are of one machine; the missing ones are then trained on the same.

    Args:
        plan: What is to be trained now.
        folder: The sweep's folder; nothing is copied where a sweep was begun already.

    Returns:
        What was copied, in words; None if nothing was.
    """
    if plan.fresh or plan.study is not None or (folder / sweep_file.NAME).exists():
        return None
    found = {other: _runs_of(plan, other) for other in _same_sweep(folder)}
    source, runs = max(found.items(), key=lambda item: len(item[1]), default=(None, []))
    if source is None or not runs:
        return None
    for path in runs:
        run_folder.copy(source / path, folder / path)
    return f"{len(runs)} runs copied from {source}"


def _same_sweep(folder: Path) -> list[Path]:
    """The folders next to it that begin with the same sweep's name: `NAME`, `NAME,seeds=2`."""
    name = folder.name.partition(",")[0]
    if not folder.parent.is_dir():
        return []
    return [
        path for path in sorted(folder.parent.iterdir())
        if path != folder and path.name.partition(",")[0] == name and (path / sweep_file.NAME).is_file()
    ]  # fmt: skip


def _runs_of(plan: SweepPlan, other: Path) -> list[Path]:
    """The run folders below `other` that hold, completed and undamaged, a run of the plan."""
    runs = [
        (run_folder.folder_of(Path(row.folder), run), run_digest.digest(row.config, run))
        for row in plan.to_train
        for run in row.config.runs
    ]
    return [path for path, digest in runs if run_folder.completed(other / path, digest)]
