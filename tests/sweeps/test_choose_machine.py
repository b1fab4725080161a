"""The machine of a sweep whose variants decide about it; which work is how fast is tested with `runtime.device`."""

from pathlib import Path

import pytest

from mnist_sweeps.config.schema import Config, Conv, Model
from mnist_sweeps.config.sweep_spec import Sweep
from mnist_sweeps.planning.sweep_plan import PlannedVariant, SweepPlan
from mnist_sweeps.sweeps import choose_machine
from mnist_sweeps.sweeps.dry_run import Built

DENSE = Built(multiplies=10**6, train_images=4000)
CNN = Model(conv=Conv(filters=[4]))


def planned(config: Config) -> SweepPlan:
    variant = PlannedVariant("row", "row", {}, [], config, None, [], None)
    return SweepPlan("sweep", Path("outputs"), Sweep(), [variant], [], [], False, False)


def test_mixed_precision_trains_on_tensorflow_on_a_cpu() -> None:
    plan = planned(Config(device="cpu", precision="mixed_bfloat16"))
    assert choose_machine.choose_machine(plan, None, [DENSE], 1).backend == "tensorflow"
    assert choose_machine.choose_machine(planned(Config(device="cpu")), None, [DENSE], 1).backend == "jax"


def test_a_cpu_that_is_slower_in_mixed_precision_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(choose_machine, "multiplies_bfloat16", lambda: False)
    choose_machine.choose_machine(planned(Config(device="cpu", precision="mixed_bfloat16")), None, [DENSE], 1)
    assert "precision=mixed_bfloat16: this CPU has no instructions for bfloat16" in caplog.text


def test_every_cpu_is_slower_in_float16(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(choose_machine, "multiplies_bfloat16", lambda: True)
    machine = choose_machine.choose_machine(planned(Config(device="cpu", precision="mixed_float16")), None, [DENSE], 1)
    assert machine.backend == "jax"
    assert "precision=mixed_float16: float32 is faster on a CPU" in caplog.text


@pytest.mark.parametrize(
    ("config", "backend"),
    [
        pytest.param(Config(device="cpu"), "jax", id="dense"),
        pytest.param(Config(device="cpu", model=CNN), "tensorflow", id="convolutions"),
        pytest.param(Config(device="cpu", precision="mixed_bfloat16"), "tensorflow", id="bfloat16"),
        pytest.param(Config(device="cpu", precision="mixed_float16", model=CNN), "jax", id="float16"),
    ],
)
def test_what_is_expected_before_variants_are_built(config: Config, backend: str) -> None:
    assert choose_machine.expected_machine(planned(config), None, 1).backend == backend
