"""Messages to the user: the logger `mnist_sweeps`, as plain lines without time or level.

Messages go to standard output, warnings and errors to standard error. Results (tables) are printed, not logged, so
that `--quiet` leaves them. A worker process logs to its standard error, which is the `log.txt` of its variant: only
the driver writes to the terminal.
"""

from __future__ import annotations

import logging
import sys
from io import TextIOWrapper

from mnist_sweeps.runtime import terminal

LOGGER = logging.getLogger("mnist_sweeps")


class _PlainLines(logging.Handler):
    """Writes to the standard streams as they are now: a progress bar and the tests replace them."""

    in_worker = False

    def emit(self, record: logging.LogRecord) -> None:
        to_stderr = self.in_worker or record.levelno >= logging.WARNING
        try:
            print(record.getMessage(), file=sys.stderr if to_stderr else sys.stdout, flush=True)
        except BrokenPipeError:  # the training goes on
            terminal.drop_output()


_HANDLER = _PlainLines()
LOGGER.addHandler(_HANDLER)
LOGGER.setLevel(logging.INFO)
LOGGER.propagate = False  # an application that logs, too, would print each line twice


def log_to_stderr() -> None:
    """From now on every message of this process goes to standard error, in UTF-8: called once in each worker."""
    _HANDLER.in_worker = True
    if isinstance(sys.stderr, TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
