"""Where a trial of a search ends early: the validation accuracy that its epochs must reach, by Optuna's pruners' rules.

The thresholds are set when the trial is drawn. They are a setting of the trial (`training.floor`), in its digest: what
a pruned run reached depends on nothing else, not on what other workers had reached in the meantime.
"""

from __future__ import annotations

import math
from binascii import crc32
from collections.abc import Mapping, Sequence

import numpy as np

STARTUP = 5  # trials that end as they would, before others are measured by them: the default of Optuna's MedianPruner
HALVING_FACTOR = 4  # the best quarter goes on: the default of Optuna's SuccessiveHalvingPruner
HYPERBAND_FACTOR = 3  # the default of Optuna's HyperbandPruner
STUDY = "mnist_sweeps"  # Optuna's HyperbandPruner chooses a trial's bracket by the study's name and the trial's number

Curves = Mapping[int, Sequence[float]]  # validation accuracy by epoch of each earlier trial, by its number, from 0


def pruning_threshold(pruner: str | None, curves: Curves, number: int, epochs: int) -> list[float] | None:
    """The validation accuracy that the best epoch so far must reach after each epoch; None where none must be reached.

    Args:
        pruner: One of `PRUNERS`; None prunes nothing.
        curves: Of the trials that had ended when the trial was drawn.
        number: The trial's, from 0.
        epochs: Of a trial that is not pruned.
    """
    if pruner is None:
        return None
    best = {earlier: np.maximum.accumulate(curve).tolist() for earlier, curve in curves.items()}
    return PRUNERS[pruner](best, number, epochs) or None


def _median(best: Curves, number: int, epochs: int) -> list[float]:
    """The rule of Optuna's MedianPruner: the median over the trials that came so far."""
    if len(best) < STARTUP:
        return []
    longest = max(map(len, best.values()))
    medians = [np.median([one[at] for one in best.values() if len(one) > at]) for at in range(longest - 1)]
    return [round(float(median), 4) for median in medians]


def _successive_halving(best: Curves, number: int, epochs: int) -> list[float]:
    """The rule of Optuna's SuccessiveHalvingPruner (ASHA; Li et al., 2018), its `min_resource` chosen as by `auto`."""
    return _rungs(list(best.values()), max(1, epochs // 100), HALVING_FACTOR, epochs)


def _hyperband(best: Curves, number: int, epochs: int) -> list[float]:
    """The rule of Optuna's HyperbandPruner: successive halving in brackets, of which each begins to prune later."""
    bracket = hyperband_bracket(number, epochs)
    rivals = [curve for earlier, curve in best.items() if hyperband_bracket(earlier, epochs) == bracket]
    return _rungs(rivals, HYPERBAND_FACTOR**bracket, HYPERBAND_FACTOR, epochs)


def _rungs(best: Sequence[Sequence[float]], first: int, factor: int, epochs: int) -> list[float]:
    """Thresholds at the epochs `first`, `first * factor`, ...: there a trial must be in the best 1 / `factor`.

    Of `factor` trials or fewer it must be the best.
    """
    thresholds: list[float] = []
    rung = first
    while rung < epochs and (reached := sorted((one[rung - 1] for one in best if len(one) >= rung), reverse=True)):
        places = max(1, (len(reached) + 1) // factor)  # the trial itself counts
        thresholds += [0.0] * (rung - 1 - len(thresholds)) + [reached[places - 1]]
        rung *= factor
    return thresholds


def hyperband_bracket(number: int, epochs: int) -> int:
    """The bracket of a trial: 0 prunes after the first epoch, 1 after `HYPERBAND_FACTOR` of them, and so on.

    Args:
        number: The trial's, from 0.
        epochs: Of a trial that is not pruned.
    """
    brackets = 1
    while HYPERBAND_FACTOR**brackets <= epochs:
        brackets += 1
    shares = [math.ceil(brackets * HYPERBAND_FACTOR**left / (left + 1)) for left in reversed(range(brackets))]
    place = crc32(f"{STUDY}_{number}".encode()) % sum(shares)
    return next(bracket for bracket in range(brackets) if place < sum(shares[: bracket + 1]))


PRUNERS = {"median": _median, "successive_halving": _successive_halving, "hyperband": _hyperband}
