"""What differs between rows and between sweeps."""

from pathlib import Path
from typing import Any

import pytest
from tests.synthetic_sweep import Sweep

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.report.diff import SweepDiff, diff
from mnist_sweeps.report.page import diff_content
from mnist_sweeps.report.selection import select
from mnist_sweeps.report.tables import diff_text

GOOD, BAD = [0.980, 0.981, 0.982], [0.90, 0.901, 0.902]


@pytest.fixture
def two(sweep: Sweep, tmp_path: Path) -> tuple[Sweep, Sweep]:
    """Two sweeps without rows."""
    return sweep, Sweep(tmp_path / "other")


def between(first: Sweep, second: Sweep, row: str = "", other: str = "") -> SweepDiff:
    return diff(select(f"{first.save()}{row}"), select(f"{second.save()}{other}"))


def test_rows_are_paired_by_name(two: tuple[Sweep, Sweep]) -> None:
    first, second = two
    for sweep, names in ((first, ["a", "b", "old"]), (second, ["new", "b", "a"])):
        for name in names:
            sweep.row(name, GOOD)
    found = between(first, second)
    assert [(pair.first.name, pair.second.name) for pair in found.rows] == [("a", "a"), ("b", "b")]
    assert (found.only_first, found.only_second) == (["old"], ["new"])


def test_the_verdict_is_of_the_second_against_the_first(two: tuple[Sweep, Sweep]) -> None:
    first, second = two
    first.row("a", BAD)
    second.row("a", GOOD)
    (pair,) = between(first, second).rows
    assert pair.comparison is not None
    assert (pair.comparison.verdict, round(pair.comparison.difference, 4)) == ("higher", 0.08)
    (pair,) = between(second, first).rows
    assert pair.comparison is not None and pair.comparison.verdict == "lower"


def test_verdicts_are_adjusted_over_all_pairs(two: tuple[Sweep, Sweep]) -> None:
    for sweep in two:
        for name in "abc":
            sweep.row(name, GOOD)
    assert [pair.comparison and pair.comparison.tests for pair in between(*two).rows] == [3, 3, 3]


def test_rows_of_one_sweep_are_compared_whatever_they_are_compared_with_there(three_rows: Sweep) -> None:
    (pair,) = between(three_rows, three_rows, "/wide", "/sgd, 5 epochs").rows
    assert pair.comparison is not None and pair.comparison.verdict == "lower"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"data": {"test": 9_000, "description": "mnist 60,000 / 9,000"}}, "the test images differ (mnist 60,000 / 10"),
        ({"provenance": {"data_digest": "other"}}, "the test images differ"),
        ({"digest": "same"}, "3 runs of both with the same settings and seed"),
        ({"status": "failed"}, "the second has no completed run"),
    ],
)
def test_why_there_is_no_verdict(two: tuple[Sweep, Sweep], more: dict[str, Any], reason: str) -> None:
    first, second = two
    first.row("a", GOOD, digest="same")
    second.row("a", GOOD, **more)
    (pair,) = between(first, second).rows
    assert pair.comparison is None
    assert pair.no_verdict.startswith(reason)


def test_one_run_is_no_verdict(two: tuple[Sweep, Sweep]) -> None:
    first, second = two
    first.row("a", BAD)
    second.row("a", GOOD[:1])
    (pair,) = between(first, second).rows
    assert pair.comparison is not None and pair.comparison.verdict == "one seed"


def test_settings_and_versions_that_differ_are_named(two: tuple[Sweep, Sweep]) -> None:
    first, second = two
    first.row("a", GOOD, config={"model": {"hidden": [8], "dropout": 0.5}})
    changed = {"versions": {"keras": "3.16.0"}, "device": "gpu:0"}
    second.row("a", GOOD, config={"model": {"hidden": [16], "dropout": 0.5}}, provenance=changed)
    found = between(first, second)
    assert found.rows[0].settings == [["model.hidden", "[8]", "[16]"]]
    assert found.origins == [("keras", "3.15.1", "3.16.0"), ("device", "cpu", "gpu:0")]


def test_a_sweep_of_one_row_stands_for_it(two: tuple[Sweep, Sweep]) -> None:
    first, second = two
    first.row("only", BAD)
    second.row("a", GOOD)
    second.row("b", GOOD)
    (pair,) = between(first, second, other="/b").rows
    assert (pair.first.name, pair.second.name) == ("only", "b")


@pytest.mark.parametrize("rows", [("/wide", ""), ("", "/wide")])
def test_a_row_against_several_is_refused(three_rows: Sweep, rows: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"^diff: small, row wide is a row, small has 3: .*small/512-256$"):
        between(three_rows, three_rows, *rows)


def test_a_row_that_equals_another_in_both_sweeps_is_left_out(two: tuple[Sweep, Sweep]) -> None:
    for sweep in two:
        sweep.row("a", GOOD)
        sweep.row("a again", same_as="a")
    assert [pair.first.name for pair in between(*two).rows] == ["a"]


def test_of_rows_until_decided_the_seeds_that_both_began_with_are_tested(two: tuple[Sweep, Sweep]) -> None:
    first, second = two
    first.row("a", BAD)
    second.plan |= {"until_decided": {"at_least": 2, "at_most": 50}}
    second.row("a", [0.980, 0.982, 0.5, 0.6])
    found = between(first, second)
    (pair,) = found.rows
    assert found.seeds == 2
    assert pair.comparison is not None and round(pair.comparison.difference, 4) == 0.0805
    assert "Verdicts are on the first 2 seeds of each row" in diff_text.render(found)
    assert any("first 2 seeds" in line for line in diff_content.content(found)["only"])
