"""`--quiet` and `--verbose`."""

import logging

import pytest

from mnist_sweeps.cli import messages
from mnist_sweeps.runtime.messages import LOGGER


@pytest.mark.parametrize(
    ("arguments", "rest", "level"),
    [
        (["seeds=2"], ["seeds=2"], logging.INFO),
        (["-q", "seeds=2"], ["seeds=2"], logging.WARNING),
        (["seeds=2", "--quiet"], ["seeds=2"], logging.WARNING),
        (["list", "-v"], ["list"], logging.DEBUG),
        (["--quiet", "--verbose"], [], logging.DEBUG),
    ],
)
def test_the_last_option_sets_the_level(arguments: list[str], rest: list[str], level: int) -> None:
    try:
        assert messages.configure(arguments) == rest
        assert LOGGER.level == level
    finally:
        messages.configure([])


def test_messages_and_errors_go_to_their_streams(capsys: pytest.CaptureFixture[str]) -> None:
    LOGGER.info("a message")
    LOGGER.error("an error")
    assert capsys.readouterr() == ("a message\n", "an error\n")
