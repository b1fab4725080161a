"""What an earlier command left in the sweep's folder: kept, refused, or moved aside."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, restore
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.runtime import provenance
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import atomic, run_digest, run_file, scratch, variant_folder
from mnist_sweeps.storage.run_record import RunRecord
from mnist_sweeps.storage.schema_version import NewerSchema
from mnist_sweeps.storage.sweep_file import read_sweep_file
from mnist_sweeps.storage.sweep_record import SweepRecord

ASIDE = ".aside"


def machine(folder: Path, plan: SweepPlan) -> Machine | None:
    """What the sweep in a folder runs on, if it was started with a variant of the plan; otherwise None.

    The rest of a sweep is trained on the same: backend and threads change the last bits of results.

    Args:
        folder: The sweep's folder.
        plan: What is to be trained now.
    """
    record = earlier(folder)
    if record is None or record.machine is None:
        return _machine_of_runs(plan, folder)
    shared = {variant.folder for variant in record.variants} & {row.folder for row in plan.rows}
    return record.machine if shared else None


def _machine_of_runs(plan: SweepPlan, folder: Path) -> Machine | None:
    """What the first completed run of the plan was trained on: sweep.yaml is lost, or does not say it."""
    for row in plan.to_train:
        for record in _records(row, folder):
            on = record.provenance
            if record.completed and all(on.get(key) for key in ("backend", "device", "threads", "engine")):
                return Machine(str(on["backend"]), str(on["device"]), int(on["threads"]), str(on["engine"]))
    return None


def earlier(folder: Path) -> SweepRecord | None:
    """What sweep.yaml in `folder` says of the sweep; None where it is missing or not readable.

    Raises:
        NewerSchema: A newer version of the package wrote it.
    """
    try:
        return read_sweep_file(folder)
    except NewerSchema:
        raise
    except (OSError, ValueError):
        return None


def kept(plan: SweepPlan, folder: Path) -> list[RunRecord]:
    """The records of completed runs that belong to the plan; they are not trained again.

    Args:
        plan: What is to be trained now.
        folder: The sweep's folder.

    Raises:
        ConfigError: A variant's folder holds runs of other settings, and the plan does not overwrite them.
    """
    records, faults = [], []
    for row in plan.to_train:
        if others := foreign(row, folder):
            faults.append(_refusal(row, others[0]))
        else:
            wanted = set(row.config.runs) - set(variant_folder.unfinished(row.config, folder / row.folder))
            records += [record for record in _records(row, folder) if record.key in wanted]
    if faults and not plan.overwrite:
        raise ConfigError("\n".join(faults))
    return records


def make_room(plan: SweepPlan, folder: Path) -> None:
    """Moves aside what the plan overwrites: variants' folders with runs of other settings, trials of another search.

    Args:
        plan: What is to be trained now.
        folder: The sweep's folder.
    """
    rows = {row.folder for row in plan.to_train}
    trials = [
        name for name in (plan.study.aside if plan.study else ()) if name not in rows and (folder / name).is_dir()
    ]
    others = [row.folder for row in plan.to_train if foreign(row, folder)] if plan.overwrite else []
    for name in [*trials, *others]:
        (folder / ASIDE).mkdir(exist_ok=True)
        (folder / name).rename(dated(folder / ASIDE / name))


def _records(row: PlannedVariant, folder: Path) -> list[RunRecord]:
    return [*variant_folder.read_all(folder / row.folder).values()]


def foreign(row: PlannedVariant, folder: Path) -> list[RunRecord]:
    """Records of runs in a variant's folder that have other settings than the variant.

    Args:
        row: The variant.
        folder: The sweep's folder.
    """
    return [record for record in _records(row, folder) if record.digest != run_digest.digest(row.config, record.key)]


def summary(records: list[RunRecord]) -> str:
    """`75 runs kept, made 2026-11-20 with code 1a2b3c`."""
    dates = sorted({record.made[:10] for record in records})
    codes = sorted({record.code for record in records})
    made = " to ".join(dict.fromkeys([dates[0], dates[-1]]))
    return f"{len(records)} runs kept, made {made} with code {', '.join(codes)}"


def tidy(folder: Path) -> None:
    """Removes the rests of killed processes from a sweep's folder: temporary files, and notes of runs that ended."""
    atomic.tidy(folder)
    scratch.remove_stale(folder)
    for note in (note for variant in folder.glob("*/") for note in variant_folder.begun_notes(variant)):
        if (note.parent / run_file.NAME).exists():
            note.unlink(missing_ok=True)


def dated(path: Path) -> Path:
    """`path` with the time in its name, and a number where a clock that was set back makes it the same again."""
    stem = f"{path.name},{provenance.now()[:19].replace(':', '-')}"
    names = (f"{stem}-{number}" if number > 1 else stem for number in count(1))
    return next(free for name in names if not (free := path.with_name(name)).exists())


def _refusal(row: PlannedVariant, record: RunRecord) -> str:
    difference = _difference(record.config, row.config)
    return (
        f"variant {row.name}: {row.folder} holds runs of other settings ({difference}); "
        "overwrite=true moves them aside, fresh=true trains in a new folder"
    )


def _difference(before: dict[str, Any], after: Config) -> str:
    if not before:
        return "of an older kind"
    old, new = run_digest.estimated(restore(before)), run_digest.estimated(after)
    differing = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return ", ".join(f"{key}: {old.get(key)} there, {new.get(key)} now" for key in differing) or "the data set itself"
