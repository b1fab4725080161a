"""The report again, from the run folders."""

from pathlib import Path

import pytest
import yaml
from tests.pretend import DRAW_OVERVIEW, Launcher, leave_picture

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.data import mnist
from mnist_sweeps.job import run_figures
from mnist_sweeps.report.figures import overview
from mnist_sweeps.storage import variant_folder

FILES = ("report.txt", "report.md", "report.csv", "report.html", "histories.csv")


def test_deleted_files_are_made_again_to_the_byte(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {name: (swept / name).read_bytes() for name in FILES}
    for name in FILES:
        (swept / name).unlink()
    capsys.readouterr()
    assert run_command("report", [str(swept)]) == 0
    assert {name: (swept / name).read_bytes() for name in FILES} == before
    assert capsys.readouterr().out.strip() == before["report.txt"].decode().strip()


def test_where_nothing_can_be_written_the_table_is_printed_all_the_same(
    read_only: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run_command("report", [str(read_only)]) == 1
    printed = capsys.readouterr()
    assert printed.out.strip() == (read_only / "report.txt").read_text(encoding="utf-8").strip()
    assert printed.err.startswith("outputs/mine: the figures and files of the report are not written: [Errno 30]")


def test_missing_figures_are_drawn_and_one_that_fails_is_exit_code_1(
    swept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(folder: Path, name: str) -> None:
        raise OSError(f"no room in {folder.name}")

    (swept / "plain" / variant_folder.LAST_PICTURE).unlink()
    monkeypatch.setattr(run_figures, "draw_default", refuse)
    assert run_command("report", [str(swept)]) == 1
    assert "variant plain: its figures are not drawn: OSError: no room in plain" in capsys.readouterr().err
    monkeypatch.setattr(run_figures, "draw_default", leave_picture)
    assert run_command("report", [str(swept)]) == 0
    assert (swept / "plain" / variant_folder.LAST_PICTURE).exists()


def test_a_sweep_that_is_not_complete_is_exit_code_1_and_a_line(
    swept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (swept / "plain" / "seed-1" / "run.json").unlink()
    capsys.readouterr()
    assert run_command("report", [str(swept)]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith(
        "outputs/mine: 1 of 2 rows not complete: plain: partly (1 of 2). To train what is missing: mnist-sweeps"
    )
    assert "\n" not in said


def test_several_sweeps_are_reported_in_turn(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("report", [str(swept), str(swept)]) == 0
    assert capsys.readouterr().out.count("mine: Which?") >= 2


@pytest.fixture
def other(swept: Path) -> Path:
    """A second sweep on the same test images."""
    Launcher().sweep("sweep=folds")
    return swept.parent / "folds"


def test_several_sweeps_are_joined(swept: Path, other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run_command("report", [str(swept), str(other)]) == 0
    _, _, joined = capsys.readouterr().out.rpartition("mine + folds")
    assert all(f"| {name} " in joined for name in ("mine: plain", "mine: other optimizer", "folds: 0.1", "folds: 0.01"))
    assert joined.endswith("page of all: outputs/mine/report+folds.html\n")
    assert "folds: 0.01" in (swept / "report+folds.html").read_text(encoding="utf-8")


def test_sweeps_on_other_data_are_not_joined(swept: Path, other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for run in other.glob("*/*/run.json"):
        run.write_text(run.read_text().replace('"test": 200', '"test": 100'))
    capsys.readouterr()
    assert run_command("report", [str(swept), str(other)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("not joined: the test images differ: ")
    assert not [*swept.glob("report+*")]


def test_a_joined_page_that_cannot_be_written_is_exit_code_1(
    swept: Path, other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (swept / "report+folds.html").mkdir()
    assert run_command("report", [str(swept), str(other)]) == 1
    assert capsys.readouterr().err.startswith("the page of all is not written: ")


def test_a_folder_without_a_sweep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^report .*sweep.yaml"):
        run_command("report", [str(tmp_path)])


def refer(swept: Path, accuracy: float) -> None:
    """Gives the row `plain`, whose test accuracy is 10 % in every run, a reference."""
    plan = yaml.safe_load((swept / "sweep.yaml").read_text())
    plan["reference"] = {"columns": ["test_accuracy"], "rows": {"plain": [accuracy]}}
    (swept / "sweep.yaml").write_text(yaml.safe_dump(plan))


@pytest.mark.parametrize(
    ("reference", "margin", "code"),
    [
        pytest.param(0.05, "0", 0, id="better than its reference"),
        pytest.param(0.11, "0", 0, id="worse within the noise of one run"),
        pytest.param(0.95, "0", 1, id="worse"),
        pytest.param(0.95, "90", 0, id="worse within the margin"),
    ],
)
def test_fail_if_worse(
    swept: Path, capsys: pytest.CaptureFixture[str], reference: float, margin: str, code: int
) -> None:
    refer(swept, reference)
    assert run_command("report", [str(swept), "--fail-if-worse", margin]) == code
    line = "worse: plain: test accuracy 10.00%, its reference is 95.00%"
    assert (line in capsys.readouterr().out) == bool(code)


def test_without_references_nothing_can_be_worse(swept: Path) -> None:
    with pytest.raises(ConfigError, match="--fail-if-worse needs a reference with test_accuracy"):
        run_command("report", [str(swept), "--fail-if-worse", "0.2"])


def test_pictures_are_drawn_again_where_asked(swept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[dict[str, Path], run_figures.FigureOptions]] = []
    monkeypatch.setattr(run_figures, "redraw", lambda folders, wish: drawn.append((folders, wish)))
    monkeypatch.setattr(overview, "draw", DRAW_OVERVIEW)
    assert run_command("report", [str(swept)]) == 0
    assert not drawn
    for words in (["--draw"], ["--pair", "4,9"], ["--by", "predicted"], ["--format", "svg"]):
        assert run_command("report", [str(swept), *words]) == 0
    assert drawn[0][0]["plain"] == swept / "plain"
    assert [wish for _, wish in drawn] == [
        run_figures.FigureOptions(),
        run_figures.FigureOptions(pair=(4, 9)),
        run_figures.FigureOptions(by="predicted"),
        run_figures.FigureOptions(form="svg"),
    ]
    assert (swept / "figures" / "accuracies.svg").exists()


@pytest.mark.parametrize("pair", ["4", "4,4", "4,10", "a,b", "4,9,1", ""])
def test_what_is_no_pair_of_digits_is_refused(swept: Path, pair: str) -> None:
    with pytest.raises(ConfigError, match=f"{pair!r}: expected two different digits, like 4,9"):
        run_command("report", [str(swept), "--pair", pair])


def test_drawing_without_the_digits_says_where_they_may_be(swept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str, path: str | None) -> None:
        raise ConfigError("data=mnist: the full MNIST is not on this machine")

    monkeypatch.setattr(mnist, "read", nowhere)
    with pytest.raises(ConfigError, match="not on this machine"):
        run_command("report", [str(swept), "--draw"])
