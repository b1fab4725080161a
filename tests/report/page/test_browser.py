"""The page in headless Chromium: scripts, charts, keyboard, widths, colours, print, accessibility."""

import re
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.report.page.conftest import HOSTILE, fill
from tests.synthetic_sweep import Sweep

from mnist_sweeps.data.mnist import Digits
from mnist_sweeps.report import read
from mnist_sweeps.report.diff import diff
from mnist_sweeps.report.page.render import render, render_diff
from mnist_sweeps.report.selection import select

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, digits: Digits) -> Path:
    sweep = fill(Sweep(tmp_path_factory.mktemp("page") / "small"), digits.labels)
    sweep.plan["sweep"] = "small"
    path = sweep.save() / "report.html"
    path.write_text(render(read(sweep.folder)))
    return path


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Open]:
    """Opens the page after its charts are drawn; fails on errors, warnings and requests."""
    faults: list[str] = []
    contexts = []

    def open_page(path: Path = file, drawn: str = "#confusion svg", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.on("request", lambda request: request.url.startswith(("file:", "data:")) or faults.append(request.url))
        page.goto(path.as_uri())
        if options.get("java_script_enabled", True):
            page.locator(drawn).first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def serious_faults(page: Page) -> list[Any]:
    """What axe finds, with every row in depth open."""
    page.evaluate("for (const row of document.querySelectorAll('details')) row.open = true")
    found = Axe().run(page).response["violations"]
    return [
        (fault["id"], fault["help"], [node["html"][:200] for node in fault["nodes"]][:3])
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


def names(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#table tbody tr:visible th").all_inner_texts()]


def chosen(page: Page) -> list[str]:
    return page.locator("#chosen li span:not(.remove)").all_inner_texts()


def test_all_charts_are_drawn_without_error_or_request(opened: Open) -> None:
    page = opened()
    drawn = {
        figure: page.locator(f"#{figure} .charts svg").count() for figure in ("curves", "weights", "costs", "confusion")
    }
    assert drawn == {"curves": 2, "weights": 3, "costs": 1, "confusion": 3}
    assert page.locator("#images .digits li").count() > 0
    assert page.locator("#parallel, #search").locator("visible=true").count() == 0  # of grids and searches
    labels = page.locator("#curves svg").first.get_attribute("aria-label") or page.locator(
        "#curves [aria-label]"
    ).first.get_attribute("aria-label")
    assert labels and "Accuracy (%) by epoch of plain, wide" in labels


def test_a_search_has_its_settings_and_the_best_trial_so_far(opened: Open, tmp_path: Path) -> None:
    sweep = Sweep(tmp_path / "search")
    drawn = [{"model.width": 8 * width, "model.dropout": 0.1 * width * width} for width in range(1, 9)]
    for number, settings in enumerate(drawn):
        sweep.row(f"trial {number}", [0.90 + number / 100])
        sweep.variants[-1]["overrides"] = settings
    sweep.plan["search"] = {
        "sampler": "random", "seed": 0, "trials": 8,
        "space": {"model.width": "choice(8, 16)", "model.dropout": "interval(0, 1)"},
        "drawn": drawn, "winner": None, "scores": [0.89 + number / 100 for number in range(8)],
        "importances": {"model.width": 0.75, "model.dropout": 0.25},
    }  # fmt: skip
    sweep.plan["order"] = "rank"
    path = sweep.save() / "report.html"
    path.write_text(render(read(sweep.folder)))
    page = opened(path, drawn="#parallel svg")
    assert page.locator("#parallel svg text", has_text="model.width").count() == 1
    assert page.locator("#search svg").is_visible()
    assert page.get_by_role("row", name="model.width 75%").is_visible()
    assert page.locator(".answer").inner_text().startswith("Best of 8 trials by validation: trial 7")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_of_a_diff_draws_both_rows(opened: Open, file: Path, width: int) -> None:
    page_of_diff = file.with_name("diff.html")
    page_of_diff.write_text(render_diff(diff(select(f"{file.parent}/narrow"), select(f"{file.parent}/wide"))))
    page = opened(page_of_diff, viewport={"width": width, "height": 900})
    assert chosen(page) == ["A: narrow", "B: wide"]
    drawn = [page.locator(f"#{figure} .charts svg").count() for figure in ("curves", "weights", "costs", "confusion")]
    assert drawn == [2, 3, 1, 1]
    assert page.locator("#images .digits li").first.inner_text().splitlines()[1].startswith("B: wide:")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert serious_faults(page) == []


def test_names_are_text_everywhere(opened: Open) -> None:
    page = opened()
    assert HOSTILE in names(page)
    assert HOSTILE in chosen(page)
    assert HOSTILE in page.locator("#one option").all_inner_texts()
    assert page.locator("#weights svg text", has_text="<script>").count() > 0
    assert page.locator("script").count() == 3


def test_rows_are_sorted_by_number_and_by_name(opened: Open) -> None:
    page = opened()
    assert names(page)[:2] == ["broken", "plain baseline"]
    page.get_by_role("button", name="Test accuracy %").click()
    assert names(page) == ["wide", "plain baseline", HOSTILE, "narrow", "broken"]
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Test accuracy")
    page.get_by_role("button", name="Test accuracy %").click()
    assert names(page) == ["narrow", HOSTILE, "plain baseline", "wide", "broken"]
    page.get_by_role("button", name="Architecture").click()
    assert names(page)[-2:] == ["plain baseline", "wide"]


def test_rows_are_filtered_by_every_word(opened: Open) -> None:
    page = opened()
    page.get_by_label("Filter").fill("LOWER narrow")
    assert names(page) == ["narrow"]
    expect(page.locator("#count")).to_have_text("1 of 5 rows")
    page.get_by_label("Filter").fill("")
    assert len(names(page)) == 5


def test_columns_are_chosen(opened: Open) -> None:
    page = opened()
    assert page.get_by_role("columnheader", name="Seconds").count() == 0
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("checkbox", name="Seconds").check()
    page.get_by_role("checkbox", name="Epochs").uncheck()
    assert page.get_by_role("columnheader", name="Seconds").is_visible()
    assert page.get_by_role("columnheader", name="Epochs").count() == 0
    assert page.locator("#table tbody tr", has_text="wide").get_by_text("60.0").is_visible()


def test_chosen_rows_are_those_in_the_charts(opened: Open) -> None:
    page = opened()
    assert chosen(page) == ["plain", "wide", "narrow", HOSTILE]
    page.get_by_label("Compare narrow").uncheck()
    page.get_by_role("button", name="Remove wide").click()
    assert chosen(page) == ["plain", HOSTILE]
    expect(page.locator("#confusion svg text", has_text="narrow")).to_have_count(0)
    page.get_by_label("Add").select_option("narrow")
    assert chosen(page) == ["plain", "narrow", HOSTILE]
    expect(page.locator("#confusion svg text", has_text="narrow")).to_have_count(1)
    assert page.get_by_label("Compare narrow").is_checked()


def test_two_rows_and_the_true_digits_are_compared_image_by_image(opened: Open) -> None:
    page = opened()
    page.locator("#one").select_option("narrow")
    page.locator("#other").select_option("wide")
    first = page.locator("#images .digits li").first.inner_text()
    assert "narrow" in first
    assert "wide" in first
    page.locator("#other").select_option("the true digit")
    total = int(page.locator("#differ").inner_text().split()[0])
    assert 0 < total < 60
    assert len(page.locator("#images .digits .wrong").all()) == min(total, 24)


def test_a_row_in_depth_opens_by_its_link(opened: Open) -> None:
    page = opened()
    assert page.locator("details.row[open]").count() == 0
    page.get_by_role("link", name="broken").click()
    page.get_by_text("Traceback of seed 0").click()
    assert page.get_by_text("Traceback <most recent call last>").is_visible()
    page.get_by_role("link", name="wide").click()
    assert page.get_by_role("img", name="accuracy of wide by epoch").is_visible()


def test_the_address_shows_somebody_else_the_same_view(opened: Open, file: Path) -> None:
    page = opened()
    page.get_by_label("Filter").fill("w")
    page.get_by_role("button", name="Test accuracy %").click()
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("checkbox", name="Seconds").check()
    page.get_by_role("button", name="Remove wide").click()
    page.locator("#cost").select_option("epochs")
    page.locator("#other").select_option("the true digit")
    page.locator("details.row > summary", has_text=HOSTILE).click()
    expect(page).to_have_url(re.compile("#.*open=.*at="))
    shown, address = view(page), page.url
    page.reload()
    expect(page.locator("details.row[open] > summary")).to_be_in_viewport()  # after the charts are drawn
    assert view(page) == shown
    assert page.url == address


def view(page: Page) -> list[Any]:
    """What a person can change: rows and their order, columns, chosen rows and colours, selects, open rows, place."""
    return [
        names(page),
        page.locator("#table thead").inner_text(),
        page.locator("#chosen ul").inner_html(),
        page.locator("#cost").input_value(),
        page.locator("#other").input_value(),
        page.locator("details.row[open] h3").all_inner_texts(),
        page.evaluate("Math.round(scrollY)"),
    ]


def test_an_address_with_unknown_names_is_a_page_like_any_other(opened: Open) -> None:
    page = opened()
    page.goto(page.url + "#row=gone&sort=ascending+gone&cost=gone&one=gone&open=gone&at=9+gone&x=%E0%A4%A")
    assert chosen(page) == []
    assert names(page)[0] == "broken"
    assert page.locator("#cost").input_value() == "parameters"


def test_everything_works_with_the_keyboard_alone(opened: Open) -> None:
    page = opened()
    keys = page.keyboard
    keys.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the table"
    keys.press("Enter")
    keys.press("Tab")
    keys.type("plain")
    expect(page.locator("#count")).to_have_text("1 of 5 rows")
    for _ in "plain":
        keys.press("Backspace")
    assert len(names(page)) == 5
    keys.press("Tab")
    assert page.locator(":focus").inner_text() == "Columns"
    keys.press("Enter")
    assert page.locator("#columns").get_attribute("open") is not None
    keys.press("Escape")
    assert page.locator("#columns").get_attribute("open") is None
    keys.press("Tab")  # the region that scrolls
    keys.press("Tab")
    assert page.locator(":focus").inner_text() == "Architecture"
    keys.press("Enter")
    assert page.locator("th[aria-sort]").count() == 1
    page.get_by_label("Compare wide").focus()
    keys.press("Space")
    assert "wide" not in chosen(page)
    page.get_by_role("button", name="Remove plain").focus()
    keys.press("Enter")
    assert "plain" not in chosen(page)
    assert page.locator("#chosen :focus").count() == 1  # the focus stays among the rows
    page.get_by_role("link", name="wide").focus()
    keys.press("Enter")
    assert page.locator("details.row[open] summary:focus").inner_text().startswith("wide")


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_nothing_is_wider_than_the_window(opened: Open, width: int) -> None:
    page = opened(viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for title in ("Test accuracy", "Difference", "Verdict"):
        cell = page.locator(f'#table tr[data-row="1"] td[data-title^="{title}"]')
        box = cell.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width


def test_labels_of_an_axis_do_not_touch_in_a_narrow_window(opened: Open) -> None:
    page = opened(viewport={"width": 390, "height": 900})
    page.get_by_role("combobox", name="Against").first.select_option("parameters")
    axes = [
        [text.bounding_box() for text in axis.locator("text").all()]
        for axis in page.locator("#curves .role-axis-label, #costs .role-axis-label, #confusion .role-axis-label").all()
    ]
    assert len(axes) >= 8
    for labels in axes:
        boxes = [box for box in labels if box and box["width"]]
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
        for one, other in pairwise(boxes):
            beside = one["x"] + one["width"] < other["x"] or other["x"] + other["width"] < one["x"]
            assert beside or abs(one["y"] - other["y"]) >= 10


def test_names_of_rows_with_equal_cost_do_not_touch(opened: Open) -> None:
    page = opened(viewport={"width": 390, "height": 900})
    page.locator("#cost").select_option("epochs")
    texts = page.locator("#costs .mark-text.role-mark text")
    expect(texts).to_have_count(4)
    boxes = [box for text in texts.all() if (box := text.bounding_box())]
    for one, other in combinations(boxes, 2):
        beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
        assert beside or abs(one["y"] - other["y"]) >= 10
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)


def test_the_header_of_a_long_table_stays(opened: Open) -> None:
    page = opened(viewport={"width": 1280, "height": 300})
    page.locator("#table tbody tr").last.scroll_into_view_if_needed()
    page.locator(".scroll").first.evaluate("region => region.scrollTop = 100")
    region, header = (page.locator(one).first.bounding_box() for one in (".scroll", "#table thead th[data-column]"))
    assert region and header and header["y"] == pytest.approx(region["y"], abs=1)


def test_narrow_windows_sort_by_a_list(opened: Open) -> None:
    page = opened(viewport={"width": 390, "height": 900})
    page.get_by_label("Sort by").select_option("Test accuracy %")
    assert names(page)[0].startswith("wide")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (390, "dark"),
        (1280, "light"),
        pytest.param(390, "light", marks=pytest.mark.slow),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_no_serious_fault(opened: Open, width: int, scheme: str) -> None:
    page = opened(viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert serious_faults(page) == []


def test_dark_and_light_draw_in_their_own_colours(opened: Open) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        page = opened(color_scheme=scheme)
        colours.add(page.locator("#curves svg text").first.get_attribute("fill"))
        colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 4


def test_print_has_the_rows_in_depth_and_no_tools(opened: Open) -> None:
    page = opened()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not page.locator(".tools").is_visible()
    assert page.locator("details.row[open]").count() == 5
    page.set_viewport_size({"width": 720, "height": 1000})  # A4 without its margins
    assert page.locator("#table").evaluate("table => table.scrollWidth") <= 720
    assert page.pdf()[:4] == b"%PDF"


def test_without_scripts_table_verdicts_and_pictures_are_there(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    assert len(names(page)) == 5
    assert page.locator("#table td", has_text="higher").is_visible()
    assert page.locator(".static svg").locator("visible=true").count() == 20
    assert page.locator(".scripted").locator("visible=true").count() == 0
