"""The process that trains for `mnist_sweeps.sweep`: the command, with its messages on standard error."""

from __future__ import annotations

import os
import sys
import threading

from mnist_sweeps.cli.main import cli
from mnist_sweeps.runtime import messages, worker_process


def main() -> None:
    """Trains what the arguments ask for; ends when the process that started it does, as a notebook's kernel may."""
    threading.Thread(target=worker_process.end_with, args=[os.getppid()], daemon=True).start()
    messages.log_to_stderr()
    sys.exit(cli())


if __name__ == "__main__":
    main()
