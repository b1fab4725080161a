"""The page that `watch` serves, in a real browser."""

import threading

import pytest
from playwright.sync_api import Browser
from tests.synthetic_sweep import Sweep

from mnist_sweeps.report import page_server
from mnist_sweeps.report.live_page import LivePage
from mnist_sweeps.report.page_server import PageServer


def test_a_run_that_ends_appears_in_the_browser(
    sweep: Sweep, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_server, "SECONDS_TO_RELOAD", 1)
    sweep.row("plain", [0.9], seeds=2)
    with PageServer(LivePage(sweep.save()), 0) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server.url)
        page.get_by_text("1 of 2 runs completed").wait_for()
        page.evaluate("document.body.dataset.old = 'true'")
        sweep.run("plain", 1, 0.91)
        page.wait_for_selector("body:not([data-old])")
        assert page.get_by_text("runs completed").count() == 0
        assert errors == []
        page.close()
        server.shutdown()
