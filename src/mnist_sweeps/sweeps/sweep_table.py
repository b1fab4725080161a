"""The table of a sweep as a pandas data frame that also knows the sweep's runs, histories and models."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from mnist_sweeps import report
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.report import Report
from mnist_sweeps.report.selection import row_named
from mnist_sweeps.report.tables import html
from mnist_sweeps.report.tables.csv_files import histories_csv, report_csv
from mnist_sweeps.report.tables.record import TEXTS
from mnist_sweeps.storage import run_folder, run_scores

if TYPE_CHECKING:
    import keras


class SweepTable(pd.DataFrame):
    """The columns of report.csv, one line a variant; a notebook shows it as the table with verdicts.

    What pandas makes of it (a selection, a sorted copy) is a plain `DataFrame`. The number of runs of each variant is
    `table["runs"]`, since `table.runs` has the runs themselves.
    """

    _metadata = ["report"]  # noqa: RUF012  # pandas: attributes that are no columns
    report: Report

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> str:
        return html.render(self.report)

    @property
    def rows(self) -> pd.DataFrame:
        """One line a variant: this table as a plain `DataFrame`."""
        return pd.DataFrame(self)

    @property
    def runs(self) -> pd.DataFrame:
        """One line a run: variant, seed, fold, status, metrics (accuracies are fractions), seconds, error."""
        lines: list[dict[str, Any]] = [
            {"variant": row.name, "seed": run.seed, "fold": run.fold, "status": run.status}
            | {name: value for name, value in run.metrics.items() if name != "seconds"}
            | {"seconds": run.seconds, "parameters": run.parameters, "error": run.error}
            for row in self.report.rows
            if row.same_as is None
            for run in row.runs.readable
        ]
        frame = pd.DataFrame(lines, columns=None if lines else ["variant", "seed", "fold", "status"])
        return frame.astype({"fold": "Int64"})

    @property
    def histories(self) -> pd.DataFrame:
        """One line an epoch of each run: the columns of histories.csv."""
        text = StringIO(histories_csv(self.report))
        frame = pd.read_csv(text, dtype={"variant": str, "status": str}, keep_default_na=False, na_values=[""])
        return frame.astype({"fold": "Int64"})

    def model(self, row: str) -> keras.Model:
        """The kept model of a row: of its run with the best validation accuracy, if several are kept.

        It takes preprocessed images; `mnist-sweeps export` writes one that takes raw digits.

        Args:
            row: The row's name, or that of its folder.

        Raises:
            ConfigError: There is no such row, it kept no model, or the model is damaged.
        """
        chosen = row_named(self.report, row)
        folders = {run.folder: chosen.folder / run.folder for run in chosen.finished}
        kept = [run for run in chosen.finished if (folders[run.folder] / run_folder.MODEL).exists()]
        if not kept:
            raise ConfigError(f"{chosen.folder}: {chosen.name} kept no model; train with keep_models=best or all")
        folder = folders[max(kept, key=run_scores.score).folder]
        if run_folder.MODEL in run_folder.damaged(folder):
            raise ConfigError(f"{folder}: its model is damaged; the same command trains it again")
        import keras  # 1.3 s, and a backend

        return keras.saving.load_model(folder / run_folder.MODEL, safe_mode=True)


def sweep_table(folder: Path) -> SweepTable:
    """The table of the sweep in `folder`, from sweep.yaml and the run folders.

    Raises:
        FileNotFoundError: There is no sweep in `folder`.
    """
    read = report.read(folder)
    text = StringIO(report_csv(read))
    types = dict.fromkeys(TEXTS, str)
    table = SweepTable(pd.read_csv(text, dtype=types, keep_default_na=False, na_values=[""]))
    table.report = read
    return table
