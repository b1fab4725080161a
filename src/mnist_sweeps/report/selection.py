"""Which sweep, or which row of it, a person means by `OUT` or `OUT/ROW`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.report.load import Report, read
from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.storage import sweep_file


@dataclass(frozen=True)
class Selection:
    """A sweep, and one row of it; `row` is None where all rows are meant."""

    report: Report
    row: ReportRow | None

    @property
    def title(self) -> str:
        """`quickstart`, or `quickstart, row softmax`."""
        return f"{self.report.sweep}, row {self.row.name}" if self.row else self.report.sweep


def select(text: str) -> Selection:
    """The sweep in the folder `text`, or the row that its last part names.

    Args:
        text: A sweep's folder; or that, a slash, and a row's name or folder name. A name may contain slashes.

    Raises:
        ConfigError: There is no such sweep, or no such row in it.
    """
    if _is_sweep(Path(text)):
        return Selection(_read(text), None)
    for place in reversed([place for place, character in enumerate(text) if character == "/"]):
        if _is_sweep(Path(text[:place])):
            report = _read(text[:place])
            return Selection(report, row_named(report, text[place + 1 :]))
    raise ConfigError(
        f"{text}: no sweep; expected a sweep's folder, like outputs/NAME, or a row of it: outputs/NAME/ROW"
    )


def row_named(report: Report, name: str) -> ReportRow:
    """The row with this name or folder name.

    Args:
        report: The report of its sweep.
        name: As in the table, or as the row's folder is called; a slash at its end, as shells add it, is ignored.

    Raises:
        ConfigError: There is no such row.
    """
    for wanted in (name, name.rstrip("/")):
        for row in report.rows:
            if wanted in (row.name, row.variant.folder):
                return row
    raise ConfigError(f"{report.folder}: no row {name}; {nearest(name, [row.name for row in report.rows])}")


def _is_sweep(folder: Path) -> bool:
    return (folder / sweep_file.NAME).is_file()


def _read(folder: str) -> Report:
    try:
        return read(Path(folder))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder}: {error}") from error
