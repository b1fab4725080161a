"""Judge runs that other tools made, from a CSV file, an MLflow store or a Hydra multirun: verdicts as in a report."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_sweeps import report
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.report.judge import csv_runs, hydra_runs, mlflow_runs
from mnist_sweeps.report.judge.measured import compared, measured_rows
from mnist_sweeps.report.judge.measured_run import MeasuredRun
from mnist_sweeps.report.judge.verdict_table import verdict_table
from mnist_sweeps.storage import sweep_file

GROWN = (
    "Seeds were added to this sweep after tests of its runs. Here their numbers count as fixed, so p is too small; "
    "`mnist-sweeps report` has the verdicts that allow for it."
)


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the file, what its columns are called, and how its runs are compared."""
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="CSV file, MLflow store (mlruns or .db), folder of a Hydra multirun or a sweep",
    )
    parser.add_argument("--metric", help="what is judged (default: test_accuracy, or the only column of a CSV file)")
    parser.add_argument("--baseline", metavar="VARIANT", help="what the others are compared with (default: the first)")
    parser.add_argument("--margin", type=float, help="differences within it are the same, in the metric's unit")
    parser.add_argument(
        "--n-test", type=int, metavar="N", help="number of test images, where the metric is an accuracy"
    )
    parser.add_argument(
        "--chance",
        type=float,
        metavar="SHARE",
        help="accuracy of guessing: the share of the largest class of the test images (default: 0.1135, MNIST's)",
    )
    parser.add_argument("--lower-is-better", action="store_true", help="the run with the lower value beats the other")
    parser.add_argument("--variant", metavar="KEY", help="column, parameter or override that names the variant")
    parser.add_argument("--seed", metavar="KEY", default="seed", help="column, parameter or override of the seed")
    parser.add_argument("--experiment", metavar="NAME", help="of the MLflow store, where it has several")
    parser.add_argument(
        "--metrics-file", metavar="NAME", default="metrics.json", help="in each folder of a multirun: JSON, YAML or CSV"
    )


def run(arguments: Namespace) -> int:
    """0: the table is printed.

    Raises:
        ConfigError: The file is none of these, or an option does not fit it.
    """
    if arguments.margin is not None and arguments.margin < 0:
        raise ConfigError(f"--margin {arguments.margin:g}: expected 0 or more")
    if arguments.n_test is not None and arguments.n_test < 1:
        raise ConfigError(f"--n-test {arguments.n_test}: expected 1 or more")
    if arguments.chance is not None and not 0 < arguments.chance < 1:
        raise ConfigError(f"--chance {arguments.chance:g}: expected a fraction between 0 and 1")
    metric, runs = _read(arguments)
    if arguments.chance is not None and not (arguments.n_test or any(run.n_test for run in runs)):
        raise ConfigError(f"--chance {arguments.chance:g}: needs the number of test images; add --n-test")
    rows = measured_rows(runs, metric, arguments.n_test, arguments.chance)
    against = compared(rows, arguments.baseline)
    print(verdict_table(rows, against, metric, arguments.margin, arguments.lower_is_better))
    if any(run.looks > 1 for run in runs):
        print(GROWN)
    return 0


def _read(arguments: Namespace) -> tuple[str, list[MeasuredRun]]:
    """The metric and the runs of the file, by its kind."""
    path: Path = arguments.file
    metric, variant, seed = arguments.metric, arguments.variant, arguments.seed
    if (path / sweep_file.NAME).is_file():
        return _sweep(path, metric)
    if mlflow_runs.is_store(path):
        chosen = metric or "test_accuracy"
        return chosen, mlflow_runs.read_mlflow(path, chosen, arguments.experiment, variant, seed)
    if path.is_dir() and hydra_runs.is_multirun(path):
        chosen = metric or "test_accuracy"
        return chosen, hydra_runs.read_hydra(path, chosen, arguments.metrics_file, variant, seed)
    if path.is_dir() or not path.exists():
        raise ConfigError(
            f"{path}: expected a CSV file, a store of MLflow (mlruns or .db), or the folder of a Hydra multirun or of "
            "a sweep"
        )
    return csv_runs.read_csv(path, metric, variant or "variant", seed)


def _sweep(path: Path, metric: str | None) -> tuple[str, list[MeasuredRun]]:
    """The runs of a sweep of ours, as runs.csv has them."""
    from mnist_sweeps.report.tables.csv_files import run_lines

    try:
        lines = run_lines(report.read(path))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from error
    if not lines:
        raise ConfigError(f"{path}: no runs yet")
    return csv_runs.runs_of(lines, metric, "variant", "seed", str(path))
