"""The table of effects in a grid: each setting, then each two settings, with size, interval and verdict."""

from __future__ import annotations

from mnist_sweeps.report.effects import GridEffects, SettingEffect
from mnist_sweeps.report.wording import adjustment

HEADERS = ("Setting", "Effect pp (95 %)", "Verdict", "p adjusted", "Best", "Worst")


def table(found: GridEffects) -> list[tuple[str, ...]]:
    """The header and a line for each effect."""
    return [HEADERS, *(_cells(of) for of in found.effects)]


def _cells(of: SettingEffect) -> tuple[str, ...]:
    effect = of.effect
    return of.name, measured(of), effect.verdict, f"{effect.p_adjusted:.3g}", of.best, of.worst


def measured(of: SettingEffect) -> str:
    """`1.70 [1.52, 1.88]`: size and interval in percentage points."""
    size, low, high = (f"{100 * value:.2f}" for value in (of.effect.size, of.effect.low, of.effect.high))
    return f"{size} [{low}, {high}]"


def footnote(found: GridEffects) -> str:
    """What the numbers are, how p is adjusted, and what was left out; without effects why there are none."""
    if not found.effects:
        return f"{found.remark[0].upper()}{found.remark[1:]}."
    meaning = (
        "Effects are differences in test accuracy between the best and the worst value of a setting, averaged over the "
        "other settings; of two settings (x), how much the difference of one depends on the other"
    )
    remark = f"; {found.remark}" if found.remark else ""
    return f"{meaning}; {adjustment(len(found.effects), 'effect')}{remark}."


def record(of: SettingEffect) -> dict[str, object]:
    """The effect's line of effects.csv, accuracies as fractions."""
    effect = of.effect
    return {
        "setting": of.settings[0],
        "with": of.settings[1] if len(of.settings) > 1 else None,
        "size": effect.size,
        "size_ci_low": effect.low,
        "size_ci_high": effect.high,
        "p": effect.p,
        "p_adjusted": effect.p_adjusted,
        "verdict": effect.verdict,
        "best": of.best or None,
        "worst": of.worst or None,
    }
