import os
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from mnist_sweeps.figures.sheet import sheet
from mnist_sweeps.storage import picture


def test_a_figure_has_its_own_resolution(tmp_path: Path) -> None:
    picture.save(sheet("a title", 3.0, 2.0), tmp_path / "figures" / "a.png")
    assert imread(tmp_path / "figures" / "a.png").shape == (240, 360, 4)


def test_a_picture_is_laid_out_as_savefig_does(tmp_path: Path) -> None:
    figure = sheet("a title", 3.0, 2.0)
    figure.add_subplot().set_ylabel("a label that needs room")
    picture.save(figure, tmp_path / "ours.png")
    figure.savefig(tmp_path / "theirs.png")
    assert (imread(tmp_path / "ours.png") == imread(tmp_path / "theirs.png")).all()


def test_no_figure_is_no_picture(tmp_path: Path) -> None:
    picture.save(Figure(), tmp_path / "a.png")
    for _ in range(2):
        picture.save(None, tmp_path / "a.png")
        assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_old_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    picture.save(Figure(figsize=(1, 1)), path)
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        picture.save(Figure(figsize=(2, 2)), path)
    assert path.read_bytes() == before


def test_an_svg_keeps_text_as_text_and_its_bytes(tmp_path):
    for name in ("a.svg", "b.svg"):
        picture.save(sheet("a <title> & $more$", 3.0, 2.0), tmp_path / name)
    content = (tmp_path / "a.svg").read_text()
    assert "a &lt;title&gt; &amp; $more$</text>" in content
    assert (tmp_path / "b.svg").read_text() == content
