from typing import Any

import pytest
from tests.training.measured import measured

OPTIMIZERS = ["adam", "sgd", "nesterov", "rmsprop", "adadelta", "adamw", "decay"]
LAYERS = ["softmax", "convolutions"]


def check(found: Any, tolerance: float) -> None:
    for name, one in found.items():
        assert one["weights"] <= tolerance, name
        assert one["history"] <= 1e-6, name  # sums of batches, in another order
        for key in ("epochs", "kept_epoch", "diverged_at"):
            alone, together = one[key]
            assert together == alone, (name, key)
        assert one["heard"] == one["epochs"][1], name


@pytest.mark.slow
def test_seeds_together_are_the_seeds_alone_and_each_stops_by_itself() -> None:
    found = measured("together", "float32", ["early stopping"])
    check(found, tolerance=1e-5)
    assert len(set(found["early stopping"]["epochs"][0])) > 1, "all stop at once: this shows nothing"


@pytest.mark.slow
def test_a_bad_member_harms_no_other() -> None:
    found = measured("bad", "float32", ["adam"])["adam"]
    assert found["weights"] <= 1e-5
    assert not found["bad_loss_is_a_number"]


@pytest.mark.slow
def test_a_job_publishes_of_seeds_together_what_it_publishes_of_each_alone() -> None:
    found = measured("jobs", "float32", ["adam"])["adam"]
    assert found["statuses"] == ["completed"] * 3
    assert found["metrics"] <= 1e-6
    assert all(found["digests"])
    files = ["history.csv", "predictions.npz", "preprocessing.npz", "weights.npz"]
    assert found["files"] == [files] * 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("precision", "names", "tolerance"),
    [
        pytest.param("float32", [*OPTIMIZERS, *LAYERS], 1e-5, id="float32"),
        pytest.param("float64", ["no batch norm", "softmax"], 1e-12, id="float64"),
        # Keras computes batch norm's averages in float32 on JAX, whatever floatx says.
        pytest.param("float64", [*OPTIMIZERS, "convolutions"], 1e-5, id="float64, batch norm"),
    ],
)
def test_every_optimizer_and_layer_trains_together_as_alone(precision: str, names: list[str], tolerance: float) -> None:
    check(measured("together", precision, names), tolerance)
