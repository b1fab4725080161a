"""Which variants are drawn, and what is said where that fails."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.pretend import leave_picture
from tests.published import published

from mnist_sweeps.job import missing_figures, run_figures
from mnist_sweeps.runtime import workers
from mnist_sweeps.runtime.workers import Lost
from mnist_sweeps.storage import variant_folder


@pytest.fixture
def variants(tmp_path: Path) -> dict[str, Path]:
    """Two variants with a completed run each; only the second one is drawn."""
    folders = {name: tmp_path / name for name in ("one", "two")}
    for folder in folders.values():
        published(folder / "seed-0")
    leave_picture(folders["two"])
    return folders


def test_only_what_is_missing_is_drawn(variants: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(run_figures, "draw_default", lambda folder, name: drawn.append(name) or leave_picture(folder))
    assert missing_figures.draw(variants)
    assert missing_figures.draw(variants)
    assert drawn == ["one"]


def test_a_figure_that_fails_is_told_and_the_others_are_drawn(
    variants: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(folder: Path, name: str) -> None:
        if name == "one":
            raise OSError("no room")
        leave_picture(folder)

    (variants["two"] / variant_folder.LAST_PICTURE).unlink()
    monkeypatch.setattr(run_figures, "draw_default", refuse)
    assert not missing_figures.draw(variants)
    assert variant_folder.is_drawn(variants["two"])
    assert capsys.readouterr().err == "variant one: its figures are not drawn: OSError: no room\n"


def test_many_variants_are_drawn_in_several_processes(
    variants: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    many = {f"variant {number}": variants["one"].parent / f"{number}" for number in range(16)}
    for folder in many.values():
        shutil.copytree(variants["one"], folder)
    asked: list[int] = []

    def run(call: Callable[..., None], arguments: Iterable[Any], slots: list[Any], *_: Any, **__: Any) -> list[Any]:
        asked.append(len(slots))
        return [call(argument) or (Lost("killed", "its worker died") if argument[0] == "variant 3" else None)
                for argument in arguments]  # fmt: skip

    monkeypatch.setattr(missing_figures, "cores", lambda: 2)
    monkeypatch.setattr(workers, "run", run)
    monkeypatch.setattr(run_figures, "draw_default", lambda folder, name: leave_picture(folder))
    assert not missing_figures.draw(many)
    assert asked == [2]
    assert all(variant_folder.is_drawn(folder) for folder in many.values())
    assert capsys.readouterr().err == "variant variant 3: its figures are not drawn: its worker died\n"
    for folder in list(many.values())[:15]:
        (folder / variant_folder.LAST_PICTURE).unlink()
    assert missing_figures.draw(many)
    assert asked == [2]  # fewer are drawn here
