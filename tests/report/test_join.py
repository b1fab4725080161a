"""Several sweeps as one report."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.synthetic_sweep import Sweep

from mnist_sweeps import report
from mnist_sweeps.report import Report
from mnist_sweeps.report.join import disagreement, join
from mnist_sweeps.report.page import render

BASE, BETTER = [0.960, 0.961, 0.962], [0.980, 0.981, 0.982]


def filled(folder: Path, rows: dict[str, Sequence[float]], plan: dict[str, Any] | None = None, **more: Any) -> Report:
    """A sweep named like its folder, whose first row is the baseline."""
    sweep = Sweep(folder)
    first = next(iter(rows))
    sweep.plan |= {"sweep": folder.name, "baseline": first} | (plan or {})
    for name, accuracies in rows.items():
        against = {} if name == first else {"compared_with": first, "changes": ["width"]}
        sweep.row(name, accuracies, **against, **more)
    return report.read(sweep.save())


@pytest.fixture
def joined(tmp_path: Path) -> Report:
    widths = filled(tmp_path / "widths", {"base": BASE, "wide": BETTER})
    depths = filled(tmp_path / "depths", {"base": BASE, "deep": BETTER})
    return join([widths, depths])


def test_all_rows_are_there_under_names_of_their_own(joined: Report) -> None:
    assert [row.name for row in joined.rows] == ["widths: base", "widths: wide", "depths: base", "depths: deep"]
    assert joined.sweep == "widths + depths"


def test_each_row_is_compared_as_in_its_sweep_and_adjusted_over_all(joined: Report) -> None:
    compared = {row.name: row for row in joined.rows if row.comparison}
    assert {name: row.variant.compared_with for name, row in compared.items()} == {
        "widths: wide": "widths: base",
        "depths: deep": "depths: base",
    }
    assert [row.comparison and (row.comparison.verdict, row.comparison.tests) for row in compared.values()] == [
        ("higher", 2),
        ("higher", 2),
    ]


def test_ranks_are_over_all(joined: Report) -> None:
    assert [row.rank for row in joined.rows] == [3, 1, 3, 1]


def test_the_page_has_all_rows(joined: Report) -> None:
    page = render.render(joined)
    assert all(f"<bdi>{row.name}</bdi>" in page for row in joined.rows)


def test_sweeps_of_one_name_go_by_their_folders(tmp_path: Path) -> None:
    reports = []
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        reports.append(filled(tmp_path / folder / "same", {"base": BASE}))
    assert [row.name for row in join(reports).rows] == [f"{tmp_path}/{part}/same: base" for part in ("first", "second")]


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (("quick,size=smoke,seeds=2", "quick,size=smoke,seeds=3"), ["seeds=2", "seeds=3"]),
        (("quick", "quick,seeds=3"), ["quick", "quick,seeds=3"]),
        (("quick", "quicker"), ["quick", "quicker"]),
    ],
)
def test_rows_are_named_by_what_their_sweeps_do_not_share(
    tmp_path: Path, names: tuple[str, str], labels: list[str]
) -> None:
    joined = join([filled(tmp_path / name, {"base": BASE}) for name in names])
    assert [row.name for row in joined.rows] == [f"{label}: base" for label in labels]
    assert joined.sweep == " + ".join(names)


def test_a_row_whose_runs_another_row_has_counts_once(tmp_path: Path) -> None:
    few = filled(tmp_path / "few", {"base": BASE[:2]})
    many = filled(tmp_path / "many", {"base": BASE})
    for read in (few, many):
        with_digests(read)
    joined = join([report.read(few.folder), report.read(many.folder)])
    assert [row.same_as for row in joined.rows] == ["many: base", None]
    assert len(joined.rows[0].finished) == 3


def test_rows_that_share_some_runs_are_noted(tmp_path: Path) -> None:
    reports = [filled(tmp_path / name, {"base": BASE}) for name in ("one", "other")]
    with_digests(reports[0])
    with_digests(reports[1], offset=1)
    joined = join([report.read(read.folder) for read in reports])
    assert [row.same_as for row in joined.rows] == [None, None]
    assert joined.notes[-1].startswith("one: base and other: base have 2 runs in common")


def with_digests(read: Report, offset: int = 0) -> None:
    """Gives each run of a report's folder a digest by its seed."""
    for path in read.folder.glob("*/seed-*/run.json"):
        seed = int(path.parent.name.removeprefix("seed-"))
        path.write_text(path.read_text().replace('"seed":', f'"digest": "{seed + offset}", "seed":', 1))


@pytest.mark.parametrize(
    "more",
    [{"data": {"test": 9_000, "description": "9,000 of them"}}, {"provenance": {"data_digest": "other"}}],
    ids=["number", "data"],
)
def test_sweeps_with_other_test_images_are_not_joined(tmp_path: Path, more: dict[str, Any]) -> None:
    first = filled(tmp_path / "first", {"base": BASE})
    second = filled(tmp_path / "second", {"base": BASE}, **more)
    assert disagreement([first, first]) == ""
    line = disagreement([first, second])
    assert line.startswith("not joined: the test images differ: mnist 60,000 / 10,000 (first); ")
    assert line.endswith(" (second)") and "\n" not in line


def test_a_sweep_that_has_not_begun_agrees_with_all(tmp_path: Path) -> None:
    begun = filled(tmp_path / "begun", {"base": BASE})
    waiting = filled(tmp_path / "waiting", {"base": []})
    assert disagreement([begun, waiting]) == ""
    assert len(join([begun, waiting]).rows) == 2


def until(folder: Path, rows: dict[str, Sequence[float]]) -> Report:
    return filled(folder, rows, {"until_decided": {"at_least": 2, "at_most": 50}})


def test_rows_of_a_sweep_until_decided_keep_their_verdicts_and_enter_no_other(tmp_path: Path) -> None:
    plain = filled(tmp_path / "widths", {"base": BASE, "wide": BETTER})
    rounds = until(tmp_path / "rounds", {"base": BASE, "deep": [0.980, 0.981, 0.982, 0.981]})
    found = {row.name: row.comparison for row in join([plain, rounds]).rows}
    alone = {row.name: row.comparison for report in (plain, rounds) for row in report.rows}
    assert found["rounds: deep"] is not None and found["rounds: deep"] == alone["deep"]
    assert found["widths: wide"] == alone["wide"]
    assert any("Verdicts of rounds are those of its rounds" in note for note in join([plain, rounds]).notes)
