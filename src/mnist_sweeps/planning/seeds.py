"""Seeds that a plan gets besides those that are written: in the rounds of `until decided`, and by `extend`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, seed_list
from mnist_sweeps.config.sweep_spec import Sweep, VariantSpec, text
from mnist_sweeps.config.until_decided import UntilDecided, is_rule, parse_rule, seeds_after
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan


def seed_rule(sweep: Sweep, rows: Iterable[VariantSpec], configs: list[Config]) -> UntilDecided | None:
    """The rule that all variants share; None where seeds are counted or listed.

    Args:
        sweep: The sweep.
        rows: Its variants.
        configs: The config of each, checked.

    Raises:
        ConfigError: The rule is not of all variants, or not for a sweep of this kind.
    """
    rules = [config.seeds for config in configs if is_rule(config.seeds)]
    if not rules:
        return None
    written = f"seeds={text(rules[0])}"
    if sweep.search is not None:
        raise ConfigError(f"{written}: a search compares no variants; give a count: seeds=3")
    if len(configs) < 2:
        raise ConfigError(f"{written}: there is one variant, and nothing to compare it with; give a count: seeds=5")
    other = next((name for row, config in zip(rows, configs, strict=True)
                  if (name := row.name) and config.seeds != rules[0]), None)  # fmt: skip
    if other is not None:
        raise ConfigError(f"row {other}: seeds: {written} holds for the whole sweep; leave seeds out of the row")
    if any(config.data.folds for config in configs):
        raise ConfigError(f"{written}: the rounds have no test for folds; set data.folds=null, or a count: seeds=5")
    return parse_rule(rules[0])


def check_rounds(rows: list[PlannedVariant], chosen: frozenset[str] | None, seeds: Any) -> None:
    """Refuses what the rounds of a sweep cannot have.

    Args:
        rows: The variants of the plan.
        chosen: The names of those to train; None for all.
        seeds: The rule as it was written, for the message.

    Raises:
        ConfigError: Not all variants are to be trained; or a variant that equals another one is compared with another
            row than that, so that its runs would be in two comparisons of different rounds.
    """
    written = f"seeds={text(seeds)}"
    if chosen is not None:
        raise ConfigError(f"variants: with {written} all rows are decided together; leave it out, or set a count")
    compared = {row.name: row.compared_with for row in rows}
    for row in rows:
        if row.same_as and row.compared_with not in (compared[row.same_as], row.same_as):
            raise ConfigError(
                f"row {row.name}: equals {row.same_as}, which is compared with another row: "
                f"leave one of them out, or give a count instead of {written}"
            )


def with_seeds(variant: PlannedVariant, seeds: list[int]) -> PlannedVariant:
    """The variant with other seeds, in its config and in the overrides of its job."""
    others = [override for override in variant.overrides if not override.startswith("seeds=")]
    return replace(variant, config=replace(variant.config, seeds=seeds), overrides=[*others, f"seeds={text(seeds)}"])


def in_round(plan: SweepPlan, counts: Mapping[str, int]) -> SweepPlan:
    """The plan in which each variant has so many of its seeds.

    Args:
        plan: A sweep until decided.
        counts: Number of seeds by variant; an equal variant has those of the one that it equals.
    """
    assert plan.until is not None
    rows = [with_seeds(row, plan.until.seeds(counts[row.same_as or row.name])) for row in plan.rows]
    return replace(plan, rows=rows)


def extended(plan: SweepPlan, added: tuple[int, ...]) -> SweepPlan:
    """The plan with the seeds that were added to each variant after the sweep was finished.

    Args:
        plan: The sweep as its command describes it.
        added: How many seeds, each time.
    """
    rows = [with_seeds(row, seeds_after(seed_list(row.config.seeds), sum(added))) for row in plan.rows]
    return replace(plan, rows=rows, extended=added)
