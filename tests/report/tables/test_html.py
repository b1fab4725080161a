"""report.html."""

import base64
from html.parser import HTMLParser
from pathlib import Path

from matplotlib.figure import Figure

from mnist_sweeps.report import read
from mnist_sweeps.report.figures import embedded
from mnist_sweeps.report.tables import html


class Page(HTMLParser):
    """Collects tags with their attributes and the text, and fails on tags that do not close."""

    VOID = frozenset({"meta", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def page(sweep):
    found = Page(html.render(read(sweep.save())))
    assert found.open == []
    return found


def draw(folder: Path, name: str) -> bytes:
    (folder / "figures").mkdir(exist_ok=True, parents=True)
    Figure(figsize=(0.2, 0.2)).savefig(folder / "figures" / name)
    return (folder / "figures" / name).read_bytes()


def test_rows_header_and_notes_are_there(three_rows):
    words = " ".join(page(three_rows).words)
    assert "mnist 60,000 / 10,000 · 3 variants x 3 seeds" in words
    assert "98.45 ± 0.05" in words
    assert "Differences are against 512-256." in words
    assert len(page(three_rows).all("tr")) == 4


def test_figures_are_inside_the_page(three_rows):
    drawn = draw(three_rows.folder / "wide", "batch_norm.png")
    (image,) = page(three_rows).all("img")
    assert base64.b64decode(image["src"].removeprefix("data:image/png;base64,")) == drawn
    assert image["alt"] == "batch norm of wide"
    assert image["tabindex"] == "0"  # what can have the focus is shown in its full size
    assert page(three_rows).all("a") == [{"href": "#row-1"}]
    assert [section["id"] for section in page(three_rows).all("section")] == ["row-1"]


def test_an_equal_row_leads_to_the_pictures_of_the_other(three_rows):
    draw(three_rows.folder / "wide", "curves.png")
    three_rows.row("twin", seeds=3, same_as="wide")
    assert page(three_rows).all("a") == [{"href": "#row-1"}] * 2
    assert len(page(three_rows).all("img")) == 1


def test_pictures_of_the_whole_sweep_come_first(three_rows):
    draw(three_rows.folder / "wide", "curves.png")
    draw(three_rows.folder, "differences.png")
    alts = [image["alt"] for image in page(three_rows).all("img")]
    assert alts == ["differences of All rows", "curves of wide"]


def test_a_picture_cut_short_is_left_out(three_rows):
    drawn = draw(three_rows.folder / "wide", "curves.png")
    (three_rows.folder / "wide" / "figures" / "curves.png").write_bytes(drawn[:40])
    assert page(three_rows).all("img") == []


def test_pictures_beyond_the_room_are_named(three_rows, monkeypatch):
    monkeypatch.setattr(embedded, "ROOM", len(draw(three_rows.folder / "512-256", "curves.png")))
    draw(three_rows.folder / "wide", "curves.png")
    assert [image["alt"] for image in page(three_rows).all("img")] == ["curves of 512-256"]
    assert "wide/figures" in " ".join(page(three_rows).words)


def test_nothing_comes_from_outside(three_rows):
    draw(three_rows.folder / "wide", "curves.png")
    text = html.render(read(three_rows.save()))
    assert "http://" not in text and "https://" not in text and "url(" not in text and "<script" not in text
    assert not page(three_rows).all("link")


def test_names_are_no_markup(sweep):
    sweep.plan["question"] = "<b>bold & brave?</b>"
    sweep.row('<script>alert("x")</script>', [0.9], folder="x")
    draw(sweep.folder / "x", "curves.png")
    found = page(sweep)
    assert not found.all("script") and not found.all("b")
    assert '<script>alert("x")</script>' in found.words


def test_there_is_a_dark_side(three_rows):
    assert "prefers-color-scheme: dark" in html.render(read(three_rows.save()))
