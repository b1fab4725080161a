"""`--quiet` and `--verbose`: which messages of the logger `mnist_sweeps` are printed."""

from __future__ import annotations

import logging

from mnist_sweeps.runtime.messages import LOGGER

LEVELS = {"-q": logging.WARNING, "--quiet": logging.WARNING, "-v": logging.DEBUG, "--verbose": logging.DEBUG}


def configure(arguments: list[str]) -> list[str]:
    """The arguments without `--quiet` and `--verbose`, after the level that they ask for is set.

    A subcommand's help names both options; here they are taken out, since Hydra does not know them.
    """
    levels = [LEVELS[argument] for argument in arguments if argument in LEVELS]
    LOGGER.setLevel(levels[-1] if levels else logging.INFO)
    return [argument for argument in arguments if argument not in LEVELS]
