"""`python -m mnist_sweeps` is the command `mnist-sweeps`."""

import sys

from mnist_sweeps.cli.main import cli

sys.exit(cli())
