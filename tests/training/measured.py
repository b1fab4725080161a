"""Calls `equality.py` in a separate process: the backend is fixed once a process, and so is its precision."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def measured(what: str, precision: str, names: list[str], backend: str = "jax") -> Any:
    """What `equality.py` measures for each network: `engines`, `together` or `bad`."""
    double = str(precision == "float64")
    environment = {**os.environ, "KERAS_BACKEND": backend, "JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": double}
    command = [sys.executable, Path(__file__).with_name("equality.py"), what, precision, *names]
    child = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert child.returncode == 0, child.stderr
    return json.loads(child.stdout.splitlines()[-1])
