"""mnist-sweeps judge: runs of CSV files, MLflow's stores and Hydra's multiruns, and our own read back."""

import csv
import json
import sqlite3
from contextlib import closing

import pytest

from mnist_sweeps import report
from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.stats import corrected_resampled

VALUES = {"sgd": (0.9401, 0.9412, 0.9395, 0.9407), "adam": (0.9702, 0.9695, 0.9711, 0.9699)}
RUNS = [(variant, seed, value) for variant, values in VALUES.items() for seed, value in enumerate(values)]


def judged(capsys, path, *options):
    assert run_command("judge", [str(path), *options]) == 0
    return capsys.readouterr().out


def table(path, lines, header="variant,seed,accuracy"):
    path.write_text("\n".join([header, *(",".join(map(str, line)) for line in lines)]) + "\n")
    return path


def test_our_runs_read_back_give_the_same_table_byte_for_byte(three_rows, capsys):
    three_rows.row("half", [0.9841, 0.1, 0.9843], seeds=4, compared_with="512-256")
    three_rows.run("half", 3, status="diverged", metrics={"test_accuracy": None})
    three_rows.row("twin", seeds=3, same_as="wide", compared_with="512-256")
    folder = three_rows.save()
    read = report.write(folder)
    out = judged(capsys, folder)
    assert out == judged(capsys, folder / "runs.csv")
    cells = {line.split("|")[1].strip(): line for line in out.splitlines() if line.startswith("| ")}
    for row in read.rows[1:4]:
        found, beats = row.comparison, row.superiority
        assert f"| {100 * found.difference:+.2f} [{100 * found.low:+.2f}, {100 * found.high:+.2f}] |" in cells[row.name]
        assert f" {found.p_adjusted:.3g} | {found.verdict} " in cells[row.name]
        assert f" {100 * beats.probability:.0f} [{100 * beats.low:.0f}, {100 * beats.high:.0f}] |" in cells[row.name]
    assert "half: 1 run without a value and 1 run at chance left out." in out


def test_runs_to_which_seeds_were_added_are_told_apart_from_a_fixed_number(three_rows, capsys):
    said = "Seeds were added to this sweep after tests of its runs."
    assert said not in judged(capsys, three_rows.save())
    three_rows.plan["until_decided"] = {"at_least": 3, "at_most": 50}
    folder = report.write(three_rows.save()).folder
    assert said in judged(capsys, folder)
    assert said in judged(capsys, folder / "runs.csv")


def test_our_runs_with_folds_read_back_give_the_verdicts_of_the_report(sweep, capsys):
    sweep.fold_row("base", [0.95, 0.961, 0.97], [0.951, 0.96, 0.972])
    sweep.fold_row("better", [0.965, 0.976, 0.985], [0.966, 0.974, 0.988], compared_with="base")
    sweep.fold_row("half", [0.95, 0.1], compared_with="base")
    folder = sweep.save()
    read = report.write(folder)
    out = judged(capsys, folder)
    assert out == judged(capsys, folder / "runs.csv")
    found, cell = read.rows[1].comparison, next(line for line in out.splitlines() if line.startswith("| better"))
    assert found.verdict == "higher" and "corrected resampled t" in found.method
    assert f"| {100 * found.difference:+.2f} [{100 * found.low:+.2f}, {100 * found.high:+.2f}] |" in cell
    assert f" {found.p_adjusted:.3g} | higher  |" in cell
    assert "fold_accuracy %" in out and f"spread: {found.method}." in " ".join(out.split())
    assert read.rows[2].comparison is None and "half: 1 run at chance left out." in out


def test_folds_of_any_tool(tmp_path, capsys):
    lines = [(name, fold, value) for name, values in VALUES.items() for fold, value in enumerate(values)]
    out = judged(capsys, table(tmp_path / "folds.csv", lines, "variant,fold,accuracy"), "--n-test", "5000")
    low, high, p = corrected_resampled([b - a for a, b in zip(*VALUES.values(), strict=True)], 15_000, 5000)
    assert f"+2.98 [{100 * low:+.2f}, {100 * high:+.2f}] |   {p:.3g} | higher " in out
    assert "[47, 100]" not in out  # folds are not independent: no probability that a run is better


def test_the_share_of_the_largest_class_says_which_runs_guess(tmp_path, capsys):
    lines = [("a", 0, 0.98), ("a", 1, 0.6), ("a", 2, 0.97)]
    path = table(tmp_path / "runs.csv", lines)
    assert "at chance" not in judged(capsys, path, "--n-test", "10000")
    assert "a: 1 run at chance left out." in judged(capsys, path, "--n-test", "10000", "--chance", "0.6")
    path = table(tmp_path / "runs.csv", [(*line, 0.6) for line in lines], "variant,seed,accuracy,chance")
    assert "a: 1 run at chance left out." in judged(capsys, path, "--n-test", "10000")


def test_losses_of_our_runs_are_no_accuracies(three_rows, capsys):
    assert "spread: Welch." in " ".join(judged(capsys, three_rows.save(), "--metric", "test_loss").split())


def test_a_csv_file_of_any_tool(tmp_path, capsys):
    path = table(tmp_path / "runs.csv", RUNS)
    out = judged(capsys, path, "--n-test", "10000")
    assert "| adam    |    4 | 97.02 ± 0.07 | +2.98 [" in out and "| higher " in out
    assert "Differences are against sgd." in out
    assert "| sgd     |    4 | 94.04 ± 0.07 | -2.98 [" in judged(
        capsys, path, "--n-test", "10000", "--baseline", "adam"
    )


def test_a_metric_without_a_law_is_judged_by_welch(tmp_path, capsys):
    path = table(tmp_path / "runs.csv", [(name, seed, 1 - value) for name, seed, value in RUNS], "net,run,loss")
    out = judged(capsys, path, "--variant", "net", "--seed", "run", "--lower-is-better", "--margin", "0.1")
    assert "| adam    |    4 | 0.02983 ± 0.0006801 | -0.0298 [" in out and "| lower   |" in out
    assert "100 [47, 100] |" in out and "spread: Welch" in out


def test_a_multirun_of_hydra(tmp_path, capsys):
    for number, (variant, seed, value) in enumerate(RUNS):
        hydra = tmp_path / "multirun" / str(number) / ".hydra"
        hydra.mkdir(parents=True)
        (hydra / "overrides.yaml").write_text(f"- optimizer={variant}\n- +seed={seed}\n- epochs=3\n")
        (hydra.parent / "metrics.json").write_text(json.dumps({"test": {"accuracy": value}}))
    out = judged(capsys, tmp_path / "multirun", "--metric", "test.accuracy", "--n-test", "10000")
    assert "| optimizer=adam |    4 | " in out and "| higher " in out


def test_a_folder_of_mlflow(tmp_path, capsys):
    for number, (variant, seed, value) in enumerate(RUNS):
        folder = tmp_path / "mlruns" / "1" / f"run{number}"
        for name, content in {
            "meta.yaml": f"lifecycle_stage: active\nstart_time: {number}\nstatus: 3\n",
            "params/optimizer": variant,
            "params/seed": str(seed),
            "metrics/val/acc": f"1 0.5 0\n2 {value} 1\n",
            "tags/mlflow.parentRunId": "parent",
        }.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
    (tmp_path / "mlruns" / "1" / "meta.yaml").write_text("name: digits\n")
    parent = tmp_path / "mlruns" / "1" / "parent"
    (parent / "params").mkdir(parents=True)
    (parent / "meta.yaml").write_text("lifecycle_stage: active\nstatus: 3\n")
    out = judged(capsys, tmp_path / "mlruns", "--metric", "val/acc", "--n-test", "10000")
    assert "| optimizer=adam |    4 |" in out and "+2.98 [" in out
    assert "left out" not in out  # the parent, which stands for the sweep, is no run of it


def test_a_database_of_mlflow(tmp_path, capsys):
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE experiments (experiment_id, name)")
        database.execute("INSERT INTO experiments VALUES (1, 'digits')")
        database.execute("CREATE TABLE runs (run_uuid, experiment_id, status, lifecycle_stage, start_time)")
        database.execute("CREATE TABLE params (run_uuid, key, value)")
        database.execute("CREATE TABLE latest_metrics (run_uuid, key, value, is_nan)")
        database.execute("CREATE TABLE tags (run_uuid, key, value)")
        database.execute("INSERT INTO tags VALUES ('run0', 'mlflow.parentRunId', 'parent')")
        database.execute("INSERT INTO runs VALUES ('parent', 1, 'FINISHED', 'active', 0)")
        for number, (variant, seed, value) in enumerate(RUNS):
            run = f"run{number}"
            status = "FAILED" if (variant, seed) == ("sgd", 0) else "FINISHED"
            database.execute("INSERT INTO runs VALUES (?, 1, ?, 'active', ?)", (run, status, number))
            database.execute("INSERT INTO params VALUES (?, 'optimizer', ?)", (run, variant))
            database.execute("INSERT INTO params VALUES (?, 'seed', ?)", (run, str(seed)))
            database.execute("INSERT INTO latest_metrics VALUES (?, 'acc', ?, 0)", (run, value))
    out = judged(capsys, path, "--metric", "acc", "--n-test", "10000")
    assert "| optimizer=adam |    4 |" in out and "| optimizer=sgd  |    3 |" in out
    assert "optimizer=sgd: 1 run without a value left out." in out and out.count("left out") == 1
    with pytest.raises(ConfigError, match=r"--experiment digit: not there; did you mean digits\?"):
        judged(capsys, path, "--experiment", "digit")


@pytest.mark.parametrize(
    ("header", "lines", "options", "words"),
    [
        ("variant,seed,a,b", [("x", 0, 1, 2)], [], "--metric is needed, one of a, b"),
        ("variant,seed,acc", [("x", 0, 1)], ["--metric", "ac"], "--metric ac: no such column; did you mean acc"),
        ("name,seed,acc", [("x", 0, 1)], [], "--variant variant: no such column"),
        ("variant,seed,acc", [("x", 0, "high")], [], "line 2, acc=high: expected a number"),
        ("variant,seed,fold,acc", [("x", 0, 1, 1)], [], "fold=1: expected at least 2 different folds"),
        ("variant,seed,fold,acc", [("x", 0, 0, 1), ("x", 0, "", 1)], [], "variant x, seed 0: no fold; all runs need"),
        ("variant,fold,acc", [("x", 0, 1), ("x", 1, 1), ("x", 1, 1)], [], "x, seed 0, fold 1: there twice"),
        ("variant,fold,loss", [("x", 0, 1), ("x", 1, 1)], [], "loss: folds are compared by an accuracy"),
        ("variant,fold,n_fold,acc", [("x", 0, 0.5, 1)], [], "line 2, n_fold=0.5: expected a whole number"),
        ("variant,seed,acc,n_test", [("x", 0, 1, "many")], [], "line 2, n_test=many: expected a number"),
        ("variant,seed,acc,chance", [("x", 0, 1, 10)], [], "line 2, chance=10: expected a fraction between 0 and 1"),
        ("variant,seed,acc", [("x", 0, 1)], ["--chance", "11.35"], "--chance 11.35: expected a fraction"),
        ("variant,seed,acc", [("x", 0, 1)], ["--chance", "0.1"], "--chance 0.1: needs the number .* add --n-test"),
        ("variant,seed,acc", [], [], "expected a line of column names"),
        ("variant,seed,acc", [("x", 0, 1)], ["--margin", "-1"], "--margin -1: expected 0 or more"),
        ("variant,seed,acc", [("x", 0, 1)], ["--n-test", "0"], "--n-test 0: expected 1 or more"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, capsys, header, lines, options, words):
    with pytest.raises(ConfigError, match=words) as refusal:
        judged(capsys, table(tmp_path / "runs.csv", lines, header), *options)
    assert len(str(refusal.value).splitlines()) == 1


def test_other_places_are_refused(tmp_path, capsys):
    with pytest.raises(ConfigError, match="expected a CSV file, a store of MLflow"):
        judged(capsys, tmp_path)


def test_numbers_of_runs_csv_have_all_digits(three_rows):
    folder = three_rows.save()
    report.write(folder)
    with (folder / "runs.csv").open() as file:
        assert [float(line["test_accuracy"]) for line in csv.DictReader(file)][:3] == [0.984, 0.985, 0.9845]
