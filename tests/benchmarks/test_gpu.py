"""Targets of a GPU, from commands where they were measured."""

import pytest

from benchmarks import gpu

EPOCHS = {"1": {"seconds": 0.04, "cold": 10.0}, "50": {"seconds": 0.28, "cold": 15.0}}
STEADY = {"card": "a card", "flops": 2e11, "peak": 3e14, "bandwidth": 3e12, "parameters": 538_890, "epochs": EPOCHS,
          "launches": 0.03}  # fmt: skip
COMMANDS = {"1": {"seconds": 12.0, "train": 9.0, "accuracy": [0.98]},
            "50": {"seconds": 48.0, "train": 20.0, "accuracy": [0.98, 0.981]}}  # fmt: skip


@pytest.mark.parametrize(
    ("commands", "got"), [(None, ["1.50 x", "33.3 x"]), (COMMANDS, ["4.00 x", "12.5 x"])], ids=["trainings", "commands"]
)
def test_many_seeds_are_measured_against_one(commands, got):
    found = {"seeds": 50, "steady": STEADY, "commands": commands}
    targets = gpu.targets(found)
    assert [target.got for target in targets] == got
    assert "an epoch alone: 7.0 x" in targets[0].floor
    assert ("| one seed | 12.0 |" in gpu.section(found)) == bool(commands)
