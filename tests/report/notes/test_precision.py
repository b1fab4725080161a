"""Rows in mixed precision."""

from typing import Any

from tests.synthetic_sweep import Sweep

from mnist_sweeps import report


def notes(sweep: Sweep) -> list[str]:
    return [note for note in report.read(sweep.save()).notes if note.startswith("Trained in")]


def in_precision(name: str) -> dict[str, Any]:
    return {"config": {"precision": name}}


def test_rows_in_mixed_precision_are_named(sweep: Sweep) -> None:
    sweep.row("plain", [0.9, 0.91], **in_precision("float32"))
    sweep.row("mixed", [0.9, 0.91], **in_precision("mixed_bfloat16"))
    assert notes(sweep) == ["Trained in mixed_bfloat16: mixed; all other rows in float32."]


def test_nothing_is_said_of_float32_and_of_runs_before_there_was_a_choice(sweep: Sweep) -> None:
    sweep.row("plain", [0.9, 0.91], **in_precision("float32"))
    sweep.row("old", [0.9, 0.91])
    assert notes(sweep) == []
