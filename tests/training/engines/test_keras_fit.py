from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_sweeps.config.schema import Augmentation, Config, Data, EarlyStopping, Model, ReduceOnPlateau, Training
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.models import network
from mnist_sweeps.training import shared_networks
from mnist_sweeps.training.augmentation import EpochImages
from mnist_sweeps.training.engines import keras_fit
from mnist_sweeps.training.inputs import Arrays, prepare
from mnist_sweeps.training.permutation import permutation
from mnist_sweeps.training.trained import Trained
from mnist_sweeps.training.trainer import Trainer

Make = Callable[..., Config]

EVERYTHING = Model(hidden=[16, 8], batch_norm=True, dropout=0.5, input_dropout=0.1)
SOFTMAX = Model(hidden=[])
SGD = {"name": "sgd", "learning_rate": 0.5}
NEVER_BETTER = EarlyStopping(patience=2, min_delta=10)  # no loss falls by 10: epoch 1 stays the best, 3 is the last


def ignore(epoch: int, logs: Mapping[str, float]) -> None:
    """Ignores the logs."""


def train(config: Config, split: Split, seed: int = 0) -> Trained:
    return Trainer(config, prepare(config, split)).train(seed, ignore)


def weights_of(trained: Trained) -> list[Any]:
    return [np.asarray(weight) for weight in trained.model.get_weights()]


def same(one: Trained, other: Trained) -> bool:
    """To the last bit."""
    return (
        one.history == other.history
        and np.array_equal(one.probabilities, other.probabilities)
        and all(map(np.array_equal, weights_of(one), weights_of(other)))
    )


# the order of the images


def test_a_permutation_is_of_its_seed_and_epoch() -> None:
    orders = {(seed, epoch): permutation(seed, epoch, 100) for seed in (0, 1) for epoch in (0, 1)}
    assert len({order.tobytes() for order in orders.values()}) == 4
    assert all(sorted(order) == list(range(100)) for order in orders.values())
    assert np.array_equal(orders[1, 0], permutation(1, 0, 100))


def test_a_permutation_never_changes() -> None:
    assert permutation(3, 2, 10).tolist() == [7, 4, 1, 8, 6, 0, 2, 9, 3, 5]


def test_each_epoch_has_every_image_once_the_last_partial_batch_included() -> None:
    inputs, labels = np.arange(70, dtype=np.float32), np.arange(70, dtype=np.uint8)
    images = EpochImages(Arrays((inputs, labels), None, (inputs, labels)), Augmentation())
    batches = keras_fit.Batches(images, (labels,), 32, seed=5)
    for epoch in range(2):
        batches.begin(epoch)
        parts = [batches[index] for index in range(len(batches))]
        assert [len(part) for part, _ in parts] == [32, 32, 6]
        assert all(np.array_equal(images, digits) for images, digits in parts)
        assert np.concatenate([part for part, _ in parts]).tolist() == permutation(5, epoch, 70).tolist()


def test_an_epoch_that_was_begun_already_is_not_prepared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, labels = np.arange(70, dtype=np.float32), np.arange(70, dtype=np.uint8)
    images = EpochImages(Arrays((inputs, labels), None, (inputs, labels)), Augmentation())
    prepared: list[int] = []
    monkeypatch.setattr(images, "of", lambda seed, epoch: prepared.append(epoch) or inputs)
    batches = keras_fit.Batches(images, (labels,), 32, seed=5, first=3)
    for epoch in (3, 4):
        batches.begin(epoch)
    assert prepared == [3, 4]


def softmax_regression(arrays: Arrays, weights: list[NDArray[Any]], rate: float, epochs: int, size: int) -> list[float]:
    """Loss of each epoch of gradient descent in the order of seed 7, in NumPy; changes `weights` in place."""
    (inputs, labels), losses = arrays.train, []
    kernel, bias = weights
    for epoch in range(epochs):
        order, total = permutation(7, epoch, len(labels)), 0.0  # of the first epoch: 0
        for start in range(0, len(order), size):
            chosen = order[start : start + size]
            scores = inputs[chosen] @ kernel + bias
            likely = np.exp(scores - scores.max(axis=1, keepdims=True))
            likely /= likely.sum(axis=1, keepdims=True)
            total -= np.log(likely[np.arange(len(chosen)), labels[chosen]]).sum()
            slope = (likely - np.eye(10)[labels[chosen]]) / len(chosen)
            kernel -= rate * inputs[chosen].T @ slope
            bias -= rate * slope.sum(axis=0)
        losses.append(total / len(labels))
    return losses


def test_training_is_gradient_descent_over_these_batches(small: Make, split: Split) -> None:
    config = small(model=SOFTMAX, optimizer=SGD, output_initializer={"name": "zeros"}, training=Training(3, 64))
    arrays, weights = prepare(config, split), [np.zeros((784, 10)), np.zeros(10)]
    losses = softmax_regression(arrays, weights, rate=0.5, epochs=3, size=64)
    trained = Trainer(config, arrays).train(7, ignore)
    assert trained.history["loss"] == pytest.approx(losses, rel=1e-4)
    for found, expected in zip(weights_of(trained), weights, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-5)


# seeds


def test_a_seed_gives_the_same_run_alone_again_and_after_another_seed(small: Make, split: Split) -> None:
    config = small(model=EVERYTHING)
    trainer = Trainer(config, prepare(config, split))
    first, other, after = (trainer.train(seed, ignore) for seed in (0, 1, 0))
    assert same(first, after)
    assert same(other, train(config, split, seed=1))
    assert not same(first, other)
    assert first.model is not after.model


def test_steps_per_execution_change_nothing(small: Make, split: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    config = small(model=EVERYTHING)
    expected = train(config, split)
    monkeypatch.setitem(shared_networks.STEPS_PER_EXECUTION, keras.backend.backend(), 3)  # of 7: 3, 3, 1
    found = train(config, split)
    assert found.history.keys() == expected.history.keys()
    for key, values in expected.history.items():
        assert found.history[key] == pytest.approx(values, rel=1e-4, abs=1e-5), key
    np.testing.assert_allclose(found.probabilities, expected.probabilities, atol=1e-4)


# what comes back


def test_a_finished_training_says_what_it_did(small: Make, split: Split) -> None:
    config = small(optimizer={"name": "sgd", "learning_rate": 0.1, "momentum": 0.9})
    heard: list[tuple[int, dict[str, float]]] = []
    trainer = Trainer(config, prepare(config, split))
    trained = trainer.train(0, lambda epoch, logs: heard.append((epoch, dict(logs))))
    assert [epoch for epoch, _ in heard] == [1, 2]
    assert [logs["val_loss"] for _, logs in heard] == trained.history["val_loss"]
    assert trained.history.keys() == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert (trained.diverged_at, trained.kept_epoch, len(trained.epoch_seconds)) == (None, 2, 2)
    assert (trained.optimizer["name"], trained.optimizer["momentum"]) == ("SGD", 0.9)
    assert trained.optimizer["learning_rate"] == pytest.approx(0.1)
    assert trained.probabilities.shape == (100, 10)
    np.testing.assert_allclose(trained.probabilities.sum(axis=1), 1, atol=1e-5)


def test_the_model_that_comes_back_is_the_trained_one(small: Make, split: Split) -> None:
    config = small()
    arrays = prepare(config, split)
    trained = Trainer(config, arrays).train(0, ignore)
    assert not trained.model.compiled
    np.testing.assert_allclose(trained.model.predict(arrays.test[0], verbose=0), trained.probabilities, atol=1e-6)
    kernel = np.asarray(trained.model.get_layer("hidden_1").kernel.value)
    median = [trained.weights[f"hidden_1/kernel/{moment}/quantiles"][1000] for moment in ("initial", "trained")]
    assert median[1] == pytest.approx(np.median(kernel), abs=1e-6)
    assert median[0] != median[1]


def test_validation_is_evaluated_after_each_epoch(small: Make, split: Split) -> None:
    config = small()
    arrays = prepare(config, split)
    trained = Trainer(config, arrays).train(0, ignore)
    assert arrays.validation is not None
    inputs, labels = arrays.validation
    likely = trained.model.predict(inputs, verbose=0)
    assert trained.history["val_accuracy"][-1] == pytest.approx((likely.argmax(axis=1) == labels).mean())
    assert trained.history["val_loss"][-1] == pytest.approx(
        -np.log(likely[np.arange(len(labels)), labels]).mean(), rel=1e-4
    )


def test_without_validation_there_is_no_best_epoch(small: Make, split: Split) -> None:
    config = small(data=Data(validation="none"))
    trained = train(config, Split(split.train, None, split.test, ""))
    assert trained.history.keys() == {"loss", "accuracy"}
    assert trained.best_epoch is None


# stopping


@pytest.mark.parametrize(
    ("restore", "kept"), [pytest.param(False, 3, id="keep the last"), pytest.param(True, 1, id="restore the best")]
)
def test_early_stopping(small: Make, split: Split, restore: bool, kept: int) -> None:
    stopping = EarlyStopping(patience=2, min_delta=10, restore_best=restore)
    stopped = train(small(training=Training(10, 32, early_stopping=stopping)), split)
    shorter = train(small(training=Training(kept, 32)), split)
    assert len(stopped.history["loss"]) == 3
    assert stopped.kept_epoch == kept
    assert np.array_equal(stopped.probabilities, shorter.probabilities)
    assert all(map(np.array_equal, weights_of(stopped), weights_of(shorter)))


@pytest.mark.parametrize(("start", "epochs", "kept"), [(3, 6, 4), (9, 9, 9)], ids=["later", "never"])
def test_early_stopping_starts_from_an_epoch(small: Make, split: Split, start: int, epochs: int, kept: int) -> None:
    stopping = EarlyStopping(patience=2, min_delta=10, restore_best=True, start_from_epoch=start)
    stopped = train(small(training=Training(9, 32, early_stopping=stopping)), split)
    assert (len(stopped.history["loss"]), stopped.kept_epoch) == (epochs, kept)


def test_early_stopping_begins_anew_with_each_seed(small: Make, split: Split) -> None:
    config = small(training=Training(10, 32, early_stopping=NEVER_BETTER))
    trainer = Trainer(config, prepare(config, split))
    assert [len(trainer.train(seed, ignore).history["loss"]) for seed in (0, 1)] == [3, 3]


def test_the_best_is_restored_where_no_epoch_was_left_out(small: Make, split: Split) -> None:
    stopping = EarlyStopping(patience=5, min_delta=10, restore_best=True)
    assert train(small(training=Training(2, 32, early_stopping=stopping)), split).kept_epoch == 1


def test_divergence_is_told_at_its_epoch(small: Make, split: Split) -> None:
    heard: list[int] = []
    config = small(optimizer={"name": "sgd", "learning_rate": 1e30}, training=Training(5, 32))
    trained = Trainer(config, prepare(config, split)).train(0, lambda epoch, logs: heard.append(epoch))
    assert trained.diverged_at == len(trained.history["loss"]) == heard[-1] < 5
    assert not np.isfinite(trained.history["loss"][-1])
    assert np.isfinite(trained.history["loss"][:-1]).all()


def test_a_seed_after_a_diverged_one_starts_clean(small: Make, split: Split) -> None:
    config = small()
    trainer = Trainer(config, prepare(config, split))
    expected = trainer.train(0, ignore)
    assert trainer.model is not None
    trainer.model.set_weights([np.full_like(weight, np.nan) for weight in trainer.model.get_weights()])
    for variable in trainer.model.optimizer.variables:
        variable.assign(variable + 1)
    assert same(trainer.train(0, ignore), expected)


# a learning rate that is reduced


def test_the_learning_rate_is_reduced_and_each_run_starts_with_the_whole_one(small: Make, split: Split) -> None:
    reduced = ReduceOnPlateau(patience=0, min_delta=10, factor=1e-9)  # no loss falls by 10: from epoch 2 on
    config = small(optimizer=SGD, training=Training(3, 32, reduce_on_plateau=reduced))
    trainer = Trainer(config, prepare(config, split))
    first, after = trainer.train(0, ignore), trainer.train(0, ignore)
    two_epochs = train(small(optimizer=SGD, training=Training(2, 32)), split)
    assert same(first, after)
    assert first.probabilities == pytest.approx(two_epochs.probabilities, abs=1e-6)
    assert first.history.keys() == two_epochs.history.keys()
    assert first.optimizer["learning_rate"] == pytest.approx(0.5)
    assert first.reduce_on_plateau is not None
    effective = [first.reduce_on_plateau[key] for key in ("factor", "min_delta", "reduced_after")]
    assert effective == [1e-9, 10, [2, 3]]


# images that are moved anew in each epoch


@pytest.mark.parametrize("engine", ["fit", "compiled"])
def test_an_epoch_trains_on_its_moved_images_and_validates_on_the_others(
    small: Make, split: Split, engine: str
) -> None:
    moves = Augmentation(translation=0.1, rotation=0.05, zoom=0.1)
    config, plain = (
        small(optimizer=SGD, training=Training(1, 32, augmentation=one)) for one in (moves, Augmentation())
    )
    arrays = prepare(config, split)
    moved = replace(arrays, train=(EpochImages(arrays, moves).of(3, 0), arrays.train[1]))
    trained, expected = Trainer(config, arrays, engine).train(3, ignore), Trainer(plain, moved, engine).train(3, ignore)
    assert same(trained, expected)
    assert trained.augmentation == {"translation": 0.1, "rotation": 0.05, "zoom": 0.1}
    assert not same(trained, Trainer(plain, arrays, engine).train(3, ignore))


# images of some classes count more


@pytest.mark.parametrize("engine", ["fit", "compiled"])
def test_class_weights_are_those_of_keras_fit(small: Make, split: Split, engine: str) -> None:
    config = small(optimizer=SGD, model=Model(hidden=[16]), training=Training(1, 32, class_weight={3: 4.0, 8: 0.25}))
    arrays = prepare(config, split)
    trained = Trainer(config, arrays, engine).train(2, ignore)
    model = network.build(config, arrays.shape, 2)
    shared_networks.compile_for(model, config, len(arrays.train[0]))
    inputs, labels = (values[permutation(2, 0, len(arrays.train[0]))] for values in arrays.train)
    fitted = model.fit(inputs, labels, 32, class_weight={3: 4.0, 8: 0.25}, shuffle=False, verbose=0)
    assert trained.history["loss"] == pytest.approx(fitted.history["loss"], rel=1e-5)
    assert trained.history["accuracy"] == pytest.approx(fitted.history["accuracy"], rel=1e-6)
    for own, expected in zip(weights_of(trained), model.get_weights(), strict=True):
        assert own == pytest.approx(expected, abs=1e-6)


# a limit of time


@pytest.mark.parametrize("engine", ["fit", "compiled"])
def test_a_run_that_passes_its_time_limit_is_a_shorter_run(small: Make, split: Split, engine: str) -> None:
    limited = small(optimizer=SGD, model=SOFTMAX, training=Training(3, 32, time_limit="0.0001 s"))
    trained = Trainer(limited, prepare(limited, split), engine).train(0, ignore)
    one_epoch = small(optimizer=SGD, model=SOFTMAX, training=Training(1, 32))
    assert same(trained, Trainer(one_epoch, prepare(one_epoch, split), engine).train(0, ignore))
    assert trained.time_limit_at == 1


def test_extra_metrics_are_of_the_test_and_of_the_validation_images(small: Make, split: Split) -> None:
    trained = train(small(training=Training(1, 32, metrics=["sparse_categorical_crossentropy"])), split)
    assert trained.metrics["val_sparse_categorical_crossentropy"] == pytest.approx(trained.history["val_loss"][-1])
    chosen = trained.probabilities[np.arange(100), split.test.labels]
    assert trained.metrics["test_sparse_categorical_crossentropy"] == pytest.approx(-np.log(chosen).mean(), rel=1e-5)


@pytest.mark.parametrize("engine", ["fit", "compiled"])
def test_training_images_are_evaluated_without_dropout_by_the_weights_that_are_kept(
    small: Make, split: Split, engine: str
) -> None:
    model = Model(hidden=[16], dropout=0.5)
    config = small(model=model, training=Training(2, 32, evaluate_train=True))
    trained = Trainer(config, prepare(config, split), engine).train(0, ignore)
    inputs = prepare(config, split).train[0]
    assert trained.train_probabilities == pytest.approx(trained.model.predict(inputs, verbose=0), abs=1e-5)
