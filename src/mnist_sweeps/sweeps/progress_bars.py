"""Progress bars on a terminal, drawn by rich: one for the sweep, one for each run that is being trained."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as RichProgress
from rich.text import Text

from mnist_sweeps.report.wording import shortened

WIDEST_NAME = 40  # characters; names of variants run to hundreds


class ProgressBars:
    """Bars that replace each other in place; what is printed meanwhile appears above them."""

    def __init__(self, sweep: str, console: Console | None = None) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
        )
        self.display = RichProgress(*columns, console=console, transient=True)
        self.sweep = self.display.add_task(_plain(shortened([sweep], WIDEST_NAME)[0]), total=None, note="")
        self.runs: dict[str, TaskID] = {}

    def start(self) -> None:
        """Shows the bars."""
        self.display.start()

    def stop(self) -> None:
        """Removes the bars."""
        self.display.stop()

    def show(self, done: int, total: int, running: Mapping[str, tuple[int, int]], note: str) -> None:
        """Redraws the bars.

        Args:
            done: Number of runs that ended.
            total: Number of runs.
            running: By the name of a run that is being trained: finished epochs, and all of them.
            note: Stands after the bar of the sweep.
        """
        self.display.update(self.sweep, completed=done, total=total, note=_plain(note))
        for name in self.runs.keys() - running.keys():
            self.display.remove_task(self.runs.pop(name))
        labels = shortened(list(running), WIDEST_NAME)
        for label, (name, (epochs, total_epochs)) in zip(labels, running.items(), strict=True):
            if name not in self.runs:
                self.runs[name] = self.display.add_task("", total=total_epochs, note="epochs")
            self.display.update(self.runs[name], completed=epochs, description=f"  {_plain(label)}")


def _plain(text: str) -> str:
    """The text with brackets that rich shows instead of reading them as markup, and without control characters."""
    return Text("".join(char if char.isprintable() else " " for char in text)).markup
