"""report.html as text: what a browser without scripts gets."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from tests.report.page.conftest import HOSTILE
from tests.synthetic_sweep import Sweep

from mnist_sweeps.report import read
from mnist_sweeps.report.figures import embedded
from mnist_sweeps.report.page import library
from mnist_sweeps.report.page.render import render

VOID = frozenset({"meta", "img", "br", "input"})


class Page(HTMLParser):
    """Collects tags with their attributes, text and scripts; fails on tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.sources: dict[str, list[str]] = {"script": [], "style": []}
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID and not (self.open and tag in ("rect", "line", "circle", "path", "polygon", "polyline")):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.sources[self.open[-1]] if self.open and self.open[-1] in self.sources else self.words).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(sweep: Sweep) -> Page:
    return Page(render(read(sweep.save())))


def draw(folder: Path, name: str) -> bytes:
    (folder / "figures").mkdir(exist_ok=True, parents=True)
    Figure(figsize=(0.2, 0.2)).savefig(folder / "figures" / name)
    return (folder / "figures" / name).read_bytes()


def test_question_answer_rows_and_notes_are_there(three_rows: Sweep) -> None:
    words = " ".join(page(three_rows).words)
    for part in (
        "Which is best?", "test accuracy is higher with wide", "mnist 60,000 / 10,000 · 3 variants x 3 seeds",
        "98.45 ± 0.05", "Differences are against 512-256.",
    ):  # fmt: skip
        assert part in words


def test_only_its_own_scripts_and_style_run_and_nothing_is_loaded(full: Sweep) -> None:
    found = page(full)
    (policy,) = (tag["content"] for tag in found.all("meta") if tag.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    data, *scripts = found.sources["script"]
    for source in (*scripts, *found.sources["style"]):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'" in policy
    assert policy.count("sha256") == 3
    assert "<" not in data
    assert not found.all("link")
    assert not any("style" in attributes or "onclick" in attributes for _, attributes in found.tags)
    assert not any(
        key in attributes
        for _, attributes in found.tags
        for key in ("src", "href")
        if "://" in str(attributes.get(key))
    )


def test_names_are_no_markup(full: Sweep) -> None:
    found = page(full)
    assert HOSTILE in found.words
    assert not found.all("b")
    assert len(found.all("script")) == 3


def test_curves_and_violins_of_the_rows_are_there_without_scripts(full: Sweep) -> None:
    found = page(full)
    pictures = [tag for tag in found.all("svg") if str(tag.get("class")).startswith("static-")]
    assert len(pictures) == 4 * (2 + 3)
    assert [tag for tag in found.all("details") if tag.get("class") == "row" and "open" not in tag] == []
    assert "accuracy of wide by epoch" in str([tag.get("aria-label") for tag in pictures])


def test_what_needs_scripts_is_hidden_until_they_run(full: Sweep) -> None:
    scripted = [tag for _, tag in page(full).tags if "scripted" in str(tag.get("class")).split()]
    assert scripted
    assert all("hidden" in tag for tag in scripted)


def test_pictures_of_the_whole_sweep_are_inside_the_page(three_rows: Sweep) -> None:
    drawn = draw(three_rows.folder, "depth.png")
    (image,) = page(three_rows).all("img")
    assert base64.b64decode(str(image["src"]).removeprefix("data:image/png;base64,")) == drawn
    assert image["alt"] == "depth of all rows"


def test_of_a_row_are_those_that_the_page_does_not_draw(three_rows: Sweep) -> None:
    for name in ("curves.png", "weights.png", "inputs.png"):
        draw(three_rows.folder / "wide", name)
    assert [image["alt"] for image in page(three_rows).all("img")] == ["inputs of wide"]


def test_a_picture_cut_short_is_left_out(three_rows: Sweep) -> None:
    drawn = draw(three_rows.folder / "wide", "inputs.png")
    (three_rows.folder / "wide" / "figures" / "inputs.png").write_bytes(drawn[:40])
    assert page(three_rows).all("img") == []


def test_pictures_beyond_the_room_are_named(three_rows: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "ROOM", len(draw(three_rows.folder / "512-256", "inputs.png")))
    draw(three_rows.folder / "wide", "inputs.png")
    found = page(three_rows)
    assert [image["alt"] for image in found.all("img")] == ["inputs of 512-256"]
    assert "Pictures not on this page, because of its size: wide/figures." in found.words


def test_the_size_is_that_of_the_library_and_little_more(full: Sweep) -> None:
    size = len(render(read(full.save())).encode())
    assert size - len(library.script()) < 200_000
    assert size < 2_000_000


def test_the_library_is_made_once_and_then_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "CACHE", tmp_path / "cache")
    made = library.script()
    assert re.match(r"vega-[\d.]+", next((tmp_path / "cache").iterdir()).name)
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda *_: pytest.fail("bundled again"))
    assert library.script() == made
    assert "</script" not in made


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(library, "CACHE", tmp_path / "file" / "cache")
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda *_: "bundle")
    assert library.script() == "bundle"
