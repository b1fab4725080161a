"""Run folders, whole and broken."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mnist_sweeps.storage.read_runs import read_runs
from mnist_sweeps.storage.run_file import json_text, read_record, read_run
from mnist_sweeps.storage.run_parts import ImageCounts, RunError, RunSeconds
from mnist_sweeps.storage.run_record import RunRecord


def test_runs_come_by_seed_and_not_by_letter(sweep):
    for seed in (10, 2, 0):
        sweep.run("a", seed)
    assert [run.seed for run in read_runs(sweep.folder / "a").readable] == [0, 2, 10]


def test_folds_are_told_from_seeds(sweep):
    sweep.run("a", 1, fold=3)
    (run,) = read_runs(sweep.folder / "a").readable
    assert (run.seed, run.fold, str(run.key)) == (1, 3, "seed 1 fold 3")
    assert (run.n_train, run.n_fold) == (36_667, 18_333)


def test_hidden_layers_are_dense_and_conv_without_the_output(sweep):
    layers = [("Conv2D", "conv_1"), ("MaxPooling2D", "pool"), ("Dense", "hidden_1"), ("Dense", "output")]
    path = sweep.run("a", 0, effective={"layers": [{"class": kind, "name": name} for kind, name in layers]})
    assert read_run(path).hidden == 2


def test_metrics_that_are_no_numbers_are_left_out(sweep):
    path = sweep.run("a", 0, metrics={"test_loss": float("nan"), "val_accuracy": None})
    assert "test_accuracy" in read_run(path).metrics
    assert {"test_loss", "val_accuracy"}.isdisjoint(read_run(path).metrics)


def test_the_error_is_its_first_line(sweep):
    path = sweep.run("a", 0, status="failed", error={"type": "ValueError", "message": "\nno layer\nat all"})
    assert read_run(path).error == "ValueError: no layer"


def test_an_error_that_is_no_text_can_be_written(sweep):
    path = sweep.run("a", 0, status="failed", error={"type": "OSError", "message": "\udcff"})
    assert read_run(path).error == "OSError: ?"


def test_a_folder_that_is_not_there_has_no_runs(tmp_path):
    assert read_runs(tmp_path / "nowhere").readable == ()


def test_a_folder_without_run_json_is_unfinished(sweep):
    (sweep.run("a", 0) / "run.json").unlink()
    assert read_runs(sweep.folder / "a").unfinished == ("seed-0",)


@pytest.mark.parametrize(
    "content",
    [
        "",
        '{"status": "comp',
        "[]",
        "null",
        '"text"',
        "{}",
        '{"status": "x", "data": 3}',
        '{"status": "completed", "metrics": {"test_accuracy": 98.4}}',
        '{"status": "completed", "data": {"test": 0}}',
    ],
)
def test_a_broken_run_json_is_named_beside_the_readable_runs(sweep, content):
    (sweep.run("a", 0) / "run.json").write_text(content)
    sweep.run("a", 1)
    runs = read_runs(sweep.folder / "a")
    assert [run.seed for run in runs.readable] == [1]
    assert len(runs.complaints) == 1 and runs.complaints[0].startswith("seed-0/run.json (")


FULL = RunRecord(
    status="diverged",
    seed=3,
    fold=1,
    digest="d",
    sweep="mine",
    variant="plain",
    config={"seeds": 4},
    counts=ImageCounts("mnist5k", 200, 50, 100, "fold", "mnist5k", 20, largest_class=12),
    scores={"val_accuracy": None, "test_accuracy": 0.5},
    recall=(0.5, None),
    parameter_counts={"total": 2},
    multiplies=4,
    duration=RunSeconds(1.0, (0.5, 0.5), 2.0),
    effective={"layers": []},
    pruned_at=2,
    time_limit_at=3,
    failure=RunError("Diverged", "in epoch 2", "no traceback"),
    provenance={"time": "2026-11-20T12:00:00+00:00", "git": {"commit": None}, "versions": {"mnist-sweeps": "1.0"}},
    files={"history.csv": 12},
)
KEYS = ["schema_version", "status", "sweep", "variant", "seed", "fold", "digest", "config", "data", "metrics", "recall"]
KEYS += [
    "parameters",
    "multiplies",
    "seconds",
    "effective",
    "pruned_at",
    "time_limit_at",
    "error",
    "provenance",
    "files",
]


@pytest.mark.parametrize(
    "record", [FULL, RunRecord("killed", 0), replace(FULL, fold=None, pruned_at=None, time_limit_at=None)]
)
def test_what_is_written_is_read_back(tmp_path, record):
    (tmp_path / "run.json").write_text(json_text(record))
    assert read_record(tmp_path / "run.json") == record


def test_the_keys_are_those_of_the_format():
    assert list(json.loads(json_text(FULL))) == KEYS
    assert list(json.loads(json_text(RunRecord("killed", 0)))) == ["schema_version", "status", "seed", "fold"]


def test_a_run_says_when_and_by_which_code_it_was_made():
    assert (FULL.made, FULL.code) == ("2026-11-20T12:00:00+00:00", "1.0")
    git = {"git": {"commit": "1a2b3c", "dirty": True}}
    assert replace(FULL, provenance=FULL.provenance | git).code == "1a2b3c"


def test_a_newer_run_json_is_named_in_one_line(sweep):
    sweep.run("a", 0, schema_version=2)
    (complaint,) = read_runs(sweep.folder / "a").complaints
    assert complaint.startswith("seed-0/run.json (schema_version=2: written by a newer version of mnist-sweeps; ")


def test_a_run_json_that_is_a_folder_is_named(sweep):
    path = sweep.run("a", 0) / "run.json"
    path.unlink()
    path.mkdir()
    assert read_runs(sweep.folder / "a").complaints == ("seed-0/run.json (Is a directory)",)


def test_history_has_none_where_nothing_was_measured(sweep):
    sweep.run("a", 0)
    (run,) = read_runs(sweep.folder / "a").readable
    assert run.history == ((1, 0.5, 0.8, 0.4, 0.85), (2, 0.25, 0.9, None, None))


@pytest.mark.parametrize("content", ["", "epoch,loss\n1,0.5\n", "epoch,loss,accuracy,val_loss,val_accuracy\n1,0.5,0."])
def test_a_broken_history_is_named_and_the_run_still_counts(sweep, content):
    (sweep.run("a", 0) / "history.csv").write_text(content)
    runs = read_runs(sweep.folder / "a")
    assert len(runs.readable) == 1 and runs.readable[0].history == ()
    assert runs.complaints[0].startswith("seed-0/history.csv (")


def test_a_failed_run_needs_no_history(sweep):
    (sweep.run("a", 0, status="failed") / "history.csv").unlink()
    assert read_runs(sweep.folder / "a").complaints == ()


def test_what_follows_from_the_metrics_is_a_metric_too(sweep):
    recall = [0.9, None, *[0.5] * 8]
    seconds = {"total": 60.0, "epochs": [9.0, 2.0, 3.0]}
    run = read_run(sweep.run("a", 0, 0.95, recall=recall, seconds=seconds, metrics={"train_accuracy": 0.99}))
    assert run.metrics["gap"] == pytest.approx(0.04)
    assert run.metrics["seconds"] == 3.0
    assert run.metrics["recall_0"] == 0.9
    assert "recall_1" not in run.metrics


def test_a_run_without_them_has_no_such_metrics(sweep):
    run = read_run(sweep.run("a", 0, metrics={"train_accuracy": None}, seconds={"total": 60.0}))
    assert run.metrics.keys().isdisjoint({"gap", "seconds", "recall_0"})


@pytest.mark.parametrize("counts", [{"train": 0}, {"test": 0}, {"fold": -1}])
def test_numbers_of_images_are_at_least_one(sweep, counts):
    with pytest.raises(ValueError, match="expected a count of at least 1"):
        read_run(sweep.run("a", 0, data=counts))


RECORDS = sorted((Path(__file__).parents[1] / "fixtures" / "sweep_of_beaa16e").rglob("run.json"))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: "/".join(path.parts[-4:-1]))
def test_a_record_of_the_first_version_keeps_every_key_and_value(path):
    content = json.loads(path.read_text())
    assert json.loads(json_text(read_record(path))) == {"schema_version": 1, **content}
