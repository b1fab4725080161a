"""Shell completion, by a real bash and Hydra's own script."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mnist_sweeps.cli import completion, main

PROGRAM = Path(sys.executable).with_name("mnist-sweeps")


@pytest.mark.parametrize(
    ("line", "names", "rest"),
    [
        ("mnist-sweeps ", list(main.COMMANDS), "mnist-sweeps "),
        ("mnist-sweeps st", ["status"], "mnist-sweeps st"),
        ("mnist-sweeps sweep=qu", [], "mnist-sweeps sweep=qu"),
        ("mnist-sweeps optimizer=sgd mod", [], "mnist-sweeps optimizer=sgd mod"),
        ("mnist-sweeps check sweep=qu", [], "mnist-sweeps sweep=qu"),
        ("mnist-sweeps check ", [], "mnist-sweeps "),
        ("mnist-sweeps check --all optimizer=", [], "mnist-sweeps optimizer="),
        ("mnist-sweeps check --a", [], None),
        ("mnist-sweeps --no", [], None),
        ("mnist-sweeps -q ", list(main.COMMANDS), "mnist-sweeps "),
        ("mnist-sweeps -q sweep=qu", [], "mnist-sweeps sweep=qu"),
        ("mnist-sweeps --config-dir mine sweep=qu", [], "mnist-sweeps --config-dir mine sweep=qu"),
        ("mnist-sweeps status out", [], None),
        ("mnist-sweeps new ", ["sweep"], None),
        ("mnist-sweeps new sw", ["sweep"], None),
        ("mnist-sweeps new sweep ", [], None),
        ("mnist-sweeps", list(main.COMMANDS), "mnist-sweeps"),
    ],
)
def test_what_is_completed_by_whom(line: str, names: list[str], rest: str | None) -> None:
    assert completion.query(line, main.COMMANDS) == (names, rest)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mnist-sweeps sta", {"status"}),
        ("mnist-sweeps sweep=quick", {"sweep=quickstart"}),
        ("mnist-sweeps check sweep=quick", {"sweep=quickstart"}),
        ("mnist-sweeps optimizer=adam", {"optimizer=adam", "optimizer=adamw"}),
    ],
)
def test_bash_completes_commands_sweeps_and_options(tmp_path: Path, line: str, expected: set[str]) -> None:
    script = (
        'eval "$(mnist-sweeps -sc install=bash)"\n'
        f'COMP_LINE="{line}"; COMP_POINT=${{#COMP_LINE}}; COMP_CWORD={len(line.split()) - 1}\n'
        'hydra_bash_completion; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    environment = {"PATH": f"{PROGRAM.parent}:/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert set(done.stdout.split()) == expected, done.stderr
