"""Every variant composed and built, none trained."""

from pathlib import Path

import pytest
from tests import pretend

from mnist_sweeps.cli.commands import check
from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.sweeps import dry_run
from mnist_sweeps.sweeps.dry_run import Built


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend.prepare(tmp_path, monkeypatch)
    monkeypatch.setattr(check, "dry_run", lambda configs: [pretend.BUILT] * len(configs))


def test_a_sweep_is_told_row_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("check", ["sweep=mine"]) == 0
    told = capsys.readouterr().out
    assert "mine: Which?" in told
    assert "few digits" in told
    rows = [line for line in told.splitlines() if line.startswith("| ")]
    assert [[cell.strip() for cell in row.split("|")][1:4] for row in rows[1:]] == [
        ["plain", "2", "7,850"], ["other optimizer", "2", "7,850"], ["plain again", "2", "7,850"],
    ]  # fmt: skip
    assert "optimizer" in rows[2]
    assert "= plain" in rows[3]
    assert not (tmp_path / "outputs").exists()


def test_one_seed_detects_nothing_and_the_seeds_that_do_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("check", ["sweep=mine", "seeds=1"]) == 0
    told = capsys.readouterr().out.replace("\n", " ")
    assert told.count("| one seed |") + told.count("|   one seed |") == 3
    assert "One seed a row gives no verdict. With " in told
    assert "seeds a difference of 0.2 pp, the margin, is shown in half of all sweeps." in told
    assert run_command("check", ["sweep=mine"]) == 0
    assert "gives no verdict" not in capsys.readouterr().out


def test_a_folder_of_options_is_taken_as_a_training_takes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "more" / "sweep").mkdir(parents=True)
    (tmp_path / "more" / "sweep" / "theirs.yaml").write_text("question: Theirs?\nvariants: {a: {}}\n")
    assert run_command("check", ["--config-dir", "more", "sweep=theirs"]) == 0
    assert run_command("check", ["size=smoke", "--config-dir", "more", "sweep=theirs"]) == 0
    assert capsys.readouterr().out.count("Theirs?") == 2


@pytest.mark.slow
def test_sweeps_of_a_folder_of_options_are_checked_in_place_of_those_of_conf(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "more" / "sweep").mkdir(parents=True)
    (tmp_path / "more" / "sweep" / "theirs.yaml").write_text("question: Theirs?\nvariants: {a: {}}\n")
    assert run_command("check", ["--config-dir", "more"]) == 0
    told = capsys.readouterr().out
    assert "Theirs?" in told
    assert "Which?" not in told  # of conf/, whose place it takes


@pytest.mark.slow
def test_without_a_name_every_sweep_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("check", []) == 0
    told = capsys.readouterr().out
    assert "quickstart: " in told
    assert "mine: Which?" in told  # the user's own


def test_every_fault_of_every_row_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [Built(fault="model.hidden=0: too few"), pretend.BUILT, pretend.BUILT]
    monkeypatch.setattr(check, "dry_run", lambda configs: faults)
    with pytest.raises(ConfigError, match=r"^variant plain of mine: model.hidden=0: too few$"):
        run_command("check", ["sweep=mine"])


def test_a_fault_of_many_rows_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "dry_run", lambda configs: [Built(fault="data=mnist: not here")] * len(configs))
    with pytest.raises(ConfigError, match=r"^variant plain of mine and 2 more: data=mnist: not here$"):
        run_command("check", ["sweep=mine"])


def test_a_sweep_that_cannot_be_composed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "dry_run", dry_run.dry_run)  # of nothing: no plan is left
    where = "^sweep=mine: (row|variant) plain and 2 more: "
    with pytest.raises(ConfigError, match=where + "model.hiden=3: there is no such key"):
        run_command("check", ["sweep=mine", "model.hiden=3"])


def test_overrides_without_a_sweep_are_one_training(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("check", ["optimizer=sgd", "training.epochs=3"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    assert [row.split("|")[1].strip() for row in rows] == ["Variant", "optimizer=sgd, training.epochs=3"]


def test_a_key_that_does_not_exist_is_one_line() -> None:
    with pytest.raises(ConfigError) as raised:
        run_command("check", ["+model.bias_regularizer=l2"])
    (line,) = str(raised.value).splitlines()
    assert line.startswith("model.bias_regularizer=l2: there is no such key in model")


@pytest.mark.slow
def test_all_checks_every_sweep_and_says_a_shared_fault_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("check", ["--all", "size=smoke"]) == 0
    assert "mine,size=smoke: Which?" in capsys.readouterr().out
    with pytest.raises(ConfigError) as raised:
        run_command("check", ["--all", "+model.bias_regularizer=l2"])
    (line,) = [line for line in str(raised.value).splitlines() if "no such key" in line]
    assert " more: model.bias_regularizer=l2: there is no such key in model" in line


def test_all_and_one_sweep_contradict_each_other() -> None:
    with pytest.raises(ConfigError, match=r"^check --all: checks every sweep; leave sweep=NAME out, or --all$"):
        run_command("check", ["--all", "sweep=mine"])
