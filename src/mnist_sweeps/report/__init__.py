"""Reports of a sweep, made from its sweep.yaml and run folders alone.

`read(folder)` gives the rows, `text.render(report)` and its siblings draw them, `write(folder)` puts
report.txt, report.md, report.csv, report.html and histories.csv into the folder. Nothing here imports a
backend; pandas is imported when the csv files are written, so that a table in the terminal costs no second.
"""

from mnist_sweeps.report.files import FILES, write
from mnist_sweeps.report.load import Report, read
from mnist_sweeps.report.row import ReportRow

__all__ = ["FILES", "Report", "ReportRow", "read", "write"]
