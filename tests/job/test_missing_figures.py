"""Which variants are drawn, and what is said where that fails."""

from pathlib import Path

import pytest
from tests.pretend import leave_picture

from mnist_sweeps.job import missing_figures, run_figures
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.run_record import RunRecord


@pytest.fixture
def variants(tmp_path: Path) -> dict[str, Path]:
    """Two variants with a completed run each; only the second one is drawn."""
    folders = {name: tmp_path / name for name in ("one", "two")}
    for folder in folders.values():
        (folder / "seed-0").mkdir(parents=True)
        run_folder.publish(folder / "seed-0", RunRecord("completed", 0, digest="d" * 16), {})
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

    (variants["two"] / run_folder.LAST_PICTURE).unlink()
    monkeypatch.setattr(run_figures, "draw_default", refuse)
    assert not missing_figures.draw(variants)
    assert run_folder.is_drawn(variants["two"])
    assert capsys.readouterr().err == "variant one: its figures are not drawn: OSError: no room\n"
