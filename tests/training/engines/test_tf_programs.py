"""Variants that train in one network are traced once, and get the results of their own network."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mnist_sweeps.config.schema import Config
from mnist_sweeps.data.dataset import Split
from mnist_sweeps.training import shared_networks
from mnist_sweeps.training.engines import tf_programs
from mnist_sweeps.training.engines.recently_used import RecentlyUsed
from mnist_sweeps.training.inputs import Arrays, prepare
from mnist_sweeps.training.trained import Trained
from mnist_sweeps.training.trainer import Trainer


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network and no program of another test is known."""
    monkeypatch.setattr(shared_networks, "_networks", RecentlyUsed())
    monkeypatch.setattr(tf_programs, "_programs", RecentlyUsed())


def train(config: Config, arrays: Arrays) -> tuple[Trainer, Trained]:
    trainer = Trainer(config, arrays, "compiled")
    return trainer, trainer.train(1, lambda epoch, logs: None)


@pytest.mark.usefixtures("alone")
def test_another_learning_rate_is_not_traced_again(small: Callable[..., Config], split: Split) -> None:
    slow = small(optimizer={"name": "adam", "learning_rate": 0.001})
    fast = replace(slow, optimizer={"name": "adam", "learning_rate": 0.01})
    arrays = prepare(slow, split)
    _, expected = train(fast, arrays)
    tf_programs._programs.clear()
    shared_networks._networks.clear()
    train(slow, arrays)
    trainer, trained = train(fast, arrays)
    programs: Any = tf_programs.programs_of(trainer.model, fast.training.batch_size)
    assert programs.epoch.experimental_get_tracing_count() == 1
    assert trained.history == expected.history
    assert trained.probabilities.tobytes() == expected.probabilities.tobytes()


@pytest.mark.usefixtures("alone")
def test_predictions_are_those_of_keras(small: Callable[..., Config], split: Split) -> None:
    arrays = prepare(small(), split)
    trainer, trained = train(small(), arrays)
    inputs = np.concatenate([arrays.test[0]] * 11)  # 1,100: more than a batch
    expected = trainer.model.predict(inputs, batch_size=1000, verbose=0)
    assert trainer.engine.predict(inputs).tobytes() == expected.tobytes()
    assert trainer.engine.predict(inputs[:100]).tobytes() == trained.probabilities.tobytes()
