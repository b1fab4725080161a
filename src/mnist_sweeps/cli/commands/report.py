"""Write the report of a sweep again, from its run folders; draw its figures as files, if asked to."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from mnist_sweeps import report
from mnist_sweeps.cli.page_file import write_page
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.job import missing_figures
from mnist_sweeps.report import Report, join
from mnist_sweeps.report.figures import overview
from mnist_sweeps.report.tables import text
from mnist_sweeps.report.wording import counted, listed
from mnist_sweeps.runtime.messages import LOGGER
from mnist_sweeps.storage import picture
from mnist_sweeps.storage.folder_names import slug
from mnist_sweeps.storage.sweep_file import read_sweep_file

DIGITS = [str(digit) for digit in range(10)]


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the folders, what to draw, and how much worse than its reference a row may be."""
    parser.add_argument(
        "folders", nargs="+", type=Path, metavar="DIR", help="folder of a sweep; several are joined, too"
    )
    parser.add_argument("--draw", action="store_true", help="draw every figure of every row as a file")
    parser.add_argument("--format", choices=picture.FORMATS, help="draw, as files of this format (default: png)")
    parser.add_argument("--pair", type=_pair, metavar="A,B", help="draw, with these digits as the confused pair")
    parser.add_argument("--by", choices=("true", "predicted"), help="draw, with activations grouped by this digit")
    parser.add_argument(
        "--fail-if-worse",
        type=float,
        metavar="PP",
        help="exit with 1 where a row lies below its reference by more than PP percentage points and one run's noise",
    )


def run(arguments: Namespace) -> int:
    """0 where every row is complete, none worse than allowed, and the report is written; else 1.

    Several sweeps are reported one after the other, then joined.

    Raises:
        ConfigError: A folder holds no sweep, or its sweep has no reference to compare with.
    """
    code = 0
    reports: dict[Path, Report] = {}
    for folder in arguments.folders:
        try:
            read = report.read(folder)
        except (OSError, ValueError) as error:
            raise ConfigError(f"report {folder}: {error}") from error
        reports[folder.resolve()] = read
        print(text.render(read))
        try:
            if arguments.draw or arguments.format or arguments.pair or arguments.by:
                _draw(folder, arguments)
            report.write_files(read)
            if not missing_figures.draw({row.name: row.folder for row in read.rows if row.same_as is None}):
                code = 1
        except OSError as error:
            LOGGER.error(f"{folder}: the figures and files of the report are not written: {error}")
            code = 1
        except ValueError as error:  # a figure of a damaged file
            raise ConfigError(f"report {folder}: {error}") from error
        margin = arguments.fail_if_worse
        worse = [] if margin is None else _worse(read, margin / 100)
        for line in worse:
            print(line)
        if incomplete := _incomplete(read):
            LOGGER.error(incomplete)
        if worse or incomplete:
            code = 1
    return max(code, _join(list(reports.values()))) if len(reports) > 1 else code


def _join(reports: list[Report]) -> int:
    """Prints the sweeps as one table and writes their page into the folder of the first; 1 where that is impossible."""
    if why := join.disagreement(reports):
        print(why)
        return 0
    joined = join.join(reports)
    print(text.render(joined))
    names = "+".join(other.folder.name for other in reports[1:])
    return write_page(joined, reports[0].folder / f"{slug(f'report+{names}')}.html", "page of all")


def _draw(folder: Path, arguments: Namespace) -> None:
    from mnist_sweeps.job import run_figures  # matplotlib and pandas: 0.6 s that a table does not need

    defaults = run_figures.DEFAULTS
    options = run_figures.FigureOptions(arguments.pair, arguments.by or defaults.by, arguments.format or defaults.form)
    variants = {variant.name: folder / variant.folder for variant in read_sweep_file(folder).variants}
    run_figures.redraw(variants, options)
    if options.form != defaults.form:  # `report.write` draws the figures of the whole sweep in the default format
        overview.draw(report.read(folder), options.form)


def _incomplete(read: Report) -> str:
    """Which rows lack runs, and what trains these; empty where none does."""
    rows = [row for row in read.rows if row.same_as is None]
    missing = [f"{row.name}: {row.status}" for row in rows if row.status != "completed"]
    if not missing:
        return ""
    again = f". To train what is missing: {read.plan.command}" if read.plan.command else ""
    return f"{read.folder}: {len(missing)} of {counted(len(rows), 'row')} not complete: {listed(missing)}{again}"


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
