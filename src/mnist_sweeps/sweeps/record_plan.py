"""A plan as the record that sweep.yaml keeps of it."""

from __future__ import annotations

from mnist_sweeps.config.schema import seed_list
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.runtime import provenance
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage.sweep_record import SearchRecord, SweepRecord, VariantRecord


def record_plan(plan: SweepPlan, machine: Machine) -> SweepRecord:
    """What sweep.yaml says of a plan.

    Args:
        plan: The sweep with its variants; of a search also what is drawn so far.
        machine: What its variants are trained on.
    """
    sweep = plan.sweep
    columns = tuple(sweep.reference.get("columns", ()))
    reference = {name: values for name, values in sweep.reference.items() if name != "columns"}
    return SweepRecord(
        sweep=plan.name,
        question=sweep.question or None,
        command=provenance.command(),
        made=provenance.now(),
        machine=machine,
        baseline=sweep.baseline or (None if plan.study else plan.rows[0].name),
        margin_points=sweep.margin,
        order="rank" if sweep.grid or sweep.zip or plan.study else "file",
        compare=sweep.compare,
        variants=tuple(_variant(variant) for variant in plan.rows),
        search=record_search(plan),
        reference_columns=columns,
        reference={name: dict(zip(columns, values, strict=True)) for name, values in reference.items()},
        claims=tuple(plan.claims),
        until=plan.until,
        extended=plan.extended,
    )


def _variant(variant: PlannedVariant) -> VariantRecord:
    return VariantRecord(
        name=variant.name,
        folder=variant.folder,
        overrides=variant.own,
        seeds=tuple(seed_list(variant.config.seeds)),
        folds=variant.config.data.folds,
        compared_with=variant.compared_with,
        changes=tuple(variant.changes),
        same_as=variant.same_as,
    )


def record_search(plan: SweepPlan) -> SearchRecord | None:
    """How a search draws, what it has drawn, and what came of it; None for sweeps of other kinds."""
    search, study = plan.sweep.search, plan.study
    if search is None or study is None:
        return None
    return SearchRecord(
        sampler=search.sampler,
        seed=search.seed,
        trials=search.trials,
        space={key: search.space[key] for key in study.space},
        drawn=tuple(study.drawn),
        pruner=search.pruner or None,
        floors=tuple(study.floors),
        asynchronous=search.asynchronous,
        running=tuple(study.running),
        winner=None if study.winner is None else plan.rows[study.winner].name,
        winner_settings=search.winner,
        scores=tuple(study.scores),
        importances=study.importances,
        importance_intervals=study.importance_intervals,
    )
