"""What matters in a grid: the effects of its settings, the cells that cannot be used, and the answer in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mnist_sweeps.report.compare import samples
from mnist_sweeps.report.grid import Grid, grid
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, listed
from mnist_sweeps.stats.chance import guesses
from mnist_sweeps.stats.effects import MATTERS, Effect, effects
from mnist_sweeps.storage.sweep_record import SweepRecord


@dataclass(frozen=True)
class SettingEffect:
    """The effect of a setting, or the interaction of two; `best` and `worst` are values of a single setting."""

    settings: tuple[str, ...]
    effect: Effect
    best: str = ""
    worst: str = ""

    @property
    def name(self) -> str:
        """`optimizer`, or `optimizer x dropout`."""
        return " x ".join(self.settings)


@dataclass(frozen=True)
class GridEffects:
    """The effects in a grid, main effects first; without any the `remark` says why, else what is left out."""

    grid: Grid
    effects: tuple[SettingEffect, ...] = ()
    remark: str = ""


def grid_effects(plan: SweepRecord, rows: Sequence[ReportRow]) -> GridEffects | None:
    """The effects on test accuracy of every setting of a grid; None where the rows are no grid of two axes or more.

    A cell counts with two runs or more. Levels are left out, those with the most missing cells first, until none is
    missing.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    whole = grid(rows) if plan.search is None else None
    if whole is None or not any(row.accuracies for row in rows):
        return None
    if any(row.folds for row in rows):
        return GridEffects(whole, remark="no effects with folds, whose scores are not independent")
    usable, left_out = whole, []
    while missing := [cell for cell, row in usable.cells.items() if not _counts(row)]:
        shares = {
            (factor, level): sum(cell[factor] == level for cell in missing) / (len(usable.cells) / len(of.levels))
            for factor, of in enumerate(usable.factors)
            for level in range(len(of.levels))
        }
        factor, level = max(shares, key=lambda key: shares[key])
        left_out.append(f"{usable.factors[factor].name} {usable.factors[factor].levels[level]}")
        usable = usable.without(factor, level)
        if len(usable.factors) < 2:
            short = sum(not _counts(row) for row in whole.cells.values())
            few = f"{short} of {counted(len(rows), 'cell')}: fewer than two runs that can be compared"
            return GridEffects(whole, remark=f"no effects of the settings, {few}")
    found = effects(samples(rows), {cell: row.trained for cell, row in usable.cells.items()}, plan.margin)
    remark = f"without {listed(left_out)}, where cells have fewer than two runs" if left_out else ""
    return GridEffects(usable, tuple(_named(effect, usable) for effect in found), remark)


def _counts(row: ReportRow) -> bool:
    """Whether a cell has at least two runs; two that only guess do not count, as both may have diverged."""
    values, n_test = row.accuracies, row.n_test
    if len(values) < 2 or not n_test:
        return False
    return len(values) > 2 or not all(guesses(value, n_test, row.chance) for value in values)


def _named(effect: Effect, usable: Grid) -> SettingEffect:
    names = tuple(usable.factors[factor].name for factor in effect.factors)
    if effect.best is None or effect.worst is None:
        return SettingEffect(names, effect)
    levels = usable.factors[effect.factors[0]].levels
    return SettingEffect(names, effect, levels[effect.best], levels[effect.worst])


def in_words(found: GridEffects | None) -> str:
    """The effects in one sentence, the largest first; empty without.

    `Averaged over the other settings, optimizer matters most (1.70 pp, best adam), then dropout (0.40 pp, best 0.5);
    width does not (within 0.2 pp); the effect of optimizer depends on dropout (0.50 pp).`
    """
    if found is None or not found.effects:
        return ""
    by_size = sorted(found.effects, key=lambda of: -of.effect.size)
    alone = [of for of in by_size if len(of.settings) == 1]
    matter = [of for of in alone if of.effect.verdict == MATTERS]
    small = [of for of in alone if of.effect.verdict.startswith("within")]
    unknown = [of.name for of in alone if of not in matter and of not in small]
    most = "matters most" if len(alone) > 1 else "matters"
    leading = [f"{of.name} {most} {_measured(of)}" for of in matter[:1]]
    leading += [f"then {of.name} {_measured(of)}" for of in matter[1:]]
    parts = [", ".join(leading)]
    parts += [f"{of.name} does not matter ({of.effect.verdict})" for of in small]
    parts += [f"whether {listed(unknown)} matters cannot be told"] if unknown else []
    parts += [
        f"the effect of {of.settings[0]} depends on {of.settings[1]} ({100 * of.effect.size:.2f} pp)"
        for of in by_size
        if len(of.settings) == 2 and of.effect.verdict == MATTERS
    ]
    return f"Averaged over the other settings, {'; '.join(filter(None, parts))}."


def _measured(of: SettingEffect) -> str:
    return f"({100 * of.effect.size:.2f} pp, best {of.best})"
