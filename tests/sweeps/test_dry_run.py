"""Variants built in a child process, none trained."""

from dataclasses import replace
from pathlib import Path

import pytest

from mnist_sweeps.config.schema import Config, Conv, Data, Model
from mnist_sweeps.sweeps import dry_run as module
from mnist_sweeps.sweeps.dry_run import Built, dry_run

FEW = Data(train_size=100, test_size=50, validation=20)
MLP = Config(model=Model(hidden=[512, 256], batch_norm=True, dropout=0.5), data=FEW)
SOFTMAX = Config(data=FEW)
CNN = Config(model=Model(conv=Conv(filters=[16, 32], pool_after=[1, 2])), data=FEW)
CASES = {
    "MLP": (MLP, (538_890, 784 * 512 + 512 * 256 + 256 * 10)),
    "softmax": (SOFTMAX, (7_850, 784 * 10)),
    "CNN": (CNN, (12_810, 26 * 26 * 9 * 16 + 11 * 11 * 9 * 16 * 32 + 800 * 10)),
    "folds": (replace(SOFTMAX, data=replace(FEW, train_size=140, folds=3)), (7_850, 784 * 10)),
    "too many folds": (replace(SOFTMAX, data=replace(FEW, folds=81)), "data.folds=81: expected at most 80, one of"),
    "kernel": (
        replace(CNN, model=Model(conv=Conv(filters=[8], kernel_size=40))),
        "model.conv.kernel_size=40: layer conv_1",
    ),
    "keyword": (replace(MLP, optimizer={"name": "adam", "momentum": 0.9}), "optimizer.momentum=0.9: adam has no such"),
    "activation": (replace(MLP, model=Model(hidden=[8], activation="rleu")), "model.activation=rleu: no Keras"),
    "data": (replace(MLP, data=Data(name="mnist", path="/nowhere")), "data.path=/nowhere: no such file"),
    "held out": (replace(MLP, data=replace(FEW, validation=100)), "data.validation=100: cannot hold out"),
}


@pytest.fixture(scope="module")
def built() -> dict[str, Built]:
    """All of them by one child."""
    return dict(zip(CASES, dry_run([config for config, _ in CASES.values()]), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_each_config_is_built_or_its_fault_is_told(built: dict[str, Built], name: str) -> None:
    found, expected = built[name], CASES[name][1]
    if isinstance(expected, str):
        assert str(found.fault).startswith(expected)
        assert "\n" not in str(found.fault)
    else:
        assert (found.fault, found.parameters, found.multiplies) == (None, *expected)
        assert (found.train_images, found.test_images) == (80, 50)
        assert found.data.startswith("mnist5k 140 / 50" if name == "folds" else "mnist5k 100 / 50")


def test_a_child_that_fails_tells_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module.sys, "executable", str(tmp_path / "python"))  # type: ignore[attr-defined]
    (tmp_path / "python").write_text("#!/bin/sh\necho out of memory >&2\nexit 1\n")
    (tmp_path / "python").chmod(0o755)
    with pytest.raises(RuntimeError, match="out of memory"):
        dry_run([SOFTMAX])


def test_a_network_too_large_for_memory_is_the_fault_of_its_row() -> None:
    huge = replace(MLP, model=Model(hidden=[100_000, 1_000_000]))
    first, second, third = dry_run([SOFTMAX, huge, SOFTMAX])
    assert (first.fault, third.fault) == (None, None)
    assert str(second.fault).startswith("model: the network does not fit into the memory of this machine")


def test_a_network_at_which_the_check_is_killed_is_the_fault_of_its_row(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A child that is killed at its second config, once."""
    killed = tmp_path / "killed"
    script = f"#!/bin/sh\necho '{{}}'\nif [ ! -e {killed} ]; then touch {killed}; kill -9 $$; fi\n"
    monkeypatch.setattr(module.sys, "executable", str(tmp_path / "python"))  # type: ignore[attr-defined]
    (tmp_path / "python").write_text(script)
    (tmp_path / "python").chmod(0o755)
    first, second, third = dry_run([SOFTMAX, MLP, SOFTMAX])
    assert (first, third) == (Built(), Built())
    assert str(second.fault).endswith("make its layers smaller (the check was killed)")
