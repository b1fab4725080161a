"""The table that `mnist_sweeps.load` and `sweep` return."""

import pickle
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
from tests.synthetic_sweep import Sweep

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.sweeps.sweep_table import SweepTable, sweep_table


@pytest.fixture
def table(three_rows: Sweep) -> SweepTable:
    return sweep_table(three_rows.save())


def test_it_is_the_data_frame_of_report_csv(table: SweepTable) -> None:
    assert isinstance(table, pd.DataFrame)
    assert list(table.variant) == ["512-256", "wide", "sgd, 5 epochs"]
    assert list(table["runs"]) == [3, 3, 3]
    assert len(pd.concat([table, table])) == 6
    assert table.set_index("variant").loc["wide", "verdict"] == "higher"


def test_what_pandas_makes_of_it_is_a_plain_frame(table: SweepTable) -> None:
    for made in (table[["variant"]], table.query("runs == 3"), table.copy(), table.rows):
        assert type(made) is pd.DataFrame
        assert "Verdict" not in made.to_html()
    assert table.rows.equals(pd.DataFrame(table))


def test_it_can_be_pickled(table: SweepTable) -> None:
    again = pickle.loads(pickle.dumps(table))
    assert again.equals(table)
    assert again.report.sweep == "small"


def test_a_notebook_shows_the_verdicts(table: SweepTable) -> None:
    assert "<th>Verdict</th>" in table._repr_html_()


def test_runs_have_a_line_each(sweep: Sweep) -> None:
    sweep.row("plain", [0.9, 0.92])
    sweep.row("again", same_as="plain")
    sweep.row("broken", seeds=1)
    sweep.run("broken", 0, status="failed", error={"type": "ValueError", "message": "no such layer"}, metrics={})
    runs = sweep_table(sweep.save()).runs
    assert [*zip(runs.variant, runs.seed, runs.status, strict=True)] == [
        ("plain", 0, "completed"),
        ("plain", 1, "completed"),
        ("broken", 0, "failed"),
    ]
    assert runs.test_accuracy[:2].tolist() == [0.9, 0.92]
    assert runs.seconds[:2].tolist() == [60.0, 60.0]
    assert runs.error[2] == "ValueError: no such layer"


def test_folds_are_whole_numbers(sweep: Sweep) -> None:
    sweep.fold_row("folded", [0.9, 0.91], [0.92, 0.93])
    table = sweep_table(sweep.save())
    assert table.runs.fold.tolist() == [0, 1, 0, 1]
    assert table.histories.fold.dtype == "Int64"


def test_histories_have_a_line_for_each_epoch(table: SweepTable) -> None:
    wide = table.histories.query("variant == 'wide' and seed == 1")
    assert (wide.epoch.tolist(), wide.accuracy.tolist()) == ([1, 2], [0.8, 0.9])


def test_a_sweep_that_has_not_begun_has_empty_frames(sweep: Sweep) -> None:
    sweep.row("plain", seeds=2)
    table = sweep_table(sweep.save())
    assert list(table.status) == ["not run yet"]
    assert (len(table.runs), len(table.histories)) == (0, 0)
    assert list(table.runs)[:4] == ["variant", "seed", "fold", "status"]


def keep_model(run: Path, bias: float) -> None:
    layer = keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(bias))
    keras.Sequential([keras.Input((2,)), layer]).save(run / "model.keras")


def test_the_model_is_that_of_the_best_run_by_validation(three_rows: Sweep, table: SweepTable) -> None:
    for seed in range(3):
        keep_model(three_rows.folder / "wide" / f"seed-{seed}", bias=seed)
    model = table.model("wide")
    assert float(np.asarray(model(np.zeros((1, 2))))[0, 0]) == 1.0  # seed 1 has the highest validation accuracy


def test_a_row_without_a_model_says_what_keeps_one(table: SweepTable) -> None:
    with pytest.raises(ConfigError, match="wide kept no model; train with keep_models=best or all"):
        table.model("wide")
    with pytest.raises(ConfigError, match=r"no row wdie; did you mean wide\?"):
        table.model("wdie")
