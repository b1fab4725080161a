"""Names and places that file systems dislike, and a clock that goes backwards."""

from pathlib import Path

import pytest
from tests.chaos.commands import Here, Sweep

NASTY = {
    "../../" * 48 + "etc/passwd": {},  # 298 letters
    "übergroß, 你好/..": {"optimizer.learning_rate": 0.02},
    "..": {"optimizer.learning_rate": 0.03},
    'it\'s 100% ${HOME} "quoted" = [a, b]': {"optimizer.learning_rate": 0.05},
}


def test_nasty_names_in_a_nasty_place(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "a b, ü = 你好 'q'"
    here.sweep = sweep = Sweep(home).ask(NASTY, seeds=1)
    monkeypatch.chdir(home)
    ended = here.run()
    assert ended.code == 0, ended.out + ended.err
    assert list(sweep.statuses().values()) == ["completed"] * 4
    assert [path.name for path in tmp_path.iterdir()] == [home.name]
    assert sorted(path.name for path in home.iterdir()) == ["conf", "outputs"]
    assert [path.name for path in (home / "outputs").iterdir()] == [sweep.name]
    rows = [path.name for path in sweep.folder.iterdir() if path.is_dir() and path.name != "figures"]
    assert len(rows) == 4
    assert all(len(row.encode()) <= 80 for row in rows)
    assert "übergroß" in (sweep.folder / "report.csv").read_text()


@pytest.mark.slow
def test_workers_in_a_nasty_place(tmp_path: Path) -> None:
    sweep = Sweep(tmp_path / "a b, ü = 你好 'q'").ask(NASTY, seeds=1)
    ended = sweep.run("workers=2")
    assert ended.code == 0, ended.out + ended.err
    assert list(sweep.statuses().values()) == ["completed"] * 4


@pytest.mark.slow
def test_a_clock_that_was_set_back(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.sweep.ask({"one": {}})
    assert here.run("seeds=1").code == 0
    monkeypatch.setattr("mnist_sweeps.runtime.provenance.now", lambda: "2001-01-01T00:00:00+00:00")
    monkeypatch.setattr("time.time", lambda: 978307200.0)
    folder = here.sweep.home / "outputs"
    first = here.run("seeds=1", "fresh=true")
    second = here.run("seeds=1", "fresh=true")
    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert len(list(folder.glob("*2001-01-01T00-00-00*"))) == 2
    again = here.run("seeds=1")
    assert again.code == 0
    assert "1 runs kept" in again.out
