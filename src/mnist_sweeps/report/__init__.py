"""Reports of a sweep, computed from its sweep.yaml and run folders only.

`read(folder)` returns the report, the modules in `tables` render it, and `write(folder)` writes report.txt,
report.md, report.csv, report.html and histories.csv into the folder. Nothing here imports a backend; pandas is
imported only when the csv files are written, because a table in the terminal does not need it.
"""

from mnist_sweeps.report.files import FILES, write, write_files, write_page
from mnist_sweeps.report.load import Report, read
from mnist_sweeps.report.row import ReportRow

__all__ = ["FILES", "Report", "ReportRow", "read", "write", "write_files", "write_page"]
