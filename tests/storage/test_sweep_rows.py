"""Rows of a sweep's record renamed and dropped."""

from dataclasses import replace

import pytest

from mnist_sweeps.config.claim_spec import Claim
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.until_decided import UntilDecided
from mnist_sweeps.storage.sweep_record import SweepRecord, VariantRecord
from mnist_sweeps.storage.sweep_rows import renamed, row_of, without

RECORD = SweepRecord(
    sweep="mine",
    variants=(
        VariantRecord("plain", "plain", (0,)),
        VariantRecord("wide", "wide", (0,), compared_with="plain"),
        VariantRecord("wide again", "wide-again", (0,), compared_with="wide", same_as="wide"),
    ),
    baseline="plain",
    compare={"wide again": "wide"},
    reference={"wide": {"test_accuracy": 0.9}},
    claims=(Claim("wider is better", "wide", "higher", against="plain"),),
)


def test_a_new_name_is_everywhere_and_is_that_of_the_folder() -> None:
    found = renamed(RECORD, "wide", "very wide")
    assert row_of(found, "very wide") == VariantRecord("very wide", "very-wide", (0,), compared_with="plain")
    assert row_of(found, "wide again").compared_with == row_of(found, "wide again").same_as == "very wide"
    assert (found.compare, list(found.reference)) == ({"wide again": "very wide"}, ["very wide"])
    assert found.claims[0].row == "very wide"
    assert renamed(RECORD, "plain", "base").baseline == "base"
    assert renamed(found, "very wide", "wide") == RECORD


def test_dropped_rows_are_kept_apart_and_their_tests_counted() -> None:
    found = without(replace(RECORD, claims=()), ["wide", "wide again"])
    assert [variant.name for variant in found.variants] == ["plain"]
    assert [variant.name for variant in found.dropped] == ["wide", "wide again"]
    assert found.dropped_tests == 1  # equal rows are one comparison
    assert (found.compare, found.reference) == ({}, {})


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (["wde"], "wde: there is no such row; did you mean wide?"),
        (["plain"], "plain: wide is compared with it; drop wide, too"),
        (["wide"], "wide: wide again is compared with it; drop wide again, too"),
        (["wide", "wide again"], "wide: a claim of the sweep needs it: wider is better"),
        (["plain", "wide", "wide again"], "plain, wide, wide again: no row would be left"),
    ],
)
def test_a_row_that_is_needed_is_not_dropped(rows: list[str], line: str) -> None:
    with pytest.raises(ConfigError) as error:
        without(RECORD, rows)
    assert str(error.value).startswith(line)


@pytest.mark.parametrize("new", ["plain", " plain", "", "wide"])
def test_a_name_that_is_taken_is_refused(new: str) -> None:
    with pytest.raises(ConfigError, match="expected a name that no row has; there are plain, wide, wide again"):
        renamed(RECORD, "wide", new)


def test_rows_that_share_rounds_stay() -> None:
    with pytest.raises(ConfigError, match="mine is until decided"):
        without(replace(RECORD, until=UntilDecided()), ["wide again"])
