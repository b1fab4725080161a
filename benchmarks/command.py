"""One command of a benchmark, timed as a person would: from its start to its end, with nothing compiled before."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ON_CPU = {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "-1"}


def cold(words: list[str], place: Path, environment: Mapping[str, str] = ON_CPU) -> tuple[float, str]:
    """Seconds of `python -m WORDS` in the folder `place`, and what it printed.

    `place` is its home, too, so that it finds no compiled program of an earlier one.

    Raises:
        RuntimeError: it failed; its own last line ends the message.
    """
    variables = {**os.environ, "HOME": str(place), **environment}
    began = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-m", *words], cwd=place, env=variables, check=False, capture_output=True, text=True
    )
    seconds = time.perf_counter() - began
    if ended.returncode:
        said = (ended.stdout + ended.stderr).strip()
        raise RuntimeError(f"{' '.join(words)} ended with {ended.returncode}: {said[-2000:]}")
    return seconds, ended.stdout
