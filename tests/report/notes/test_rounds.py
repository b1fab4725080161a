"""The note on seeds that were added until decided."""

import pytest

from mnist_sweeps.report import read


@pytest.mark.parametrize(
    ("at_most", "rounds"), [(3, "1 round, with 3 seeds. Each has"), (50, "1 round so far, with 3 seeds. Each has")]
)
def test_rounds_are_counted_so_far_only_while_there_are_more(sweep, at_most, rounds):
    sweep.plan |= {"baseline": "base", "until_decided": {"at_least": 3, "at_most": at_most}}
    sweep.row("base", [0.98, 0.981, 0.982])
    sweep.row("near", [0.981, 0.982, 0.980], compared_with="base")
    (note,) = [note for note in read(sweep.save()).notes if note.startswith("Seeds were added until decided")]
    assert rounds in note
