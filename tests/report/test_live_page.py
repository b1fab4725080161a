"""The page of a sweep while it runs."""

import os
from pathlib import Path

import pytest
import yaml
from tests.synthetic_sweep import Sweep

from mnist_sweeps.report import live_page
from mnist_sweeps.report.live_page import LivePage


@pytest.fixture
def running(sweep: Sweep) -> LivePage:
    """Two seeds are planned, one has ended."""
    sweep.row("plain", [0.9], seeds=2)
    return LivePage(sweep.save())


def write_report(folder: Path) -> None:
    """As the command that trains does at its end."""
    (folder / "report.html").touch()
    newest = max(path.stat().st_mtime_ns for path in folder.rglob("run.json"))
    os.utime(folder / "report.html", ns=(newest, newest))


def test_a_run_that_ends_is_on_the_page(sweep: Sweep, running: LivePage) -> None:
    assert "1 of 2 runs completed" in running.current()
    sweep.run("plain", 1, 0.91)
    assert "runs completed" not in running.current()


def test_the_page_is_made_again_only_where_the_folder_changed(
    sweep: Sweep, running: LivePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(live_page.render, "render", lambda report, reload: made.append(report.header) or "page")
    running.current()
    running.current()
    (sweep.folder / "report.txt").touch()
    running.current()
    assert len(made) == 1
    sweep.plan["question"] = "Another?"
    sweep.save()
    running.current()
    assert len(made) == 2


def test_a_page_is_newer_once_something_has_changed(sweep: Sweep, running: LivePage) -> None:
    running.current()
    first = running.version
    assert f'data-version="{first}"' in running.current()
    assert not running.is_newer_than(first)
    sweep.run("plain", 1, 0.91)
    assert running.is_newer_than(first)
    running.current()
    assert running.is_newer_than(first)  # also where another browser asked before
    assert not running.is_newer_than(running.version)


def test_the_page_of_a_finished_sweep_asks_for_no_other(sweep: Sweep, running: LivePage) -> None:
    sweep.run("plain", 1, 0.91)
    running.current()
    before = running.version
    write_report(sweep.folder)
    assert running.is_newer_than(before)
    assert "data-version" not in running.current()


def test_a_sweep_has_finished_once_its_report_is_newer_than_its_runs(sweep: Sweep, running: LivePage) -> None:
    write_report(sweep.folder)
    assert not running.finished()  # one run is missing
    sweep.run("plain", 1, status="failed")
    last = sweep.folder / "plain" / "seed-1" / "run.json"
    os.utime(last, ns=(last.stat().st_atime_ns, (sweep.folder / "report.html").stat().st_mtime_ns + 1))
    assert not running.finished()  # the report is that of an earlier command
    write_report(sweep.folder)
    assert running.finished()


def test_a_search_has_not_finished_before_all_trials_are_drawn(sweep: Sweep) -> None:
    sweep.row("trial 1", [0.9])
    search = {"sampler": "random", "seed": 0, "trials": 2, "space": {"seeds": "choice(1)"}, "drawn": [{}]}
    sweep.plan["search"] = search
    page = LivePage(sweep.save())
    write_report(sweep.folder)
    assert not page.finished()
    written = yaml.safe_load((sweep.folder / "sweep.yaml").read_text())
    written["search"]["trials"] = 1
    (sweep.folder / "sweep.yaml").write_text(yaml.safe_dump(written))
    assert page.finished()
