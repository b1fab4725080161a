"""Serve the page of a sweep on this machine and keep it up to date while the sweep runs; Ctrl-C ends it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.report.live_page import LivePage
from mnist_sweeps.report.page_server import PageServer
from mnist_sweeps.storage.sweep_file import read_sweep_file

PORTS = range(2**16)


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sweep's folder and the port."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of a sweep, like outputs/quickstart")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="port of 127.0.0.1 (default: a free one)")


def run(arguments: Namespace) -> int:
    """0 once Ctrl-C ends it: a sweep that is watched goes on.

    Raises:
        ConfigError: There is no sweep in the folder, or the port cannot be used.
    """
    folder: Path = arguments.folder
    try:
        read_sweep_file(folder)
    except (OSError, ValueError) as error:
        raise ConfigError(f"watch {folder}: {error}") from error
    with _server(folder, arguments.port) as server:
        print(f"{folder}: {server.url} (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def _server(folder: Path, port: int) -> PageServer:
    if port not in PORTS:
        raise ConfigError(f"--port={port}: expected 0 (a free one) to {PORTS[-1]}")
    try:
        return PageServer(LivePage(folder), port)
    except OSError as error:
        raise ConfigError(f"--port={port}: {error.strerror}; without --port a free one is taken") from error
