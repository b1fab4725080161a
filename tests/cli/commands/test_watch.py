"""The page, served while the sweep runs."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError


def test_the_page_is_that_of_the_sweep_and_ctrl_c_ends_it_well(swept: Path) -> None:
    command = [sys.executable, "-m", "mnist_sweeps", "watch", str(swept)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        line = watching.stdout.readline()
        url = re.fullmatch(r"outputs/mine: (http://127\.0\.0\.1:\d+/) \(Ctrl-C ends it\)\n", line)
        assert url, line
        with urlopen(url[1]) as answer:
            served = answer.read()
            assert "Refresh" not in answer.headers
        watching.send_signal(signal.SIGINT)
        _, errors = watching.communicate()
    assert served == (swept / "report.html").read_bytes()
    assert (watching.returncode, errors) == (0, "")


def test_a_folder_without_a_sweep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^watch .*sweep\.yaml"):
        run_command("watch", [str(tmp_path)])


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_what_is_no_port_is_refused(swept: Path, port: str) -> None:
    with pytest.raises(ConfigError, match=rf"^--port={port}: expected 0 \(a free one\) to 65535$"):
        run_command("watch", [str(swept), f"--port={port}"])


def test_a_port_in_use_is_named(swept: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"^--port={port}: Address already in use; without --port"):
            run_command("watch", [str(swept), f"--port={port}"])
