"""The page that `watch` serves, in a real browser."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.synthetic_sweep import Sweep

from mnist_sweeps.report import live_page
from mnist_sweeps.report.live_page import LivePage
from mnist_sweeps.report.page_server import PageServer


@pytest.fixture
def watched(sweep: Sweep, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The page of a sweep with two rows, of which a run is missing; it fails on errors of the script."""
    monkeypatch.setattr(live_page, "SECONDS_TO_RELOAD", 0.5)
    sweep.row("plain", [0.9], seeds=2)
    sweep.row("wide", [0.95, 0.96])
    with PageServer(LivePage(sweep.save()), 0) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server.url)
        page.get_by_text("3 of 4 runs completed").wait_for()
        page.evaluate("document.body.dataset.old = 'true'")
        yield page
        page.close()
        server.shutdown()
    assert errors == []


def test_a_run_that_ends_appears_in_the_browser(sweep: Sweep, watched: Page) -> None:
    sweep.run("plain", 1, 0.91)
    watched.wait_for_selector("body:not([data-old])")
    assert watched.get_by_text("runs completed").count() == 0


def test_nothing_is_loaded_while_nothing_has_changed(watched: Page) -> None:
    for _ in range(2):
        with watched.expect_response(lambda answer: "newer-than" in answer.url) as answer:
            pass
        assert answer.value.status == 204
    assert watched.locator("body[data-old]").count() == 1


def test_what_was_typed_and_opened_is_kept(sweep: Sweep, watched: Page) -> None:
    watched.locator("details.row > summary", has_text="wide").click()
    watched.get_by_label("Filter").fill("wide")
    sweep.run("plain", 1, 0.91)
    watched.wait_for_selector("body:not([data-old])")
    expect(watched.locator("#count")).to_have_text("1 of 2 rows")
    assert watched.locator("details.row[open] > summary").inner_text().startswith("wide")
    watched.keyboard.type("r")  # the field still has the focus
    expect(watched.get_by_label("Filter")).to_have_value("wider")
