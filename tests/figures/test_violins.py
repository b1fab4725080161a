import matplotlib.pyplot
import numpy as np
import pytest
from matplotlib.collections import FillBetweenPolyCollection

from mnist_sweeps.figures import batch_norm, weights

RANDOM = np.random.default_rng(0)
NORMAL = RANDOM.normal(0, 0.05, 5000)
WIDER = RANDOM.normal(0, 0.2, 5000)


def summary(**variables):
    """`hidden_1__kernel=(initial, trained)` as the content of weights.npz."""
    content = {}
    for name, stages in variables.items():
        for stage, values in zip(("initial", "trained"), stages, strict=True):
            key = f"{name.replace('__', '/')}/{stage}"
            values = np.asarray(values, dtype=np.float32)
            content[f"{key}/quantiles"] = np.quantile(values, np.linspace(0, 1, 2001)).astype(np.float32)
            content[f"{key}/moments"] = np.array([values.mean(), values.std(), 0, 0], dtype=np.float64)
    return content


def mlp():
    return summary(
        hidden_1__kernel=(NORMAL, WIDER),
        hidden_1_batch_norm__gamma=(np.ones(512), 1 + NORMAL[:512]),
        hidden_2__kernel=(NORMAL, NORMAL),
        hidden_2_batch_norm__gamma=(np.ones(256), 1 + WIDER[:256]),
        output__kernel=(WIDER, NORMAL),
    )


def violins(ax):
    return [shape for shape in ax.collections if isinstance(shape, FillBetweenPolyCollection)]


def extent(violin):
    heights = violin.get_paths()[0].vertices[:, 1]
    return heights.min(), heights.max()


def ticks(ax):
    return [label.get_text() for label in ax.get_xticklabels()]


def flat_marks(ax):
    return [line for line in ax.lines if line.get_linestyle() == "-"]


def remarks(ax):
    return [text.get_text() for text in ax.texts]


def test_every_kernel_has_its_panel_by_name_in_layer_order(tmp_path):
    figure = weights(mlp(), "512-256, seed 0")
    figure.savefig(tmp_path / "weights.png")
    assert figure.get_suptitle() == "512-256, seed 0"
    assert [ax.get_title() for ax in figure.axes] == ["hidden_1", "hidden_2", "output"]
    assert {ax.get_ylabel() for ax in figure.axes} == {"kernel weight (no unit)"}


def test_layer_order_is_the_order_of_the_summary():
    names = ["hidden_9", "hidden_10", "first"]
    figure = weights(summary(**{f"{name}__kernel": (NORMAL, NORMAL) for name in names}), "")
    assert [ax.get_title() for ax in figure.axes] == names
    lefts = [ax.get_subplotspec().colspan.start for ax in figure.axes]
    assert lefts == [0, 1, 2]


def test_initial_stands_beside_trained_with_their_own_values_and_sd():
    content = mlp()
    for ax in weights(content, "").axes:
        initial, trained = violins(ax)
        for stage, violin in (("initial", initial), ("trained", trained)):
            quantiles = content[f"{ax.get_title()}/kernel/{stage}/quantiles"]
            assert extent(violin) == pytest.approx((quantiles[0], quantiles[-1]))
        assert initial.get_paths()[0].vertices[:, 0].max() < 0.5 < trained.get_paths()[0].vertices[:, 0].min()
        sds = [content[f"{ax.get_title()}/kernel/{stage}/moments"][1] for stage in ("initial", "trained")]
        assert ticks(ax) == [f"initial\nsd {sds[0]:.3g}", f"trained\nsd {sds[1]:.3g}"]


def test_batch_norm_shows_the_scales_alone(tmp_path):
    figure = batch_norm(mlp(), "512-256, seed 0")
    assert figure is not None
    figure.savefig(tmp_path / "batch_norm.png")
    assert [ax.get_title() for ax in figure.axes] == ["hidden_1_batch_norm", "hidden_2_batch_norm"]
    assert figure.get_suptitle() == "512-256, seed 0"
    for ax in figure.axes:
        (mark,) = flat_marks(ax)
        assert np.array_equal(mark.get_ydata(), [1, 1])
        assert len(violins(ax)) == 1


def test_batch_norm_of_a_net_without_is_none():
    assert batch_norm(summary(output__kernel=(NORMAL, WIDER)), "") is None


@pytest.mark.parametrize(
    "constant",
    [
        pytest.param(np.zeros(3000), id="zeros"),
        pytest.param(np.full(3000, 0.1), id="a constant"),
        pytest.param(1 + np.linspace(0, 2e-7, 3000), id="float32 copies of one"),
    ],
)
def test_equal_values_are_a_flat_mark(constant, tmp_path):
    figure = weights(summary(hidden_1__kernel=(constant, NORMAL), output__kernel=(constant, constant)), "")
    figure.savefig(tmp_path / "weights.png")
    hidden, output = figure.axes
    assert (len(flat_marks(hidden)), len(violins(hidden))) == (1, 1)
    assert (len(flat_marks(output)), len(violins(output))) == (2, 0)
    assert flat_marks(hidden)[0].get_ydata() == pytest.approx([constant[0]] * 2, rel=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_noted(bad, tmp_path):
    content = summary(hidden_1__kernel=(NORMAL, WIDER), output__kernel=(NORMAL, WIDER))
    for key in content:
        if "/trained/" in key or "output" in key:
            content[key][1] = bad
    figure = weights(content, "diverged")
    figure.savefig(tmp_path / "weights.png")
    hidden, output = figure.axes
    assert remarks(hidden) == ["not finite"]
    assert len(violins(hidden)) == 1
    assert ticks(hidden)[1] == "trained\nsd not finite"
    assert remarks(output) == ["not finite"] * 2
    assert violins(output) == []


@pytest.mark.parametrize("kernels", [1, 2, 4, 5, 8, 11])
def test_any_number_of_kernels_fits_a_readme(kernels):
    content = summary(**{f"conv_{number}__kernel": (np.zeros(9), np.ones(9)) for number in range(kernels)})
    figure = weights(content, "")
    assert len(figure.axes) == kernels
    assert figure.get_figwidth() * figure.dpi <= 1600
    assert max(ax.get_subplotspec().colspan.start for ax in figure.axes) < 4


def test_pyplot_keeps_no_figure():
    weights(mlp(), "")
    assert matplotlib.pyplot.get_fignums() == []


def test_both_kernels_of_a_separable_convolution_have_a_panel():
    both = summary(conv_1__depthwise_kernel=(NORMAL, WIDER), conv_1__pointwise_kernel=(WIDER, NORMAL))
    assert [ax.get_title() for ax in weights(both, "").axes] == ["conv_1, depthwise", "conv_1, pointwise"]
