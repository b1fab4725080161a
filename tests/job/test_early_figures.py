"""Which variants are drawn while others are trained, and which are left to the command."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from tests.pretend import leave_picture
from tests.published import published

from mnist_sweeps.job import early_figures, missing_figures, run_figures
from mnist_sweeps.job.early_figures import EarlyFigures
from mnist_sweeps.runtime import worker_process

Variants = dict[str, Path]


class Pool:
    """A process that does nothing until it is told to, one variant after the other."""

    def __init__(self, *_: Any) -> None:
        self.active = True
        self.asked: dict[str, Future[None]] = {}

    def schedule(self, call: Callable[..., None], args: list[tuple[str, Path]]) -> Future[None]:
        return self.asked.setdefault(args[0][0], Future())

    def begin(self, name: str) -> None:
        self.asked[name].set_running_or_notify_cancel()

    def end(self, name: str, folder: Path) -> None:
        leave_picture(folder)
        self.asked[name].set_result(None)

    def stop(self) -> None:
        self.active = False

    def join(self) -> None:
        pass


@pytest.fixture
def variants(tmp_path: Path) -> Variants:
    """Three variants with a completed run each, none drawn."""
    folders = {name: tmp_path / name for name in ("one", "two", "three")}
    for folder in folders.values():
        published(folder / "seed-0")
    return folders


@pytest.fixture
def early(variants: Variants, monkeypatch: pytest.MonkeyPatch) -> Iterator[EarlyFigures]:
    """Asked for all three."""
    monkeypatch.setattr(early_figures, "cores", lambda: 2)
    monkeypatch.setattr(worker_process, "pool_of_one", Pool)
    monkeypatch.setattr(early_figures, "SECONDS_TO_END", 0.01)
    with EarlyFigures() as figures:
        figures.start()
        for name, folder in variants.items():
            figures.add(name, folder)
        yield figures


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What this process draws."""
    names: list[str] = []
    monkeypatch.setattr(run_figures, "draw_default", lambda folder, name: names.append(name) or leave_picture(folder))
    return names


def test_what_is_drawn_already_is_left_alone(variants: Variants, early: EarlyFigures, drawn: list[str]) -> None:
    early.pool.begin("one")
    early.pool.end("one", variants["one"])
    assert missing_figures.draw(variants, early)
    assert drawn == ["three", "two"]
    assert early.asked["two"].cancelled()


def test_a_variant_that_is_being_drawn_is_waited_for(variants: Variants, early: EarlyFigures, drawn: list[str]) -> None:
    early.pool.begin("one")
    left = early.left(variants)
    assert [next(left)[0], next(left)[0]] == ["three", "two"]
    early.pool.end("one", variants["one"])
    assert list(left) == []


def test_a_process_that_gets_no_time_is_not_waited_for(
    variants: Variants, early: EarlyFigures, drawn: list[str]
) -> None:
    early.pool.begin("one")
    assert missing_figures.draw(variants, early)
    assert drawn == ["three", "two", "one"]
    assert early.pool is None


def test_a_figure_that_failed_during_the_training_is_drawn_again(
    variants: Variants, early: EarlyFigures, drawn: list[str]
) -> None:
    early.pool.begin("one")
    early.asked["one"].set_exception(OSError("no room"))
    assert missing_figures.draw(variants, early)
    assert drawn == ["three", "two", "one"]


def test_many_variants_are_left_to_several_processes(
    variants: Variants, early: EarlyFigures, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = early.pool
    monkeypatch.setattr(missing_figures, "FEW", 1)
    monkeypatch.setattr(missing_figures, "cores", lambda: 2)
    monkeypatch.setattr(missing_figures, "_in_processes", lambda missing, _: {"one": f"{pool.active} {len(missing)}"})
    assert not missing_figures.draw(variants, early)
    assert not pool.active
    assert drawn == []


def test_on_one_core_there_is_no_process(variants: Variants, monkeypatch: pytest.MonkeyPatch, drawn: list[str]) -> None:
    monkeypatch.setattr(early_figures, "cores", lambda: 1)
    with EarlyFigures() as figures:
        figures.start()
        figures.add("one", variants["one"])
        assert figures.pool is None
        assert missing_figures.draw(variants, figures)
    assert drawn == ["three", "two", "one"]


def test_the_process_has_the_lowest_priority_and_says_nothing_of_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    fonts = logging.getLogger("matplotlib.font_manager")
    monkeypatch.setattr(fonts, "level", logging.NOTSET)  # as it was, after the test
    monkeypatch.setattr(early_figures.os, "nice", asked.append)
    early_figures._begin()
    assert asked == [19]
    assert not fonts.isEnabledFor(logging.WARNING)
