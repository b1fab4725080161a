"""Histories, and what is said of files that cannot be read."""

from pathlib import Path

import pytest

from mnist_sweeps.storage.read_runs import read_history, read_runs
from mnist_sweeps.storage.run_file import read_run


def test_columns_of_a_history_may_stand_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text("loss,epoch,accuracy,val_accuracy,val_loss\n0.5,1,0.8,,0.4\n")
    assert read_history(tmp_path / "history.csv") == ((1, 0.5, 0.8, 0.4, None),)


@pytest.mark.parametrize(
    "content",
    ["epoch,loss\n1,0.5\n", "epoch,loss,accuracy,val_loss,val_accuracy\n1,0.5\n"],
    ids=["columns", "half a line"],
)
def test_a_history_that_is_not_whole_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "history.csv").write_text(content)
    with pytest.raises(ValueError, match=r"^expected whole lines of epoch,loss,accuracy,val_loss,val_accuracy$"):
        read_history(tmp_path / "history.csv")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"status": "comp', "cut short or not JSON"),
        ('{"status": "completed"}', "KeyError: 'metrics'"),
        ("[]", "TypeError: expected an object, not list"),
    ],
)
def test_why_a_run_cannot_be_read(sweep, content, reason):
    (sweep.run("a", 0) / "run.json").write_text(content)
    assert read_runs(sweep.folder / "a").complaints == (f"seed-0/run.json ({reason})",)


@pytest.mark.parametrize(
    "changed",
    [
        {"data": {"test": 0}},
        {"data": {"fold": 0}},
        {"parameters": {"total": 0}},
        {"pruned_at": 0},
    ],
    ids=["test images", "fold", "parameters", "epoch"],
)
def test_a_count_below_1_is_said(sweep, changed):
    sweep.run("a", 0, **changed)
    said = "seed-0/run.json (ValueError: expected a count of at least 1, not 0)"
    assert read_runs(sweep.folder / "a").complaints == (said,)


@pytest.mark.parametrize(
    ("status", "said"), [("completed", ("seed-0/history.csv (No such file or directory)",)), ("failed", ())]
)
def test_a_completed_run_should_have_a_history(sweep, status, said):
    (sweep.run("a", 0, status=status) / "history.csv").unlink()
    runs = read_runs(sweep.folder / "a")
    assert (runs.complaints, [run.history for run in runs.readable]) == (said, [()])


def test_the_folder_says_which_run_it_is(sweep):
    path = sweep.run("a", 0, fold=1, pruned_at=3)
    path = path.rename(path.with_name("seed-7-fold-2"))
    assert (str(read_run(path).key), read_run(path).pruned_at) == ("seed 7 fold 2", 3)


def test_without_a_word_on_validation_there_is_none(sweep):
    assert read_run(sweep.run("a", 0, data={"train": 10})).validated_on == "none"
