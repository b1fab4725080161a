"""A run as a table has it: a variant, a seed and the value of a metric."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MeasuredRun:
    """One run; `value` is None where it did not end or has no finite number.

    `n_test` counts the images that an accuracy was measured on, of which the largest class has the share `chance`. A
    run of a cross-validation leaves out the `fold`, with `n_fold` images, and is trained on `n_train`. Where seeds were
    added to a growing sweep, its runs are tested up to `looks` times.
    """

    variant: str
    seed: str
    value: float | None
    n_test: int | None = None
    compared_with: str | None = None
    chance: float | None = None
    fold: str | None = None
    n_train: int | None = None
    n_fold: int | None = None
    looks: int = 1
