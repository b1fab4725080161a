"""`mnist-sweeps report DIR...`: the report again, from the run folders alone; its pictures, too, if asked for."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from mnist_sweeps import report
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.report import Report
from mnist_sweeps.report.tables import text
from mnist_sweeps.storage.sweep_file import read_sweep_file

DIGITS = [str(digit) for digit in range(10)]


def main(words: list[str]) -> int:
    """0 where every row is complete and none worse than asked, else 1.

    Raises:
        ConfigError: a folder is none of a sweep, or has no reference to be worse than.
    """
    parser = ArgumentParser("mnist-sweeps report", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="of a sweep, like outputs/quickstart")
    parser.add_argument("--draw", action="store_true", help="every picture of every row, too")
    parser.add_argument("--pair", type=_pair, metavar="A,B", help="draw, and show these digits as the confused pair")
    parser.add_argument("--by", choices=("true", "predicted"), help="draw, and group activations by this digit")
    parser.add_argument("--fail-if-worse", type=float, metavar="PP", help="percentage points below the reference")
    asked = parser.parse_args(words)
    code = 0
    for folder in asked.folders:
        try:
            if asked.draw or asked.pair or asked.by:
                _draw(folder, asked)
            written = report.write(folder)
        except (OSError, ValueError) as error:
            raise ConfigError(f"report {folder}: {error}") from error
        print(text.render(written))
        worse = [] if asked.fail_if_worse is None else _worse(written, asked.fail_if_worse / 100)
        for line in worse:
            print(line)
        if worse or any(row.status != "completed" for row in written.rows):
            code = 1
    return code


def _draw(folder: Path, asked: Namespace) -> None:
    from mnist_sweeps.job import run_figures  # matplotlib and pandas: 0.6 s that a table does not need

    wish = run_figures.FigureOptions(asked.pair, asked.by or run_figures.DEFAULTS.by)
    run_figures.redraw({variant.name: folder / variant.folder for variant in read_sweep_file(folder).variants}, wish)


def _pair(word: str) -> tuple[int, int]:
    """The digits of `4,9`."""
    one, comma, other = word.partition(",")
    if not (comma and one in DIGITS and other in DIGITS and one != other):
        raise ArgumentTypeError(f"{word!r}: expected two different digits, like 4,9")
    return int(one), int(other)


def _worse(written: Report, margin: float) -> list[str]:
    """A line for each row whose reference lies above it by more than the margin and than one run's noise."""
    judged = [(row, row.printed) for row in written.rows if row.printed is not None]
    if not judged:
        raise ConfigError(
            f"report {written.folder}: --fail-if-worse needs a reference with test_accuracy (with folds fold_accuracy) "
            "in the sweep"
        )
    return [
        f"worse: {row.name}: {row.measure.replace('_', ' ')} {found.mean:.2%}, its reference is {reference:.2%}"
        for row, reference in judged
        if (found := row.summary(row.measure))
        and row.predicted
        and reference > max(found.mean + margin, row.predicted[1])
    ]
