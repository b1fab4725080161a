"""Hydra's own options on the command line of a training: `--cfg job`, `--config-dir DIR`, ..."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from hydra._internal.utils import get_args_parser

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import conf_paths

MULTIRUN = ("-m", "--multirun")  # every training is one already


def checked(arguments: list[str]) -> list[str]:
    """The arguments as Hydra is to take them, with the user's own folder of options.

    Args:
        arguments: Flags and overrides as typed.

    Raises:
        ConfigError: A flag that Hydra does not know or that runs code, or a folder of options that cannot be used.
    """
    parser = get_args_parser()
    parser.error = _refuse  # type: ignore[method-assign]
    flags = parser.parse_args(arguments)
    if flags.experimental_rerun:
        raise ConfigError("--experimental-rerun: would run code from a file; repeat the command that sweep.yaml names")
    if flags.cfg or flags.info:  # Hydra takes one of these at a time
        arguments = [word for word in arguments if word not in MULTIRUN]
    if flags.config_dir is not None:
        conf_paths.check_names(Path(flags.config_dir).resolve())
    elif folder := conf_paths.own():
        arguments = [*arguments, "--config-dir", str(folder)]
    return arguments


def _refuse(message: str) -> NoReturn:
    raise ConfigError(f"mnist-sweeps: {message}; see mnist-sweeps --help and mnist-sweeps --hydra-help")
