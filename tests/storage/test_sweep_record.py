"""sweep.yaml, read back."""

import pytest
import yaml

from mnist_sweeps.storage.sweep_record import read_sweep_record


def test_rows_stand_in_the_order_of_the_file(sweep):
    for name in ("b", "a", "c"):
        sweep.row(name)
    assert [variant.name for variant in read_sweep_record(sweep.save()).variants] == ["b", "a", "c"]


def test_the_margin_is_a_fraction(sweep):
    sweep.plan["margin"] = 0.3
    assert read_sweep_record(sweep.save()).margin == pytest.approx(0.003)


def test_reference_values_are_found_by_row_and_column(sweep):
    sweep.plan["reference"] = {"columns": ["test_loss", "test_accuracy"], "rows": {512: [0.05, None]}}
    assert read_sweep_record(sweep.save()).reference == {"512": {"test_loss": 0.05}}


def test_a_folder_without_sweep_yaml_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"has no sweep\.yaml: expected a sweep's folder"):
        read_sweep_record(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "- a", "variants: 3", "variants: [{name: a}]", "variants: [", yaml.safe_dump({"sweep": "a"})]
)
def test_a_broken_sweep_yaml_is_named(tmp_path, text):
    (tmp_path / "sweep.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"sweep\.yaml is not the plan of a sweep"):
        read_sweep_record(tmp_path)


def test_rows_are_in_the_order_of_the_file_unless_the_plan_says_by_rank(sweep):
    assert read_sweep_record(sweep.save()).order == "file"
    sweep.plan["order"] = "rank"
    assert read_sweep_record(sweep.save()).order == "rank"


def test_the_runs_of_a_row(sweep):
    sweep.row("a", seeds=2)
    sweep.row("b", seeds=1, folds=2)
    found = [[run.folder for run in variant.runs] for variant in read_sweep_record(sweep.save()).variants]
    assert found == [["seed-0", "seed-1"], ["seed-0-fold-0", "seed-0-fold-1"]]
