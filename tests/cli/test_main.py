"""Which words are a command, which are overrides, and what is refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from mnist_sweeps.cli import main


def command(*words: str) -> subprocess.CompletedProcess[str]:
    typed = [sys.executable, "-m", "mnist_sweeps", *words]
    return subprocess.run(typed, capture_output=True, text=True, check=False)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that would be trained."""
    lines: list[list[str]] = []
    monkeypatch.setattr("mnist_sweeps.cli.train.train", lambda arguments: lines.append(arguments) or 0)
    return lines


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["mnist-sweeps", *words])
    return main.cli()


@pytest.mark.parametrize(
    "words",
    [[], ["optimizer=sgd"], ["-m", "seeds=2"], ["+a=1"], ["~optimizer"], ["--cfg", "job"], ["sweep=x"]],
)
def test_overrides_and_flags_of_hydra_are_trained(
    trained: list[list[str]], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    assert run(monkeypatch, *words) == 0
    assert trained == [words]


@pytest.mark.parametrize("option", ["-q", "--quiet", "-v", "--verbose"])
def test_options_for_messages_are_not_for_hydra(
    trained: list[list[str]], monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    assert run(monkeypatch, option, "seeds=2") == run(monkeypatch, "seeds=2", option) == 0
    assert trained == [["seeds=2"], ["seeds=2"]]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["stauts"], "stauts: no such command; did you mean status? allowed: check, diff, drop, export, extend, "
                     "from-keras, init, judge, list, new, predict, rename, report, schema, status, track, watch; or "
                     "overrides, like optimizer=sgd"),
        (["list", "--nonsense", "foo"], "mnist-sweeps list: unrecognized arguments: --nonsense foo; see mnist-sweeps "
                                        "list --help"),
        (["check", "--nonsense"], "mnist-sweeps check: unrecognized arguments: --nonsense; see mnist-sweeps check "
                                  "--help"),
        (["status"], "mnist-sweeps status: the following arguments are required: DIR; see mnist-sweeps status --help"),
    ],
)  # fmt: skip
def test_what_is_no_command_line_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], line: str
) -> None:
    assert run(monkeypatch, *words) == 2
    assert capsys.readouterr().err == line + "\n"


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_has_a_help_that_names_its_arguments(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, name, "--help")
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: mnist-sweeps {name} [-h] [-q] [-v]")
    assert "--quiet" in text and "--verbose" in text


def test_the_version_is_ours() -> None:
    done = command("--version")
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "mnist-sweeps", "")


def test_the_help_of_a_command_imports_no_hydra() -> None:
    code = "import sys; from mnist_sweeps.cli import main; sys.argv = ['mnist-sweeps', 'list']; main.cli(); " \
           "print([name for name in ('hydra', 'pandas', 'matplotlib', 'keras') if name in sys.modules])"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_script_that_calls_the_command_unguarded_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "unguarded.py").write_text(
        "import sys\n"
        "from mnist_sweeps.cli import main\n"
        "from mnist_sweeps.runtime import workers\n"
        "def train(arguments):\n"
        "    print(*workers.run(len, ['job'], [{}], workers.Rules(), lambda index, lost: None))\n"
        "main._run = train\n"
        "main.cli()\n"
    )
    done = subprocess.run([sys.executable, tmp_path / "unguarded.py"], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    assert 'the call that trains must stand below `if __name__ == "__main__":`' in line
