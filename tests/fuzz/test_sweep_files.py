"""Whatever a sweep file holds, it is trained or refused in words."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import sweep_files
from tests.fuzz.examples import effort, efforts
from tests.fuzz.home import home

COMMANDS = [["sweep=mine"], ["sweep=mine", "overwrite=true"], ["check", "sweep=mine"], ["list"]]
STRATEGY = st.tuples(sweep_files.files(), st.sampled_from(COMMANDS))


def check(template: Path, example: tuple[bytes, list[str]]) -> None:
    """The file replaces one that has been trained, so that there is something to lose."""
    written, words = example
    with home(template) as here:
        (here.home / "conf" / "sweep" / "mine.yaml").write_bytes(written)
        here.run(*words)


@efforts
def test_any_sweep_file_is_trained_or_refused(trained: Path, examples: int) -> None:
    effort(examples)(given(STRATEGY)(lambda example: check(trained, example)))()
