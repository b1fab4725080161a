"""All parts one after another, each in a process of its own, within 75 minutes; then benchmarks/results.md.

python -m benchmarks [--quick]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from benchmarks import part, render

BUDGET = 75 * 60  # seconds for all
MOST = {  # minutes that a part may take; behind it what it takes on 2 slow cores (sgemm at 200 GFLOP/s): 64 in all
    "steady": 9,  # 7
    "overheads": 4,  # 2
    "sweeps": 12,  # 10
    "grid": 9,  # 7
    "cnn": 11,  # 9
    "equality": 5,  # 4
    "memory": 3,  # 2
    "pages": 2,  # 1
    "growth": 6,  # 4
    "waits": 21,  # 18
    "gpu": 3,  # 0 without one
}


def main(words: list[str]) -> int:
    """The exit code: 1 where a part has failed; the page says why, and holds the others."""
    quick, failed, until = "--quick" in words, False, time.monotonic() + BUDGET
    for name, minutes in MOST.items():
        seconds = min(60.0 * minutes, until - time.monotonic())
        print(f"{name}: {seconds / 60:.0f} min at most", flush=True)
        reason = ended([sys.executable, "-m", f"benchmarks.{name}", *words], max(seconds, 1))
        if reason:
            part.save(name, quick, {"quick": quick, "failed": reason})
        failed |= bool(reason)
    print(f"{render.write(quick)}: {(time.monotonic() - until + BUDGET) / 60:.0f} min")
    return 1 if failed else 0


def ended(command: list[str], seconds: float) -> str:
    """Why a part failed, in a line; empty where it did not. All that it started ends with it."""
    process = subprocess.Popen(command, cwd=part.ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        _, said = process.communicate(timeout=seconds)
        return said.strip().splitlines()[-1] if process.returncode else ""
    except subprocess.TimeoutExpired:
        return f"it took more than {seconds:.0f} s"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
