"""Text in terminals that are not UTF-8, and output that nobody reads."""

import io
import os
import subprocess
import sys

import pytest

from mnist_sweeps.runtime import terminal

TEXT = "a · b ± c … größer 🙂\n"


@pytest.mark.parametrize(
    ("encoding", "printed"),
    [
        ("ascii", "a - b +- c ... gr??er ?\n"),
        ("latin-1", "a · b ± c ... größer ?\n"),
        ("cp1252", "a · b ± c … größer ?\n"),
        ("utf-8", TEXT),
    ],
)
def test_characters_that_the_terminal_lacks_are_replaced(
    monkeypatch: pytest.MonkeyPatch, encoding: str, printed: str
) -> None:
    for name in ("stdout", "stderr"):
        buffer = io.BytesIO()
        monkeypatch.setattr(sys, name, io.TextIOWrapper(buffer, encoding=encoding, newline=""))
        terminal.take_any_text()
        print(TEXT, end="", file=getattr(sys, name), flush=True)
        assert buffer.getvalue().decode(encoding) == printed


def test_a_message_that_nobody_reads_does_not_end_a_thread() -> None:
    code = (
        "import os, threading; from mnist_sweeps.runtime.messages import LOGGER\n"
        "thread = threading.Thread(target=lambda: [LOGGER.info('x') for _ in range(3)])\n"
        "thread.start(); thread.join()\n"
        "print('dropped', flush=True); os.write(2, b'trained')"
    )
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"trained")
