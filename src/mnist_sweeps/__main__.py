"""`python -m mnist_sweeps` is the command `mnist-sweeps`."""

import sys

from mnist_sweeps.app import cli

sys.exit(cli())
