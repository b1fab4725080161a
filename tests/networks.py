"""Networks that the tests of `models` and `anatomy` build."""

import keras

from mnist_sweeps.config.schema import Config
from mnist_sweeps.models import network

IMAGE = (28, 28)
CNN = {
    "model.conv.filters": [4, 8],
    "model.conv.kernel_size": 3,
    "model.conv.batch_norm": [True, False],
    "model.conv.pool_after": [1],
    "model.conv.dropout": [0.1, 0.0],
    "model.hidden": [16],
    "model.batch_norm": True,
    "model.dropout": 0.5,
    "model.input_dropout": 0.2,
}


def built(config: Config, shape: tuple[int, ...] = IMAGE, seed: int = 0) -> keras.Sequential:
    return network.build(config, shape, seed)
