"""What the page of a diff shows, as plain data."""

from typing import Any

from tests.report.page.conftest import HOSTILE
from tests.report.page.test_render import Page
from tests.synthetic_sweep import Sweep

from mnist_sweeps.report.diff import diff
from mnist_sweeps.report.page.diff_content import content
from mnist_sweeps.report.page.render import render_diff
from mnist_sweeps.report.selection import select


def shown(first: str, second: str) -> dict[str, Any]:
    return content(diff(select(first), select(second)))


def test_two_rows_have_what_differs_and_all_settings(full: Sweep) -> None:
    folder = full.save()
    page = shown(f"{folder}/narrow", f"{folder}/wide")
    assert page["title"] == "wide against narrow"
    assert page["settings"] == [{"rows": "", "changes": [["model.hidden", "[64]", "[1024, 512]"]]}]
    assert ["model.hidden", "[64]", "[1024, 512]"] in page["all_settings"]
    assert len(page["all_settings"]) > 20
    assert page["answer"].startswith("Test accuracy, B against A: +8.50 [")
    assert "Images: " in page["answer"]
    assert ["test accuracy %", "88.50 ± 0.50", "97.00 ± 0.20", "+8.50"] in [
        line["cells"] for line in page["table"]["lines"]
    ]


def test_the_charts_are_of_both_rows_against_the_first(full: Sweep) -> None:
    folder = full.save()
    charts = shown(f"{folder}/narrow", f"{folder}/wide")["charts"]
    assert charts["names"] == ["A: narrow", "B: wide"]
    assert (charts["baseline"], charts["chosen"]) == (0, [0, 1])
    assert set(charts["curves"]) == set(charts["weights"]) == {"0", "1"}
    assert charts["predictions"]["rows"] == [0, 1]


def test_the_images_that_differ_are_there_without_scripts(full: Sweep) -> None:
    folder = full.save()
    differing = shown(f"{folder}/narrow", f"{folder}/wide")["rows"][1]["images"]
    assert 0 < differing["total"] == len(differing["images"]) < 24
    page = Page(render_diff(diff(select(f"{folder}/narrow"), select(f"{folder}/wide"))))
    assert [tag["viewbox"] for tag in page.all("svg") if tag.get("class") == "digit"] == [
        image["view"] for image in differing["images"]
    ]
    assert [tag["href"] for tag in page.all("use")] == ["#sprite"] * differing["total"]
    assert [tag["id"] for tag in page.all("image")] == ["sprite"]


def test_two_sweeps_have_a_line_and_a_difference_for_each_row(sweep: Sweep, three_rows: Sweep) -> None:
    other = Sweep(three_rows.folder.parent / "other")
    other.row("wide", [0.99, 0.991, 0.992])
    other.row("new", [0.9, 0.91, 0.92])
    page = shown(str(three_rows.save()), str(other.save()))
    assert [line["cells"][0] for line in page["table"]["lines"]] == ["wide"]
    assert [line["name"] for line in page["forest"]["lines"]] == ["B: wide"]
    assert page["only"] == ["Only in A: 512-256; sgd, 5 epochs.", "Only in B: new."]
    assert page["all_settings"] == []
    assert page["charts"]["against"] == {1: 0}


def test_sweeps_without_a_row_in_common_are_a_page(sweep: Sweep) -> None:
    other = Sweep(sweep.folder.parent / "other")
    for of, names in ((sweep, "ab"), (other, "cd")):
        for name in names:
            of.row(name, [0.9])
    page = Page(render_diff(diff(select(str(sweep.save())), select(str(other.save())))))
    assert "No row has the same name in both." in page.words


def test_a_name_is_no_markup(full: Sweep) -> None:
    page = Page(render_diff(diff(select(f"{full.save()}/plain"), select(f"{full.folder}/hostile"))))
    assert f"{HOSTILE} against plain" in page.words
    assert len(page.all("script")) == 3
    assert not page.all("b")
