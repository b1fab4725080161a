"""sweep.yaml, written and read back."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from mnist_sweeps.config.claim_spec import Claim
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.storage import sweep_file
from mnist_sweeps.storage.schema_version import NewerSchema
from mnist_sweeps.storage.sweep_file import read_sweep_file, variant_name, write_sweep_file
from mnist_sweeps.storage.sweep_record import SearchRecord, SweepRecord, VariantRecord


def test_rows_stand_in_the_order_of_the_file(sweep):
    for name in ("b", "a", "c"):
        sweep.row(name)
    assert [variant.name for variant in read_sweep_file(sweep.save()).variants] == ["b", "a", "c"]


@pytest.mark.parametrize(("written", "margin"), [(0.3, 0.003), (0, 0), (None, 0.002)])
def test_the_margin_is_a_fraction(sweep, written, margin):
    sweep.plan["margin"] = written
    assert read_sweep_file(sweep.save()).margin == pytest.approx(margin)


def test_reference_values_are_found_by_row_and_column(sweep):
    sweep.plan["reference"] = {"columns": ["test_loss", "test_accuracy"], "rows": {512: [0.05, None]}}
    assert read_sweep_file(sweep.save()).reference == {"512": {"test_loss": 0.05}}


def test_a_folder_without_sweep_yaml_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"has no sweep\.yaml: expected a sweep's folder"):
        read_sweep_file(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "", "- a", "variants: 3", "variants: [{name: a}]", "variants: [", yaml.safe_dump({"sweep": "a"}), "- [" * 2000,
        f"margin: {10**400}\nvariants: []", "schema_version: 2026-11-30\nvariants: []",
    ],
)  # fmt: skip
def test_a_broken_sweep_yaml_is_named(tmp_path, text):
    (tmp_path / "sweep.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"sweep\.yaml is not the plan of a sweep"):
        read_sweep_file(tmp_path)


def test_rows_are_in_the_order_of_the_file_unless_the_plan_says_by_rank(sweep):
    assert read_sweep_file(sweep.save()).order == "file"
    sweep.plan["order"] = "rank"
    assert read_sweep_file(sweep.save()).order == "rank"


def test_the_runs_of_a_row(sweep):
    sweep.row("a", seeds=2)
    sweep.row("b", seeds=1, folds=2)
    runs = [[str(run) for run in variant.runs] for variant in read_sweep_file(sweep.save()).variants]
    assert runs == [["seed 0", "seed 1"], ["seed 0 fold 0", "seed 0 fold 1"]]


FULL = SweepRecord(
    sweep="mine",
    question="Which?",
    command="mnist-sweeps sweep=mine",
    made="2026-11-20T12:00:00+00:00",
    machine=Machine("jax", "cpu", 2, "compiled"),
    baseline="a",
    margin_points=0.3,
    order="rank",
    compare={"b": "a"},
    variants=(
        VariantRecord("a", "a", (0, 1)),
        VariantRecord("b", "b-1", (4,), 3, "a", ("dropout",), "a", {"model.dropout": 0.5}),
    ),
    reference_columns=("test_loss", "test_accuracy"),
    reference={"a": {"test_accuracy": 0.98}},
    claims=(Claim(says="b is worse", row="b", relation="lower", against="a", changes=("dropout",)),),
    search=SearchRecord(
        sampler="tpe",
        seed=1,
        trials=2,
        space={"training.epochs": "choice(1, 2)"},
        drawn=({"training.epochs": 1}, {"training.epochs": 2}),
        pruner="median",
        floors=(None, [0.5]),
        asynchronous=True,
        running=([], [0]),
        winner="a",
        winner_settings={"seeds": [7]},
        scores=(0.5, None),
        importances={"training.epochs": 1.0},
        importance_intervals={"training.epochs": (0.9, 1.0)},
    ),
)


def test_what_is_written_is_read_back(tmp_path):
    assert write_sweep_file(FULL, tmp_path / "new")
    assert read_sweep_file(tmp_path / "new") == FULL
    assert yaml.safe_load((tmp_path / "new" / "sweep.yaml").read_text())["schema_version"] == 1


def test_a_sweep_with_nothing_but_rows_is_read_back(tmp_path):
    bare = replace(FULL, machine=None, reference={}, reference_columns=(), claims=(), search=None)
    write_sweep_file(bare, tmp_path / "outputs" / "mine")
    assert read_sweep_file(tmp_path / "outputs" / "mine") == bare


def test_a_search_without_a_pruner_and_without_a_winner(tmp_path):
    search = replace(FULL.search, pruner=None, floors=(), winner=None, winner_settings=None)
    write_sweep_file(replace(FULL, search=search), tmp_path)
    written = yaml.safe_load((tmp_path / "sweep.yaml").read_text())["search"]
    assert not written.keys() & {"pruner", "floors"}
    assert written["winner"] is None
    assert read_sweep_file(tmp_path).search == search


def test_the_file_is_for_people(tmp_path):
    """No pointers to where a setting stood before, no escapes, one line for a long sentence."""
    question, settings = "Was ist größer? " + "So? " * 50, {"model.hidden": [8, 8]}
    rows = tuple(replace(FULL.variants[0], name=name, overrides=settings) for name in "ab")
    write_sweep_file(replace(FULL, question=question.strip(), variants=rows), tmp_path)
    text = (tmp_path / "sweep.yaml").read_text()
    assert f"question: {question.strip()}\n" in text
    assert text.count("model.hidden:") == 2 and "&id" not in text


def test_the_same_sweep_is_not_written_again(tmp_path):
    write_sweep_file(FULL, tmp_path)
    path = tmp_path / "sweep.yaml"
    path.write_text(path.read_text().removeprefix("schema_version: 1\n"))  # as the first versions wrote it
    assert not write_sweep_file(replace(FULL, made="2026-11-21T12:00:00+00:00", command="another"), tmp_path)
    assert read_sweep_file(tmp_path) == FULL
    assert write_sweep_file(replace(FULL, margin_points=0.4), tmp_path)
    assert read_sweep_file(tmp_path).margin_points == 0.4


@pytest.mark.parametrize("damage", [b"schema_version: 2026-11-30\n", b"made: [\n", b"made: \xff\n", b""])
def test_a_damaged_file_is_written_again(tmp_path, damage):
    """Also where only lines are damaged that are not compared."""
    write_sweep_file(FULL, tmp_path)
    path = tmp_path / "sweep.yaml"
    whole = path.read_bytes()
    path.write_bytes(damage + whole.removeprefix(b"schema_version: 1\n") if damage else b"")
    assert write_sweep_file(FULL, tmp_path)
    assert path.read_bytes() == whole


def test_a_text_that_no_file_can_hold_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="sweep=mine: a name or text in it is not Unicode"):
        write_sweep_file(replace(FULL, question="\ud800"), tmp_path)
    assert not (tmp_path / "sweep.yaml").exists()


def test_a_newer_sweep_yaml_is_refused_in_one_line(sweep):
    sweep.plan["schema_version"] = 3
    with pytest.raises(NewerSchema, match=r"sweep\.yaml: schema_version=3: written by a newer version") as refused:
        read_sweep_file(sweep.save())
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("machine", [None, "fast", {"backend": "jax"}, {"speed": 3}])
def test_a_machine_that_is_not_understood_costs_no_report(sweep, machine):
    sweep.plan["machine"] = machine
    assert read_sweep_file(sweep.save()).machine is None


FOLDERS = sorted(path.parent for path in (Path(__file__).parents[1] / "fixtures").rglob("sweep.yaml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_file_of_the_first_version_keeps_every_line(folder, tmp_path):
    write_sweep_file(read_sweep_file(folder), tmp_path)
    text = (tmp_path / "sweep.yaml").read_text()
    assert text == "schema_version: 1\n" + (folder / "sweep.yaml").read_text()


def test_what_a_file_leaves_out_has_a_default(sweep):
    for key in ("sweep", "margin"):
        del sweep.plan[key]
    record = read_sweep_file(sweep.save())
    assert (record.sweep, record.margin_points, record.data) == (sweep.folder.name, 0.2, sweep.plan["data"])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"margin": "wide"}, "ValueError: could not convert string to float: 'wide'"),
        ({"reference": {"columns": ["test_loss"], "rows": {"a": [0.1, 0.2]}}}, "ValueError: zip"),
        ({"claims": [{"row": "a", "is": "lower"}]}, "ConfigError: claims: says: expected in every claim"),
    ],
    ids=["margin", "one value too many", "claim"],
)
def test_why_a_file_is_not_a_sweep(sweep, changed, said):
    sweep.plan |= changed
    with pytest.raises(ValueError, match=rf"sweep\.yaml is not the plan of a sweep: {said}"):
        read_sweep_file(sweep.save())


def test_a_worker_reads_the_file_once_for_all_its_jobs(sweep, monkeypatch):
    sweep.row("a/b")
    sweep.row("c")
    folder = sweep.save()
    readings = []
    monkeypatch.setattr(sweep_file, "read_sweep_file", lambda path: readings.append(path) or read_sweep_file(path))
    assert [variant_name(folder / name) for name in ("a-b", "c", "a-b")] == ["a/b", "c", "a/b"]
    assert readings == [folder]


def test_a_file_that_was_replaced_is_read_again(sweep):
    sweep.row("a/b")
    folder = sweep.save()
    variant_name(folder / "a-b")
    write_sweep_file(replace(read_sweep_file(folder), variants=(VariantRecord("a, b", "a-b", (0,)),)), folder)
    assert variant_name(folder / "a-b") == "a, b"


def test_a_variant_without_sweep_yaml_has_the_name_of_its_folder(tmp_path):
    assert variant_name(tmp_path / "0") == "0"
