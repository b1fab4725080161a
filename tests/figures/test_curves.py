import matplotlib.pyplot
import numpy as np
import pandas as pd
import pytest

from mnist_sweeps.figures import curves

VALIDATION = "validation, 400 held-out images"


def history(losses, val_losses=None):
    losses = np.asarray(losses, dtype=float)
    val = np.full(len(losses), np.nan) if val_losses is None else np.asarray(val_losses, dtype=float)
    return pd.DataFrame(
        {
            "epoch": range(1, len(losses) + 1),
            "loss": losses,
            "accuracy": 1 - losses / 10,
            "val_loss": val,
            "val_accuracy": 1 - val / 10,
        }
    )


def lines(ax, label, style):
    return [line for line in ax.lines if line.get_label() == label and line.get_linestyle() == style]


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_a_line_shows_the_data_it_was_given(tmp_path):
    figure = curves({"seed 0": history([0.9, 0.5, 0.4], [0.8, 0.6, 0.7])}, "512-256, seed 0", VALIDATION)
    figure.savefig(tmp_path / "curves.png")
    loss, accuracy = figure.axes
    (train,), (validation,) = lines(loss, "seed 0", "--"), lines(loss, "seed 0", "-")
    assert np.array_equal(train.get_xdata(), [1, 2, 3])
    assert np.array_equal(train.get_ydata(), [0.9, 0.5, 0.4])
    assert np.array_equal(validation.get_ydata(), [0.8, 0.6, 0.7])
    (train,), (validation,) = lines(accuracy, "seed 0", "--"), lines(accuracy, "seed 0", "-")
    assert train.get_ydata() == pytest.approx([91, 95, 96])
    assert validation.get_ydata() == pytest.approx([92, 94, 93])
    assert len(loss.lines) == len(accuracy.lines) == 2
    assert legend(figure) == ["train, averaged during the epoch", VALIDATION]


def test_title_and_axes_say_what_is_shown(tmp_path):
    figure = curves({"seed 3": history([0.9, 0.5], [0.8, 0.6])}, r"a $\q$ net, seed 3", r"$\q$")
    figure.savefig(tmp_path / "curves.png")  # fails where the text is read as a formula
    assert figure.get_suptitle() == r"a $\q$ net, seed 3"
    assert [ax.get_xlabel() for ax in figure.axes] == ["epoch", "epoch"]
    assert "nats" in figure.axes[0].get_ylabel()
    assert "%" in figure.axes[1].get_ylabel()


def test_the_mean_is_thicker_than_its_runs_and_covers_the_epochs_all_have(tmp_path):
    runs = {"seed 0": history([0.9, 0.5, 0.3], [0.8, 0.6, 0.6]), "seed 1": history([0.7, 0.3], [0.6, 0.4])}
    figure = curves(runs, "early stopping", VALIDATION)
    figure.savefig(tmp_path / "curves.png")
    for style, expected in (("--", [0.8, 0.4]), ("-", [0.7, 0.5])):
        (mean,) = lines(figure.axes[0], "mean", style)
        thin = lines(figure.axes[0], "seed 0", style) + lines(figure.axes[0], "seed 1", style)
        assert mean.get_ydata()[:2] == pytest.approx(expected)
        assert np.isnan(mean.get_ydata()[2:]).all()
        assert len(thin) == 2
        assert all(mean.get_linewidth() > line.get_linewidth() for line in thin)
    assert "mean of 2 runs" in legend(figure)


def test_runs_of_unequal_length_end_in_a_dot():
    figure = curves({"seed 0": history([0.9, 0.5, 0.3]), "seed 1": history([0.7, 0.4])}, "", "")
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in dots] == [(3, 0.3), (2, 0.4)]
    assert "end of a run" in legend(figure)


def test_runs_of_equal_length_have_no_dots():
    figure = curves({"seed 0": history([0.9, 0.5]), "seed 1": history([0.7, 0.4])}, "", "")
    assert not [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert "end of a run" not in legend(figure)


def test_one_epoch_is_drawn_as_marks(tmp_path):
    figure = curves({"seed 0": history([0.9], [0.8])}, "smoke", VALIDATION)
    figure.savefig(tmp_path / "curves.png")
    for ax in figure.axes:
        assert [line.get_marker() for line in ax.lines if line.get_linestyle() == "None"] == ["o", "o"]
        assert list(ax.get_xticks()) == [1]


def test_unnamed_validation_is_still_told_apart():
    figure = curves({"seed 0": history([0.9, 0.5], [0.8, 0.6])}, "", "")
    assert legend(figure) == ["train, averaged during the epoch", "validation"]


def test_without_validation_only_training_is_drawn():
    figure = curves({"seed 0": history([0.9, 0.5])}, "", "")
    assert [line.get_linestyle() for ax in figure.axes for line in ax.lines] == ["--", "--"]
    assert legend(figure) == ["train, averaged during the epoch"]


@pytest.mark.parametrize(
    ("losses", "scale"),
    [
        pytest.param([0.5, 0.2, 0.04], "log", id="more than a factor of ten"),
        pytest.param([0.5, 0.2, 0.06], "linear", id="less than a factor of ten"),
        pytest.param([0.5, 0.1, 0.0], "linear", id="a loss of zero has no logarithm"),
        pytest.param([0.5, 1e9, 3e30], "log", id="exploding"),
    ],
)
def test_scale_of_the_loss_axis(losses, scale, tmp_path):
    figure = curves({"seed 0": history(losses)}, "", "")
    figure.savefig(tmp_path / "curves.png")
    assert figure.axes[0].get_yscale() == scale
    assert ("log scale" in figure.axes[0].get_ylabel()) == (scale == "log")


def test_the_flicker_of_a_dead_net_is_not_blown_up():
    figure = curves({"seed 0": history([2.3010, 2.3012, 2.3011])}, "", "")
    low, high = figure.axes[0].get_ylim()
    assert high - low > 0.1
    assert low < 2.3010 < 2.3012 < high


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_diverged_run_is_drawn_to_its_last_finite_epoch(bad, tmp_path):
    runs = {
        "seed 0": history([0.9, 0.5, 0.4]),
        "seed 1": history([0.9, bad, bad]),
        "seed 2": history([bad] * 3),
    }
    figure = curves(runs, "", "")
    figure.savefig(tmp_path / "curves.png")
    (line,) = lines(figure.axes[0], "seed 1", "--")
    assert line.get_ydata()[0] == 0.9
    assert np.isnan(line.get_ydata()[1:]).all()
    assert figure.axes[0].get_title() == "Loss (not finite in 2 of 3 runs)"


@pytest.mark.parametrize("runs", [{}, {"seed 0": history([])}, {"seed 0": history([np.nan, np.nan])}])
def test_nothing_to_draw_is_said(runs, tmp_path):
    figure = curves(runs, "nothing", VALIDATION)
    figure.savefig(tmp_path / "curves.png")
    assert [ax.texts[0].get_text() for ax in figure.axes] == ["no finite values"] * 2


def test_pyplot_keeps_no_figure():
    curves({"seed 0": history([0.9, 0.5])}, "", "")
    assert matplotlib.pyplot.get_fignums() == []
