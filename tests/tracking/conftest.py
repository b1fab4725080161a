"""A finished sweep that nobody trained, and a store of MLflow; each is made once and copied."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from tests import pretend


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    mine = pretend.finished(tmp_path_factory.mktemp("tracked"), {"plain": 0.9, "other-optimizer": 0.8}) / "mine"
    quantiles = np.linspace(-1, 1, 2001, dtype=np.float32)
    arrays = {"output/kernel/initial/quantiles": quantiles, "output/kernel/trained/quantiles": 2 * quantiles}
    np.savez(mine / "plain" / "seed-0" / "weights.npz", allow_pickle=False, **arrays)
    return mine


@pytest.fixture
def swept(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """outputs/mine: two rows of two seeds; the first run has weights."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(made, "outputs/mine"))


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with MLflow's tables, which take it 2 s."""
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    MlflowClient(f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The SQLite file that MLflow uses; it sends nothing to its makers meanwhile."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    return Path(shutil.copy(request.getfixturevalue("empty_store"), tmp_path))
