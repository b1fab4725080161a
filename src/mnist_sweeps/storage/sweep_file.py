"""sweep.yaml: with the run folders, all that a report needs; `report.plan` reads it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from mnist_sweeps.config import claim_spec
from mnist_sweeps.config.schema import seed_list
from mnist_sweeps.planning.planner import SweepPlan
from mnist_sweeps.runtime import provenance
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import atomic


class _Plain(yaml.SafeDumper):
    """Writes a list again instead of pointing to it: settings stand in several places."""

    def ignore_aliases(self, data: Any) -> bool:
        """Always."""
        return True


def write(plan: SweepPlan, folder: Path, machine: Machine) -> bool:
    """Writes the sweep.yaml of a plan; False where the folder has it already, whenever it was made."""
    reference = {key: value for key, value in plan.sweep.reference.items() if key != "columns"}
    content = {
        "sweep": plan.name,
        "question": plan.sweep.question or None,
        "command": provenance.command(),
        "made": provenance.now(),
        "machine": asdict(machine),
        "baseline": plan.sweep.baseline or (None if plan.study else plan.rows[0].name),
        "margin": plan.sweep.margin,
        "order": "rank" if plan.sweep.grid or plan.study else "file",
        "compare": plan.sweep.compare,
        "variants": [
            {
                "name": row.name,
                "folder": row.folder,
                "overrides": row.own,
                "seeds": seed_list(row.config.seeds),
                "folds": row.config.data.folds,
                "compared_with": row.compared_with,
                "changes": row.changes,
                "same_as": row.same_as,
            }
            for row in plan.rows
        ],
        "search": search(plan),
        "reference": {"columns": plan.sweep.reference["columns"], "rows": reference} if reference else None,
        "claims": [claim_spec.claim_to_yaml(claim) for claim in plan.claims] or None,
    }
    written = yaml.dump(content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=1000)
    if (folder / "sweep.yaml").exists() and _lasting((folder / "sweep.yaml").read_text()) == _lasting(written):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write(folder / "sweep.yaml", written)
    return True


def search(plan: SweepPlan) -> dict[str, Any] | None:
    """How a search draws, what it has drawn, and what came of it; None for sweeps of other kinds."""
    asked, study = plan.sweep.search, plan.study
    if asked is None or study is None:
        return None
    best = None if study.winner is None else plan.rows[study.winner].name
    return {
        "sampler": asked.sampler,
        "seed": asked.seed,
        **({"pruner": asked.pruner, "floors": study.floors} if asked.pruner else {}),
        "trials": asked.trials,
        "space": {key: asked.space[key] for key in study.space},
        "drawn": study.drawn,
        "winner": None if best is None else {"trial": best, "overrides": asked.winner},
        "scores": study.scores,
        "importances": study.importances,
    }


def _lasting(written: str) -> list[str]:
    """The lines of sweep.yaml but those that tell when and how it was written."""
    return [line for line in written.splitlines() if not line.startswith(("made:", "command:"))]
