"""Runs of the same sweep in another folder are copied, not trained again."""

from pathlib import Path

import pytest
from tests import pretend
from tests.pretend import Launcher

OUT = Path("outputs")


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend.prepare(tmp_path, monkeypatch)


def test_seeds_that_are_added_are_the_only_ones_trained() -> None:
    Launcher().sweep("sweep=mine")
    assert Launcher().sweep("sweep=mine", "seeds=3") == ["plain/seed-2", "other-optimizer/seed-2"]
    first, copy = (OUT / name / "plain" / "seed-0" / "run.json" for name in ("mine", "mine,seeds=3"))
    assert copy.read_bytes() == first.read_bytes()


def test_the_added_seeds_are_trained_on_the_machine_of_the_others() -> None:
    Launcher().sweep("sweep=mine")  # its runs say: TensorFlow, fit, 2 threads
    seen: list[list[str]] = []

    class Seen(Launcher):
        def job(self, overrides: list[str]) -> object:
            seen.append(overrides)
            return super().job(overrides)

    Seen().sweep("sweep=mine", "seeds=3")
    assert {"backend=tensorflow", "engine=fit", "threads=2"} <= set(seen[0])


def test_a_damaged_run_and_one_of_other_settings_are_trained() -> None:
    Launcher().sweep("sweep=mine")
    (OUT / "mine" / "plain" / "seed-1" / "history.csv").write_text("")
    assert "plain/seed-1" in Launcher().sweep("sweep=mine", "seeds=3")
    assert len(Launcher().sweep("sweep=mine", "seeds=2", "training.epochs=4")) == 4


def test_fresh_trains_all() -> None:
    Launcher().sweep("sweep=mine")
    assert len(Launcher().sweep("sweep=mine", "seeds=3", "fresh=true")) == 6


def test_some_variants_are_trained_and_the_others_stay_in_the_table() -> None:
    assert Launcher().sweep("sweep=mine", "variants=[other optimizer]") == [
        "other-optimizer/seed-0", "other-optimizer/seed-1",
    ]  # fmt: skip
    assert "plain" in (OUT / "mine" / "report.txt").read_text()
    assert Launcher().sweep("sweep=mine") == ["plain/seed-0", "plain/seed-1"]
