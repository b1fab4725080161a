"""Which row is compared with which, as samples for `mnist_sweeps.stats`."""

from collections.abc import Sequence

from mnist_sweeps.report.row import Row
from mnist_sweeps.stats import Comparison, Sample, compare


def samples(rows: Sequence[Row]) -> dict[str, Sample]:
    """The test accuracies of every row that has runs of its own, by row name."""
    return {
        row.name: Sample(row.accuracies, row.n_test)
        for row in rows
        if row.same_as is None and row.accuracies and row.n_test
    }


def comparisons(rows: Sequence[Row], margin: float) -> dict[str, Comparison]:
    """The verdict of every row that has one, by row name; `margin` is a fraction.

    A row is not compared before both sides have a run. A row that equals another has the other's verdict
    where both are compared with the same row, which is then tested once; else a comparison of its own.
    """
    known = samples(rows)
    trained = {row.name: row.same_as or row.name for row in rows}
    pairs = {row.name: (trained[row.name], trained.get(row.variant.compared_with or "")) for row in rows}
    tested = {
        name: (own, other)
        for name, (own, other) in pairs.items()
        if own in known and other in known and other is not None and own != other
    }
    against = {own: other for name, (own, other) in tested.items() if name == own}
    found = compare(known, against, margin) if against else {}
    for name, (own, other) in tested.items():
        if name != own:  # a second name must not enter twice: it borrows its twin's place in the adjustment
            anew = against.get(own) != other
            found[name] = compare(known, against | {own: other}, margin)[own] if anew else found[own]
    return found
