"""Whatever stands on the command line, it is done or refused in words."""

from pathlib import Path

from hypothesis import given
from tests.fuzz import command_lines
from tests.fuzz.examples import effort, efforts
from tests.fuzz.home import home

STRATEGY = command_lines.lines()


def check(template: Path, words: list[str]) -> None:
    with home(template) as here:
        here.run(*words)


@efforts
def test_any_command_line_is_done_or_refused(trained: Path, examples: int) -> None:
    effort(examples)(given(STRATEGY)(lambda words: check(trained, words)))()
