from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Data
from mnist_sweeps.data import dataset
from mnist_sweeps.data.mnist import Digits
from mnist_sweeps.data.sources import DataSet

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
    split = dataset.load(Data(validation=validation))
    assert len(split.train.labels) == train
    assert (None if split.validation is None else len(split.validation.labels)) == held
    assert split.description == description


def test_validating_on_the_test_set_takes_that_very_set() -> None:
    split = dataset.load(Data(validation="test"))
    assert split.validation is split.test


@pytest.mark.parametrize("holdout", ["first", "stratified"])
def test_held_out_images_are_not_trained_on(holdout: str, mnist5k: tuple[Digits, Digits]) -> None:
    split = dataset.load(Data(validation=0.1, holdout=holdout))
    train, held = pictures(split.train), pictures(split.validation)
    assert not train & held
    assert train | held == pictures(mnist5k[0])


def test_first_holds_out_the_first_and_stratified_as_many_of_each_class(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.array([0] * 60 + [1] * 30 + [2] * 10, np.uint8)
    digits = Digits(np.arange(100, dtype=np.uint8).repeat(784).reshape(-1, 28, 28), labels)
    monkeypatch.setattr(dataset.sources, "read", lambda name, path: DataSet(digits, digits, tuple("0123456789"), ""))
    first = dataset.load(Data(validation=20, holdout="first"))
    stratified = dataset.load(Data(validation=20, holdout="stratified"))
    assert first.validation is not None
    assert first.validation.images[:, 0, 0].tolist() == list(range(20))
    assert first.train.images[:, 0, 0].tolist() == list(range(20, 100))
    assert classes(stratified.validation)[:3] == [12, 6, 2]


def test_subsets_are_stratified_the_same_each_time_and_pairs_stay_together(mnist5k: tuple[Digits, Digits]) -> None:
    asked = Data(train_size=205, test_size=33, validation="none")
    split, again = dataset.load(asked), dataset.load(asked)
    assert classes(split.train) == [21] * 5 + [20] * 5
    assert classes(split.test) == [4] * 3 + [3] * 7
    assert np.array_equal(split.train.images, again.train.images)
    of = {image.tobytes(): label for image, label in zip(*mnist5k[0], strict=True)}
    assert [of[image.tobytes()] for image in split.train.images] == split.train.labels.tolist()


def test_a_subset_holds_the_shares_of_an_unbalanced_set(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.repeat(np.arange(10, dtype=np.uint8), [91, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    digits = Digits(np.zeros((100, 28, 28), np.uint8), labels)
    monkeypatch.setattr(dataset.sources, "read", lambda name, path: DataSet(digits, digits, tuple("0123456789"), ""))
    assert sum(classes(dataset.load(Data(train_size=50, validation="none")).train)) == 50
    assert classes(dataset.load(Data(train_size=100, validation="none")).train) == [91] + [1] * 9


def test_a_larger_subset_holds_the_smaller() -> None:
    small, large = (dataset.load(Data(train_size=size, validation="none")).train for size in (200, 1000))
    assert pictures(small) < pictures(large)


def test_the_held_out_count_is_of_the_subset() -> None:
    split = dataset.load(Data(train_size=500, test_size=200, validation=0.1))
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
        dataset.load(replace(Data(), **changed))
    assert str(raised.value) == said


# folds


def parts(asked: Data) -> list[dataset.Split]:
    """What the run of each fold sees."""
    whole = dataset.load(asked)
    return [whole.leaving_out(fold) for fold in range(asked.folds or 0)]


def numbered(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Makes the training images `count` ones that can be told apart by their first two pixels."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = np.arange(count) // 256, np.arange(count) % 256
    digits = Digits(images, (np.arange(count) % 10).astype(np.uint8))
    monkeypatch.setattr(dataset.sources, "read", lambda name, path: DataSet(digits, digits, tuple("0123456789"), ""))


def numbers(digits: Digits | None) -> list[int]:
    assert digits is not None
    return [int(image[0, 0]) * 256 + int(image[0, 1]) for image in digits.images]


def test_folds_are_contiguous_and_the_first_ones_take_what_is_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    numbered(monkeypatch, 35)
    found = parts(Data(validation=5, holdout="first", folds=4))
    assert [numbers(split.fold) for split in found] == [
        list(range(5, 13)), list(range(13, 21)), list(range(21, 28)), list(range(28, 35)),
    ]  # fmt: skip
    for split in found:
        assert numbers(split.train) == [number for number in range(5, 35) if number not in numbers(split.fold)]
        assert numbers(split.validation) == list(range(5))


def test_the_folds_of_notebook_004(monkeypatch: pytest.MonkeyPatch) -> None:
    numbered(monkeypatch, 60_000)
    found = parts(Data(validation=5000, holdout="first", folds=3))
    assert [(len(split.train.labels), len(numbers(split.fold))) for split in found] == [
        (36_666, 18_334), (36_667, 18_333), (36_667, 18_333),
    ]  # fmt: skip
    assert found[1].description == "mnist5k 60,000 / 60,000, 5,000 of the training images held out (first), 3 folds"


@pytest.mark.parametrize(
    ("validation", "said"),
    [
        pytest.param("none", "mnist5k 4,000 / 1,000, validated on the fold left out, 3 folds", id="none"),
        pytest.param("test", "mnist5k 4,000 / 1,000, validated on the test set, 3 folds", id="test"),
    ],
)
def test_validation_images_with_folds(validation: str, said: str) -> None:
    for split in parts(Data(validation=validation, folds=3)):
        assert split.validation is (split.fold if validation == "none" else split.test)
        assert split.description == said


def test_without_a_fold_the_split_is_whole() -> None:
    whole = dataset.load(Data())
    assert whole.leaving_out(None) is whole


def test_more_folds_than_images() -> None:
    with pytest.raises(ConfigError, match=r"^data\.folds=51: expected at most 50, one of the training images in each$"):
        dataset.load(Data(train_size=60, validation=10, folds=51))
    assert dataset.load(Data(train_size=60, validation=10, folds=50)).folds == 50
