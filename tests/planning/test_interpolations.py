"""Interpolations are told from text, and resolved where they stand."""

from typing import Any

import pytest
from omegaconf import OmegaConf

from mnist_sweeps.planning.interpolations import Interpolation, has_interpolation, marked, resolved_in


@pytest.mark.parametrize(
    ("raw", "value", "interpolated"),
    [
        ("${training.epochs}", "${training.epochs}", True),
        ("a ${x} b", "a ${x} b", True),
        (r"\${x}", "${x}", False),
        (r"a \${x}", "a ${x}", False),
        ("plain", "plain", False),
        ([8, "${x}"], [8, "${x}"], True),
        ({"name": r"\${x}"}, {"name": "${x}"}, False),
        (0.5, 0.5, False),
    ],
)
def test_text_with_an_interpolation_is_marked_and_escaped_text_is_plain(
    raw: Any, value: Any, interpolated: bool
) -> None:
    assert marked(raw) == value
    assert has_interpolation(marked(raw)) is interpolated


def test_the_same_text_without_a_mark_is_no_interpolation() -> None:
    assert has_interpolation(Interpolation("${x}"))
    assert not has_interpolation("${x}")


def test_a_list_is_resolved_entry_by_entry() -> None:
    composed = OmegaConf.create({"width": 8, "hidden": [16, "${width}"]})
    assert resolved_in(composed, "hidden") == [16, 8]
