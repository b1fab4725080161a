"""One question to a child process: for what needs Keras on another backend, or must not print here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any


def ask(module: str, content: Any, environment: Mapping[str, str] | None = None) -> Any:
    """The answer of a module that is run in a child process.

    Args:
        module: Its name, as `python -m` takes it; it reads JSON from standard input, and its last line is JSON.
        content: What it reads.
        environment: Variables added to those of this process.

    Raises:
        RuntimeError: The child process itself failed; with its standard error.
    """
    process = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(content), capture_output=True, text=True, check=False,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **(environment or {})},
    )  # fmt: skip
    if process.returncode != 0:
        raise RuntimeError(f"{module}: its process failed:\n{process.stderr}")
    return json.loads(process.stdout.splitlines()[-1])
