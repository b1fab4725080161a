"""What the page shows, as plain data."""

import json
from typing import Any

import numpy as np
import pytest
from tests.report.page.conftest import HOSTILE
from tests.synthetic_sweep import Sweep, full_row

from mnist_sweeps import figures
from mnist_sweeps.data import mnist, sources
from mnist_sweeps.data.mnist import Digits
from mnist_sweeps.report import read
from mnist_sweeps.report.page import pictured, predictions
from mnist_sweeps.report.page.content import content


def shown(sweep: Sweep) -> dict[str, Any]:
    return content(read(sweep.save()))


def test_it_is_what_json_has(full: Sweep) -> None:
    found = shown(full)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_failing_rows_stand_on_top_and_the_baseline_is_marked(full: Sweep) -> None:
    lines = shown(full)["table"]
    assert [(line["cells"][0], line["kind"]) for line in lines] == [
        ("broken", "failed"), ("plain", "plain"), ("wide", "higher"), ("narrow", "lower"), (HOSTILE, "plain"),
    ]  # fmt: skip
    assert [line["baseline"] for line in lines] == [False, True, False, False, False]


def test_changes_say_from_what_to_what(full: Sweep) -> None:
    changes = shown(full)["changes"]
    assert changes["against"] == "plain"
    assert changes["lines"][0]["changes"] == [["model.hidden", "[512, 256]", "[1024, 512]"]]


def test_bands_of_the_curves_are_the_range_of_the_runs(full: Sweep) -> None:
    curve = shown(full)["charts"]["curves"]["0"]
    assert curve["epoch"] == list(range(1, 11))
    last = [curve["val_accuracy"][side][-1] for side in ("low", "mean", "high")]
    errors = [1.3 * (1 - accuracy) + 0.002 * seed for seed, accuracy in enumerate([0.93, 0.935, 0.94])]
    assert last == pytest.approx([1 - max(errors), 1 - np.mean(errors), 1 - min(errors)], abs=1e-4)


def test_violins_are_of_all_runs_together(full: Sweep) -> None:
    wide = full.folder / "wide"
    (wide / "seed-1" / "weights.npz").write_bytes((full.folder / "narrow" / "seed-0" / "weights.npz").read_bytes())
    (wide / "seed-2" / "weights.npz").unlink()
    layer = shown(full)["charts"]["weights"]["1"][0]
    samples = []
    for path in (wide / "seed-0", wide / "seed-1"):
        with np.load(path / "weights.npz") as archive:
            samples.append(archive["hidden_1/kernel/trained/quantiles"])
    both = np.concatenate(samples)
    violin = layer["trained"]
    assert (violin["low"], violin["high"]) == pytest.approx((both.min(), both.max()), rel=1e-3)
    assert violin["quartiles"] == pytest.approx(np.quantile(both, [0.25, 0.5, 0.75]), abs=1e-3)
    assert violin["sd"] == pytest.approx(both.std(), rel=0.02)
    assert len(violin["density"]) == 60


def test_violins_agree_with_those_of_the_picture(full: Sweep) -> None:
    layers = shown(full)["charts"]["weights"]["0"]
    with np.load(full.folder / "plain" / "seed-0" / "weights.npz") as archive:
        figure = figures.weights(dict(archive), "")
    kernels = [layer for layer in layers if layer["variable"] == "kernel"]
    assert [layer["layer"] for layer in kernels] == [ax.get_title() for ax in figure.axes]
    for layer, ax in zip(kernels, figure.axes, strict=True):
        for stage, shape in zip(("initial", "trained"), ax.collections, strict=True):
            x, y = shape.get_paths()[0].vertices.T
            violin = layer[stage]
            heights = np.linspace(violin["low"], violin["high"], len(violin["density"]))
            half = (np.array([x[np.isclose(y, place, atol=1e-3)].max() for place in heights]) - x.mean().round()) / 0.4
            assert half == pytest.approx(np.array(violin["density"]) / 100, abs=0.01)
            assert (violin["low"], violin["high"]) == pytest.approx((y.min(), y.max()), rel=1e-3)


def test_confusion_is_the_mean_of_the_runs(full: Sweep, digits: Digits) -> None:
    found = shown(full)["charts"]["predictions"]
    assert found["rows"] == [0, 1, 2, 3]
    counts = np.zeros((10, 10))
    for seed in range(3):
        with np.load(full.folder / "plain" / f"seed-{seed}" / "predictions.npz") as archive:
            np.add.at(counts, (digits.labels, archive["predicted"]), 1)
    assert np.array(found["confusion"][0]) == pytest.approx(counts / 3, abs=0.05)


def test_rows_disagree_where_their_majorities_do(full: Sweep, digits: Digits) -> None:
    found = shown(full)["charts"]["predictions"]
    majority = []
    for folder in ("plain", "wide"):
        runs = [np.load(full.folder / folder / f"seed-{seed}" / "predictions.npz")["predicted"] for seed in range(3)]
        majority.append([np.bincount(votes, minlength=10).argmax() for votes in np.transpose(runs)])
    differ = np.flatnonzero(np.array(majority[0]) != np.array(majority[1]))
    assert found["differ"][0][1] == len(differ)
    listed = [image for i, image in enumerate(found["image"]) if found["predicted"][0][i] != found["predicted"][1][i]]
    assert sorted(listed) == differ.tolist()
    assert found["errors"][0] == (np.array(majority[0]) != digits.labels).sum()


def test_without_the_digits_there_are_no_images(full: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report downloads nothing."""
    monkeypatch.setattr(sources, "is_local", lambda name, path: False)
    monkeypatch.setattr(mnist, "read", lambda *_: pytest.fail("read"))
    found = shown(full)["charts"]
    assert found["predictions"] == {}
    assert found["curves"]


def test_rows_tested_on_other_images_are_left_out(full: Sweep) -> None:
    assert predictions.predictions(read(full.save()).rows[:4])["rows"] == [0, 1, 2, 3]
    full_row(full, "fewer", [0.9], np.zeros(100, int))
    full.save()
    path = full.folder / "fewer" / "seed-0" / "run.json"
    path.write_text(path.read_text().replace('"test_size": 200', '"test_size": 100'))
    assert shown(full)["charts"]["predictions"]["rows"] == [0, 1, 2, 3]


def test_of_many_rows_the_best_and_the_baseline_have_pictures(full: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictured, "ROWS", 2)
    found = shown(full)
    assert sorted(found["charts"]["curves"]) == ["0", "1"]
    assert found["omitted"] == ["Pictures are of 2 of 4 rows, the best by validation and the baseline."]
    assert len(found["table"]) == len(found["rows"]) == 5


def test_on_the_front_no_row_is_as_good_for_less(full: Sweep) -> None:
    costs = {point["row"]: point["front"] for point in shown(full)["charts"]["costs"]}
    assert "parameters" in costs[1]
    assert "parameters" not in costs[2]


def test_a_row_in_depth_has_its_error_and_the_command(full: Sweep) -> None:
    hydra = full.folder / "plain" / ".hydra"
    hydra.mkdir()
    lines = ["model.hidden=[64,64]", "optimizer='sgd'", "data.path='a b'", "x='true'", "planned='{}'"]
    (hydra / "overrides.yaml").write_text("".join(f"- {line}\n" for line in lines))
    rows = {row["name"]: row for row in shown(full)["rows"]}
    assert rows["plain"]["command"] == (
        """mnist-sweeps 'model.hidden=[64,64]' optimizer=sgd 'data.path='"'"'a b'"'"'' 'x='"'"'true'"'"''"""
    )
    assert rows["broken"]["errors"] == [["seed 0", "Traceback <most recent call last>"]]
    assert [run["accuracy"] for run in rows["wide"]["runs"]] == ["97.00", "97.20", "96.80"]


def test_a_folder_without_arrays_has_a_page_without_their_charts(three_rows: Sweep) -> None:
    charts = shown(three_rows)["charts"]
    assert charts["weights"] == {}
    assert charts["predictions"] == {}


def test_a_sweep_without_rows_or_runs_has_a_page(sweep: Sweep) -> None:
    assert shown(sweep)["table"] == []
    sweep.row("later", seeds=3)
    assert shown(sweep)["charts"]["curves"] == {}
