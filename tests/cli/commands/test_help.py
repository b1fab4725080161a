"""`--help`: groups, keys, examples."""

import shlex

import pytest

from mnist_sweeps.cli import main
from mnist_sweeps.cli.main import run_command
from mnist_sweeps.planning import catalog, compose, conf_paths, planner


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> str:
    assert run_command("help", []) == 0
    return capsys.readouterr().out


def test_every_verb_and_every_option_is_named(told: str) -> None:
    assert all(f"mnist-sweeps {verb}" in told for verb in main.COMMANDS)
    for group in (*catalog.GROUPS, "sweep"):
        names = ", ".join(option.name for option in catalog.options([conf_paths.shipped()], group))
        assert f"  {group:<20} {names}\n" in told


def test_every_example_of_a_training_can_be_planned(told: str) -> None:
    lines = [line.split("   ")[0] for line in told.splitlines() if line.startswith("  mnist-sweeps")]
    words = [shlex.split(line)[1:] for line in lines]
    examples = [line for line in words if not line or line[0] not in main.COMMANDS]
    assert len(examples) > 4
    for example in examples:
        with compose.session():
            assert planner.plan(example).rows


def test_brackets_are_quoted_for_zsh(told: str) -> None:
    typed = [line for line in told.splitlines() if line.startswith("  mnist-sweeps") and "=[" in line]
    assert typed
    assert all("'" in line for line in typed)
