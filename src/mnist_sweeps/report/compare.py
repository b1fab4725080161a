"""The comparisons between rows, with their runs as samples for `mnist_sweeps.stats`."""

from collections.abc import Mapping, Sequence

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.stats import Comparison, FoldScores, Sample, Superiority, compare, superiority


def samples(rows: Sequence[ReportRow]) -> dict[str, Sample]:
    """The test accuracies of every row with runs, by row name; without rows that have `same_as`."""
    return {
        row.name: Sample(row.accuracies, row.n_test, row.chance)
        for row in rows
        if row.same_as is None and row.accuracies and row.n_test
    }


def fold_scores(rows: Sequence[ReportRow]) -> dict[str, FoldScores]:
    """The fold accuracies of every row with folds and runs, by row name; without rows that have `same_as`."""
    scores_by_row = {}
    for row in rows:
        scored = [run for run in row.finished if "fold_accuracy" in run.metrics]
        n_train, n_fold = row.first(lambda run: run.n_train), row.first(lambda run: run.n_fold)
        if scored and n_train and n_fold and row.same_as is None:
            values = {(run.seed, run.fold or 0): run.metrics["fold_accuracy"] for run in scored}
            scores_by_row[row.name] = FoldScores(values, n_train, n_fold)
    return scores_by_row


def comparisons(rows: Sequence[ReportRow], margin: float, looks: int = 1, dropped: int = 0) -> dict[str, Comparison]:
    """The comparison of every row that has one, by row name.

    Two rows are compared once both have a completed run (with folds: two runs each with the same seeds and folds). A
    row with `same_as` shares the comparison of that row if both are compared with the same row, so that the test
    counts once in the adjustment; else it gets a separate comparison.

    Args:
        rows: The rows of the report.
        margin: Differences within the margin count as the same, a fraction.
        looks: How often the runs have been tested, this time included.
        dropped: Comparisons of dropped rows, which still count in the adjustment.
    """
    by_row, folds = samples(rows), fold_scores(rows)
    trained = {row.name: row.same_as or row.name for row in rows}
    pairs = {row.name: (trained[row.name], trained.get(row.variant.compared_with or "")) for row in rows}
    tested = {
        name: (row_name, against_name)
        for name, (row_name, against_name) in pairs.items()
        if row_name in by_row
        and against_name in by_row
        and against_name is not None
        and row_name != against_name
        and paired(folds, row_name, against_name)
    }
    against = {row_name: against_name for name, (row_name, against_name) in tested.items() if name == row_name}
    result = compare(by_row, against, margin, folds, looks, dropped) if against else {}
    for name, (row_name, against_name) in tested.items():
        if name != row_name:  # a row with `same_as` must not enter the adjustment a second time
            separate = against.get(row_name) != against_name
            result[name] = (
                compare(by_row, against | {row_name: against_name}, margin, folds, looks, dropped)[row_name]
                if separate
                else result[row_name]
            )
    return result


def superiorities(rows: Sequence[ReportRow]) -> dict[str, Superiority]:
    """How often a run of each row beats one of the row that it is compared with, by row name.

    Without rows that have folds, whose runs are not independent, and without those of a single run.
    """
    values = {row.name: row.accuracies for row in rows if not row.folds}
    pairs = {row.name: row.variant.compared_with for row in rows}
    trained = {row.name: row.trained for row in rows}
    return {
        name: superiority(values[name], values[other])
        for name, other in pairs.items()
        if name in values
        and other in values
        and trained[name] != trained[other]
        and min(len(values[name]), len(values[other])) > 1
    }


def paired(folds: Mapping[str, FoldScores], row_name: str, against_name: str) -> bool:
    """Whether two rows with folds have at least two runs in common; True for rows that are not compared by folds.

    Args:
        folds: The scores of the rows with folds, by row name.
        row_name: One row.
        against_name: The other.
    """
    return row_name not in folds or against_name not in folds or len(folds[row_name].pairs(folds[against_name])) > 1
