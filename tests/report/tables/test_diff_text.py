"""The difference as it is printed."""

from tests.report.predictions_of import leave_predictions
from tests.synthetic_sweep import Sweep

from mnist_sweeps.report.diff import diff
from mnist_sweeps.report.selection import select
from mnist_sweeps.report.tables.diff_text import render

FEW = {"data": {"name": "mnist5k", "train": 400, "test": 30, "validation_is": "none", "description": "few"}}


def printed(sweep: Sweep, first: str = "", second: str = "") -> str:
    folder = sweep.save()
    return render(diff(select(f"{folder}{first}"), select(f"{folder}{second}")))


def test_two_rows_in_depth(sweep: Sweep) -> None:
    sweep.row("plain", [0.90, 0.91], **FEW, config={"model": {"hidden": [8]}})
    sweep.row("wide", [0.97, 0.98], **FEW, config={"model": {"hidden": [16]}})
    leave_predictions(sweep, "plain", [[0] * 30] * 2)
    leave_predictions(sweep, "wide", [[1] * 25 + [0] * 5] * 2)
    lines = printed(sweep, "/plain", "/wide").splitlines()
    assert lines[:2] == [
        f"{side}: small, row {name} ({sweep.folder})" for side, name in (("A", "plain"), ("B", "wide"))
    ]
    assert lines[2:5] == ["Versions and machine: the same", "Settings:", "  model.hidden  [8] -> [16]"]
    cells = [line.strip("| ").split("|") for line in lines if line.startswith("| test accuracy")]
    assert [cell.strip() for cell in cells[0]] == ["test accuracy %", "90.50 ± 0.71", "97.50 ± 0.71", "+7.00"]
    (verdict,) = [line for line in lines if line.startswith("Test accuracy, B against A: +7.00 [")]
    assert "not distinguishable (spread: Welch, p " in verdict
    assert (
        "Images: by the majority over the runs, A and B differ on 25 of 30; which is right is not known"
        in "\n".join(lines)
    )
    assert lines[-2:] == ["      19: A says 0, B says 1", "  and 5 more"]


def test_two_sweeps_as_a_table(three_rows: Sweep) -> None:
    lines = printed(three_rows).splitlines()
    assert [line.split("|")[1].strip() for line in lines if line.startswith("|")][1:] == [
        "512-256",
        "wide",
        "sgd, 5 epochs",
    ]
    assert lines[-1] == "Settings: the same"


def test_why_a_verdict_is_missing_is_said_once_for_all_rows(sweep: Sweep) -> None:
    for name in ("a", "b"):
        sweep.row(name, [0.9, 0.91], digest=name)
    assert "No verdict for a; b: 2 runs of both with the same settings and seed, so" in printed(sweep)


def test_control_characters_of_names_are_not_printed(sweep: Sweep) -> None:
    sweep.row("\x1b[31mred", [0.9], folder="red")
    assert "\x1b" not in printed(sweep, "/red", "/red")


def test_no_row_in_common(sweep: Sweep) -> None:
    other = Sweep(sweep.folder.parent / "other")
    sweep.row("a", [0.9])
    sweep.row("b", [0.9])
    other.row("c", [0.9])
    other.row("d", [0.9])
    text = render(diff(select(str(sweep.save())), select(str(other.save()))))
    assert text.splitlines()[2:4] == ["only in A: a; b", "only in B: c; d"]
    assert text.endswith("No row has the same name in both.")
