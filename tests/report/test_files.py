"""The five files, written in one step each."""

import os

import pytest

from mnist_sweeps.report import read, write
from mnist_sweeps.report.figures import overview
from mnist_sweeps.report.tables import text

FILES = {"report.txt", "report.md", "report.csv", "report.html", "histories.csv", "runs.csv"}


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_five_files_and_nothing_else_are_written(three_rows):
    before = set(contents(three_rows.save()))
    report = write(three_rows.folder)
    assert set(contents(three_rows.folder)) - before == FILES
    assert (three_rows.folder / "report.txt").read_text() == text.render(report)
    assert report == read(three_rows.folder)


def test_writing_again_gives_the_same_bytes(three_rows):
    write(three_rows.save())
    before = contents(three_rows.folder)
    write(three_rows.folder)
    assert contents(three_rows.folder) == before


def test_a_file_is_replaced_and_not_changed(three_rows):
    write(three_rows.save())
    reader = (three_rows.folder / "report.txt").open()
    three_rows.row("later", seeds=1)
    write(three_rows.save())
    with reader:
        assert "later" not in reader.read()
    assert "later" in (three_rows.folder / "report.txt").read_text()


@pytest.mark.parametrize("written", range(len(FILES)), ids=sorted(FILES))
def test_a_write_that_fails_leaves_the_old_file_and_no_rest(three_rows, monkeypatch, written):
    """The disk is full after so many files."""
    write(three_rows.save())
    three_rows.row("later", [0.98])
    before = contents(three_rows.save())
    syncs = 2 * written  # each file, and its folder
    fsync = os.fsync

    def full(descriptor):
        nonlocal syncs
        if not syncs:
            raise OSError(28, "No space left on device")
        syncs -= 1
        fsync(descriptor)

    monkeypatch.setattr(overview, "draw", lambda report: None)  # it writes, too
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(three_rows.folder)
    after = contents(three_rows.folder)
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == set(sorted(FILES)[:written])


def test_a_sweep_without_any_run_has_a_report(sweep):
    sweep.row("a", seeds=5)
    sweep.row("b", seeds=5, compared_with="a")
    report = write(sweep.save())
    assert [row.status for row in report.rows] == ["not run yet", "not run yet"]


def test_a_sweep_without_rows_has_a_report(sweep):
    assert write(sweep.save()).rows == ()
