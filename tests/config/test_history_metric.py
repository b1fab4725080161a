"""Metrics of epochs: how they are written."""

import pytest

from mnist_sweeps.config.claim_spec import parse_claim
from mnist_sweeps.config.history_metric import HistoryMetric, history_metric

CHANGE = "val_accuracy[46:50]-[26:30]"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("val_accuracy[16:20]", HistoryMetric("val_accuracy", (16, 20))),
        ("train_loss[7:7]", HistoryMetric("loss", (7, 7))),
        (CHANGE, HistoryMetric("val_accuracy", (46, 50), (26, 30))),
        ("val_loss[11:20]/fluctuation", HistoryMetric("val_loss", (11, 20), fluctuation=True)),
    ],
)
def test_a_name_says_what_is_taken_of_the_epochs(name: str, expected: HistoryMetric) -> None:
    assert history_metric(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("val_accuracy", id="no epochs"),
        pytest.param("val_accuracy[20:16]", id="backwards"),
        pytest.param("val_accuracy[0:5]", id="epochs count from 1"),
        pytest.param("val_accuracy[16:20]-[5:1]", id="earlier ones backwards"),
        pytest.param("val_loss[4:5]/fluctuation", id="one change has no standard deviation"),
        pytest.param("test_accuracy[16:20]", id="not measured after each epoch"),
        pytest.param(None, id="no name"),
    ],
)
def test_other_names_are_none(name: str) -> None:
    assert history_metric(name) is None


def test_the_last_epoch_is_the_last_of_either_window() -> None:
    assert [one.last for one in (HistoryMetric("loss", (3, 5), (6, 8)), HistoryMetric("loss", (16, 20)))] == [8, 20]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (CHANGE, "val accuracy, mean of epochs 46 to 50 minus that of 26 to 30"),
        ("train_loss[16:20]", "train loss, mean of epochs 16 to 20"),
        ("val_loss[11:20]/fluctuation", "val loss, fluctuation over epochs 11 to 20"),
    ],
)
def test_in_words(name: str, words: str) -> None:
    metric = history_metric(name)
    assert metric and metric.in_words == words


@pytest.mark.parametrize(("name", "fraction"), [(CHANGE, True), ("train_loss[16:20]", False)])
def test_accuracies_of_epochs_are_fractions(name: str, fraction: bool) -> None:
    assert parse_claim({"says": "so", "row": "a", "is": "at most", "value": 0, "metric": name}).fraction is fraction
