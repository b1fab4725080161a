import keras
import numpy as np
import pytest
from scipy import stats

from mnist_sweeps.training import weight_summary


@pytest.fixture
def model() -> keras.Sequential:
    made = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            keras.layers.Conv2D(3, 3, name="conv_1"),
            keras.layers.BatchNormalization(name="conv_1_batch_norm"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dropout(0.5, name="flatten_dropout"),
            keras.layers.Dense(10, name="output", kernel_initializer="zeros"),
        ]
    )
    kernel = np.random.default_rng(0).gamma(2, 1, (3, 3, 1, 3))  # skewed
    made.get_layer("conv_1").kernel.assign(kernel)
    return made


def test_every_kernel_and_scale_in_the_order_of_the_layers(model: keras.Sequential) -> None:
    assert list(weight_summary.summary(model, "initial")) == [
        f"{variable}/initial/{kind}"
        for variable in ("conv_1/kernel", "conv_1_batch_norm/gamma", "output/kernel")
        for kind in ("quantiles", "moments")
    ]


def test_quantiles_are_numpys_from_the_least_to_the_greatest(model: keras.Sequential) -> None:
    values = np.asarray(model.get_layer("conv_1").kernel.value)
    quantiles = weight_summary.summary(model, "trained")["conv_1/kernel/trained/quantiles"]
    assert (quantiles.shape, quantiles.dtype) == ((2001,), np.float32)
    assert (quantiles[0], quantiles[-1]) == (values.min(), values.max())
    assert quantiles[[500, 1000, 1800]] == pytest.approx(np.percentile(values, [25, 50, 90]), rel=1e-6)


def test_moments_are_scipys(model: keras.Sequential) -> None:
    values = np.asarray(model.get_layer("conv_1").kernel.value, np.float64).ravel()
    moments = weight_summary.summary(model, "trained")["conv_1/kernel/trained/moments"]
    assert moments.dtype == np.float64
    assert moments == pytest.approx([values.mean(), values.std(), stats.skew(values), stats.kurtosis(values)])


def test_weights_that_are_all_alike_have_no_shape(model: keras.Sequential) -> None:
    found = weight_summary.summary(model, "initial")
    assert found["output/kernel/initial/moments"].tolist() == [0, 0, 0, 0]
    assert found["conv_1_batch_norm/gamma/initial/moments"].tolist() == [1, 0, 0, 0]


def test_weights_of_a_diverged_network_are_summed_up_without_a_warning(model: keras.Sequential) -> None:
    model.get_layer("conv_1").kernel.assign(np.full((3, 3, 1, 3), np.inf, np.float32))
    model.get_layer("output").kernel.assign(np.full((300, 10), np.nan, np.float32))
    found = weight_summary.summary(model, "trained")
    assert np.isnan(found["output/kernel/trained/quantiles"]).all()
    assert not np.isfinite(found["conv_1/kernel/trained/moments"][0])


def test_a_separable_convolution_has_two_kernels() -> None:
    model = keras.Sequential([keras.Input((5, 5, 2)), keras.layers.SeparableConv2D(3, 3, name="conv_1")])
    assert list(weight_summary.summary(model, "trained"))[::2] == [
        f"conv_1/{kernel}/trained/quantiles" for kernel in ("depthwise_kernel", "pointwise_kernel")
    ]
