"""What follows from the numbers of a run."""

import pytest

from mnist_sweeps.storage.run_metrics import count, derived_metrics, finite_metrics, has_layer, hidden_layers

LAYERS = [
    {"class": kind, "name": name}
    for kind, name in [
        ("Dropout", "input_dropout"), ("Conv2D", "conv_1"), ("MaxPooling2D", "pool_1"), ("Flatten", "flatten"),
        ("Dense", "hidden_1"), ("BatchNormalization", "hidden_1_batch_norm"), ("Dense", "output"),
    ]
]  # fmt: skip


def test_an_accuracy_is_a_fraction_from_0_to_1() -> None:
    scores = {"test_accuracy": 1, "val_accuracy": 0.0, "test_loss": 2.3}
    assert finite_metrics(scores | {"val_loss": float("inf"), "fold_accuracy": None}) == scores
    with pytest.raises(ValueError, match=r"^test_accuracy is a fraction in 0..1, not 1.5$"):
        finite_metrics({"test_accuracy": 1.5})


def test_metrics_that_follow_from_others() -> None:
    scores = {"train_accuracy": 0.75, "test_accuracy": 0.5}
    assert derived_metrics(scores, [0.5, None], [9.0, 1.0, 2.0]) == {"gap": 0.25, "recall_0": 0.5, "seconds": 2.0}
    assert derived_metrics({"test_accuracy": 0.5}, [], []) == {}
    evaluated = {"train_accuracy": 0.5, "evaluated_train_accuracy": 0.75, "test_accuracy": 0.5}
    assert derived_metrics(evaluated, [], []) == {"gap": 0.0, "evaluated_gap": 0.25}


def test_a_count_is_at_least_1() -> None:
    assert (count(None), count(1), count(7.0)) == (None, 1, 7)
    with pytest.raises(ValueError, match=r"^expected a count of at least 1, not 0$"):
        count(0)


def test_hidden_layers_are_dense_and_convolutional() -> None:
    assert hidden_layers(LAYERS) == 2


@pytest.mark.parametrize(
    ("kind", "layers", "there"),
    [
        pytest.param("BatchNormalization", LAYERS, True, id="among others"),
        pytest.param("Dropout", LAYERS, False, id="dropout of pixels"),
        pytest.param("Dropout", [*LAYERS, {"class": "Dropout", "name": "hidden_1_dropout"}], True, id="dropout"),
        pytest.param("Dropout", [], False, id="no layers"),
        pytest.param("Dropout", None, False, id="not known"),
    ],
)
def test_kinds_of_layers(kind: str, layers: list[dict[str, str]] | None, there: bool) -> None:
    assert has_layer(kind, layers) == there
