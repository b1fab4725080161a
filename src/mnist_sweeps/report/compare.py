"""Which row is compared with which, as samples for `mnist_sweeps.stats`."""

from collections.abc import Mapping, Sequence

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats import Comparison, FoldScores, Sample, compare


def samples(rows: Sequence[ReportRow]) -> dict[str, Sample]:
    """The test accuracies of every row with runs under its own name, by row name."""
    return {
        row.name: Sample(row.accuracies, row.n_test)
        for row in rows
        if row.same_as is None and row.accuracies and row.n_test
    }


def fold_scores(rows: Sequence[ReportRow]) -> dict[str, FoldScores]:
    """The accuracies on their folds of every row with folds and runs under its own name, by row name."""
    found = {}
    for row in rows:
        scored = [run for run in row.finished if "fold_accuracy" in run.metrics]
        n_train, n_fold = row.first(lambda run: run.n_train), row.first(lambda run: run.n_fold)
        if scored and n_train and n_fold and row.same_as is None:
            values = {(run.seed, run.fold or 0): run.metrics["fold_accuracy"] for run in scored}
            found[row.name] = FoldScores(values, n_train, n_fold)
    return found


def comparisons(rows: Sequence[ReportRow], margin: float) -> dict[str, Comparison]:
    """The verdict of every row that has one, by row name; `margin` is a fraction.

    A row is not compared before both sides have a run, or two of the same seed and fold. A row that equals
    another has the other's verdict where both are compared with the same row, which is then tested once; else
    a separate comparison.
    """
    known, folds = samples(rows), fold_scores(rows)
    trained = {row.name: row.same_as or row.name for row in rows}
    pairs = {row.name: (trained[row.name], trained.get(row.variant.compared_with or "")) for row in rows}
    tested = {
        name: (own, other)
        for name, (own, other) in pairs.items()
        if own in known and other in known and other is not None and own != other and _paired(folds, own, other)
    }
    against = {own: other for name, (own, other) in tested.items() if name == own}
    found = compare(known, against, margin, folds) if against else {}
    for name, (own, other) in tested.items():
        if name != own:  # a second name must not enter twice: it borrows its twin's place in the adjustment
            anew = against.get(own) != other
            found[name] = compare(known, against | {own: other}, margin, folds)[own] if anew else found[own]
    return found


def _paired(folds: Mapping[str, FoldScores], own: str, other: str) -> bool:
    """Whether two rows with folds share two runs to compare; True for rows that are not compared by folds."""
    return own not in folds or other not in folds or len(folds[own].pairs(folds[other])) > 1
