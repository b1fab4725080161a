from typing import Any

from mnist_sweeps.storage import model_summary

EFFECTIVE: dict[str, Any] = {
    "input_shape": [28, 28, 1],
    "layers": [
        {"class": "Conv2D", "name": "conv_1", "filters": 32, "kernel_size": [3, 3], "padding": "valid",
         "activation": "relu", "output_shape": [26, 26, 32], "parameters": 320},
        {"class": "Dropout", "name": "conv_1_dropout", "rate": 0.5, "output_shape": [26, 26, 32], "parameters": 0},
        {"class": "Dense", "name": "output", "units": 10, "activation": "softmax", "output_shape": [10],
         "parameters": 216330},
    ],
}  # fmt: skip
TEXT = """\
layer           kind                        output shape  parameters
--------------------------------------------------------------------
input                                        28 x 28 x 1
conv_1          Conv2D, 3 x 3, valid, relu  26 x 26 x 32         320
conv_1_dropout  Dropout, 0.5                26 x 26 x 32           0
output          Dense, softmax                        10     216,330

216,650 parameters: 216,600 trainable, 50 not
"""


def test_a_network_is_a_table() -> None:
    counted = {"total": 216650, "trainable": 216600, "non_trainable": 50}
    assert model_summary.text(model_summary.lines(EFFECTIVE), counted) == TEXT


def test_a_record_of_before_shapes_were_kept_has_none() -> None:
    assert model_summary.lines({"layers": [{"class": "Dense", "name": "output"}]}) == []


def test_an_addition_names_what_is_added_and_the_network_is_a_functional_model() -> None:
    add = {"class": "Add", "name": "hidden_2_residual", "output_shape": [8], "parameters": 0}
    first, *_, last = model_summary.lines({"input_shape": [8], "layers": [{**add, "adds": ["hidden_2", "hidden_1"]}]})
    assert first == ("input", "functional model", "8", "")
    assert last == ("hidden_2_residual", "Add, hidden_1", "8", "0")
