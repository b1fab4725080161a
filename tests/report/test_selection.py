"""`OUT` and `OUT/ROW` as a person types them."""

import pytest
from tests.synthetic_sweep import Sweep

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.report.selection import select


@pytest.fixture
def out(sweep: Sweep) -> str:
    sweep.row("512/256, no dropout", [0.9])
    sweep.row("wide", [0.9])
    return str(sweep.save())


def test_a_folder_is_the_whole_sweep(out: str) -> None:
    assert (select(out).title, select(f"{out}/").row) == ("small", None)


@pytest.mark.parametrize("word", ["512/256, no dropout", "512-256, no dropout", "512-256, no dropout/"])
def test_a_row_goes_by_its_name_or_its_folder(out: str, word: str) -> None:
    assert select(f"{out}/{word}").title == "small, row 512/256, no dropout"


def test_a_mistyped_row_names_the_nearest_one(out: str) -> None:
    with pytest.raises(ConfigError, match=r"no row wdie; did you mean wide\? allowed: 512/256, no dropout, wide$"):
        select(f"{out}/wdie")


@pytest.mark.parametrize("word", ["nowhere", "no/where", ""])
def test_where_no_sweep_is_the_message_says_what_is_expected(out: str, word: str) -> None:
    with pytest.raises(ConfigError, match=f"^{word}: no sweep; expected a sweep's folder"):
        select(word)


def test_a_damaged_sweep_file_is_named(sweep: Sweep, out: str) -> None:
    (sweep.folder / "sweep.yaml").write_text("variants: 3")
    with pytest.raises(ConfigError, match="is not the plan of a sweep"):
        select(out)
