"""Numbers of weights, from a run's weights.npz."""

import numpy as np
import pytest
from scipy.stats import norm

from mnist_sweeps.report import read
from mnist_sweeps.report.weight_statistic import statistic


@pytest.fixture
def folder(tmp_path):
    kept = {"output/kernel/trained/quantiles": np.linspace(-1, 3, 2001)}
    kept |= {"output/kernel/trained/moments": np.array([1.0, 0.5, 0.1, -1.2])}
    kept |= {"output/kernel/initial/moments": np.array([0.0, 0.1, 0.0, 0.0])}
    np.savez(tmp_path / "weights.npz", **kept)
    return tmp_path


@pytest.mark.parametrize(("name", "value"), [("mean", 1.0), ("sd", 0.5), ("skew", 0.1), ("kurtosis", -1.2)])
def test_moments_are_those_after_training(folder, name, value):
    assert statistic(folder, f"output/kernel/{name}") == value


def test_the_positive_share_is_of_the_weights_above_zero(folder):
    assert statistic(folder, "output/kernel/positive") == pytest.approx(0.75, abs=0.001)


def test_a_layer_that_is_not_there_and_a_file_that_is_none_have_no_number(folder):
    assert statistic(folder, "hidden_9/kernel/sd") is None
    assert statistic(folder / "elsewhere", "output/kernel/sd") is None
    (folder / "weights.npz").write_bytes(b"")
    assert statistic(folder, "output/kernel/sd") is None


def test_a_row_has_them_of_each_run(sweep, folder):
    sweep.row("a", [0.9, 0.9])
    sweep.save()
    (folder / "weights.npz").rename(sweep.folder / "a" / "seed-1" / "weights.npz")
    (row,) = read(sweep.folder).rows
    assert row.metric("output/kernel/sd") == (0.5,)


@pytest.mark.parametrize(("distance", "peaks"), [(0, 1), (1, 1), (5, 2)])
def test_peaks_are_those_that_a_violin_shows(tmp_path, distance, peaks):
    normal = norm.ppf(np.linspace(0.001, 0.999, 1001))
    quantiles = np.quantile(np.concatenate([normal, normal + distance]), np.linspace(0, 1, 2001))
    np.savez(tmp_path / "weights.npz", **{"output/kernel/trained/quantiles": quantiles.astype(np.float32)})
    assert statistic(tmp_path, "output/kernel/peaks") == peaks


def test_equal_weights_have_no_peak(tmp_path):
    np.savez(tmp_path / "weights.npz", **{"output/kernel/trained/quantiles": np.zeros(2001, np.float32)})
    assert statistic(tmp_path, "output/kernel/peaks") is None
