"""The note on seeds that were added until decided."""

import pytest

from mnist_sweeps.report import read
from mnist_sweeps.report.page.table import page_columns
from mnist_sweeps.report.tables import text
from mnist_sweeps.report.tables.columns import columns


@pytest.mark.parametrize(
    ("at_most", "rounds"), [(3, "1 round, with 3 seeds. Each has"), (50, "1 round so far, with 3 seeds. Each has")]
)
def test_rounds_are_counted_so_far_only_while_there_are_more(sweep, at_most, rounds):
    sweep.plan |= {"baseline": "base", "until_decided": {"at_least": 3, "at_most": at_most}}
    sweep.row("base", [0.98, 0.981, 0.982])
    sweep.row("near", [0.981, 0.982, 0.980], compared_with="base")
    (note,) = [note for note in read(sweep.save()).notes if note.startswith("Seeds were added until decided")]
    assert rounds in note


def test_intervals_of_a_sweep_that_is_tested_more_than_once_say_their_level(sweep):
    sweep.row("base", [0.98, 0.981, 0.982])
    sweep.row("near", [0.981, 0.982, 0.980], compared_with="base")
    claim = {"says": "so", "row": "near", "is": "at least", "value": 0.9, "metric": "test_accuracy"}
    sweep.plan |= {"baseline": "base", "claims": [claim]}
    for plan, level in (({}, "95 %"), ({"until_decided": {"at_least": 3, "at_most": 50}}, "99.5 %")):
        sweep.plan |= plan
        report = read(sweep.save())
        headers = [column.header for column in (*columns(report, wide=True), *page_columns(report))]
        assert headers.count(f"Difference pp ({level})") == 2
        assert f"Each interval is a {level} confidence interval" in text.render(report).replace("\n", " ")
        (column,) = (column for column in page_columns(report) if column.header == f"Difference pp ({level})")
        assert column.value(report.rows[1]) == report.rows[1].comparison.difference
