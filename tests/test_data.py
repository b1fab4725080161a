from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_sweeps import data
from mnist_sweeps.config import ConfigError, Data
from mnist_sweeps.digits import Digits

pytestmark = pytest.mark.usefixtures("read_once")


def pictures(digits: Digits | None) -> set[bytes]:
    assert digits is not None
    return {image.tobytes() for image in digits.images}


def classes(digits: Digits | None) -> list[int]:
    assert digits is not None
    return [int(count) for count in np.bincount(digits.labels, minlength=10)]


@pytest.mark.parametrize(
    ("validation", "train", "held", "description"),
    [
        pytest.param("none", 4000, None, "mnist5k 4,000 / 1,000, no validation", id="none"),
        pytest.param("test", 4000, 1000, "mnist5k 4,000 / 1,000, validated on the test set", id="test"),
        pytest.param(
            400, 3600, 400, "mnist5k 4,000 / 1,000, 400 of the training images held out (stratified)", id="count"
        ),
        pytest.param(
            0.25, 3000, 1000, "mnist5k 4,000 / 1,000, 1,000 of the training images held out (stratified)", id="fraction"
        ),
    ],
)
def test_validation(validation: Any, train: int, held: int | None, description: str) -> None:
    split = data.load(Data(validation=validation))
    assert len(split.train.labels) == train
    assert (None if split.validation is None else len(split.validation.labels)) == held
    assert split.description == description


def test_validating_on_the_test_set_takes_that_very_set() -> None:
    split = data.load(Data(validation="test"))
    assert split.validation is split.test


@pytest.mark.parametrize("holdout", ["first", "stratified"])
def test_held_out_images_are_not_trained_on(holdout: str, mnist5k: tuple[Digits, Digits]) -> None:
    split = data.load(Data(validation=0.1, holdout=holdout))
    train, held = pictures(split.train), pictures(split.validation)
    assert not train & held
    assert train | held == pictures(mnist5k[0])


def test_first_holds_out_the_first_and_stratified_as_many_of_each_class(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.array([0] * 60 + [1] * 30 + [2] * 10, np.uint8)
    digits = Digits(np.arange(100, dtype=np.uint8).repeat(784).reshape(-1, 28, 28), labels)
    monkeypatch.setattr(data.files, "read", lambda name, path: (digits, digits))
    first = data.load(Data(validation=20, holdout="first"))
    stratified = data.load(Data(validation=20, holdout="stratified"))
    assert first.validation is not None
    assert first.validation.images[:, 0, 0].tolist() == list(range(20))
    assert first.train.images[:, 0, 0].tolist() == list(range(20, 100))
    assert classes(stratified.validation)[:3] == [12, 6, 2]


def test_subsets_are_stratified_the_same_each_time_and_pairs_stay_together(mnist5k: tuple[Digits, Digits]) -> None:
    asked = Data(train_size=205, test_size=33, validation="none")
    split, again = data.load(asked), data.load(asked)
    assert classes(split.train) == [21] * 5 + [20] * 5
    assert classes(split.test) == [4] * 3 + [3] * 7
    assert np.array_equal(split.train.images, again.train.images)
    of = {image.tobytes(): label for image, label in zip(*mnist5k[0], strict=True)}
    assert [of[image.tobytes()] for image in split.train.images] == split.train.labels.tolist()


def test_a_subset_holds_the_shares_of_an_unbalanced_set(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.repeat(np.arange(10, dtype=np.uint8), [91, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    digits = Digits(np.zeros((100, 28, 28), np.uint8), labels)
    monkeypatch.setattr(data.files, "read", lambda name, path: (digits, digits))
    assert sum(classes(data.load(Data(train_size=50, validation="none")).train)) == 50
    assert classes(data.load(Data(train_size=100, validation="none")).train) == [91] + [1] * 9


def test_a_larger_subset_holds_the_smaller() -> None:
    small, large = (data.load(Data(train_size=size, validation="none")).train for size in (200, 1000))
    assert pictures(small) < pictures(large)


def test_the_held_out_count_is_of_the_subset() -> None:
    split = data.load(Data(train_size=500, test_size=200, validation=0.1))
    assert (len(split.train.labels), classes(split.validation), len(split.test.labels)) == (450, [5] * 10, 200)
    assert split.description == "mnist5k 500 / 200, 50 of the training images held out (stratified)"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"train_size": 4001}, "data.train_size=4001: there are 4,000 images", id="train"),
        pytest.param({"test_size": 1001}, "data.test_size=1001: there are 1,000 images", id="test"),
        pytest.param(
            {"validation": 4000}, "data.validation=4000: cannot hold out 4,000 of 4,000 training images", id="all"
        ),
        pytest.param(
            {"validation": 0.00001}, "data.validation=1e-05: cannot hold out 0 of 4,000 training images", id="none"
        ),
    ],
)
def test_more_than_there_is(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        data.load(replace(Data(), **changed))
    assert str(raised.value) == said
