"""Every keyword of every Keras optimizer does the same on `compiled` as on `fit`, on both backends."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

NO_EFFECT = {"sgd loss_scale_factor"}  # the loss is multiplied, the gradients are divided


@pytest.mark.slow  # 90 s for each backend
@pytest.mark.parametrize("backend", ["jax", "tensorflow"])
def test_every_keyword_of_every_optimizer(backend: str) -> None:
    command = [sys.executable, "-m", "tests.training.optimizer_keywords", backend]
    environment = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    report: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    assert len(report) > 20
    for case, measured in report.items():
        assert measured["engines"] < 2e-6, case
        assert measured["validated"] < 1e-6, case  # validation scores are of the weights that are kept
        assert (measured["from plain"] > 1e-3) == (case not in NO_EFFECT), case
