"""A sweep of runs that take a moment, and commands that are broken on purpose."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mnist_sweeps.cli.main import cli

FAULTY = Path(__file__).with_name("faulty.py")
SOURCE = Path(__file__).parents[2] / "src"
COMMON = {
    "data": "mnist5k", "data.train_size": 200, "data.test_size": 100, "model": "softmax", "optimizer": "sgd",
    "training.epochs": 2, "training.batch_size": 50, "keep_models": "none", "seeds": 2, "workers": 1,
}  # fmt: skip
MACHINE = ("threads=1", "backend=tensorflow", "device=cpu")  # other threads give other bits
PATIENCE = 300  # seconds that a command may take on a busy machine

POINTS = ("claim", "epoch", "weights", "replacing", "replaced")  # of a run's life: `faulty` has them in words
ROWS = {point: {"optimizer.learning_rate": 0.01 * (1 + number)} for number, point in enumerate(POINTS)}

Fault = dict[str, str]


@dataclass(frozen=True)
class Ended:
    """What a command left: its exit code, what it said, and when it ended."""

    code: int
    out: str
    err: str
    at: float  # time.time()


class Sweep:
    """A folder with one sweep in `conf/`, in which commands are run."""

    def __init__(self, home: Path, name: str = "tiny") -> None:
        home.mkdir(exist_ok=True)
        self.home, self.name = home, name
        self.folder = home / "outputs" / name
        self.log, self.struck = home / "begun", home / "struck"

    def ask(self, variants: dict[str, dict[str, Any]], **common: Any) -> "Sweep":
        """Writes the sweep file; JSON is YAML."""
        content = {"question": "Does it survive?", "common": {**COMMON, **common}, "variants": variants}
        path = self.home / "conf" / "sweep" / f"{self.name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False))
        return self

    def start(self, *words: str, faults: Sequence[Fault] = (), **environment: str) -> "Running":
        """A command in a session of its own, under way."""
        return Running(self, [f"sweep={self.name}", *MACHINE, *words], faults, environment)

    def run(self, *words: str, faults: Sequence[Fault] = (), **environment: str) -> Ended:
        """A command to its end, and to that of each of its processes."""
        return self.start(*words, faults=faults, **environment).end()

    def histories(self) -> dict[str, bytes]:
        """history.csv of each run."""
        return {_run(path): path.read_bytes() for path in sorted(self.folder.glob("*/seed-*/history.csv"))}

    def records(self) -> dict[str, dict[str, Any]]:
        """run.json of each run."""
        return {_run(path): json.loads(path.read_text()) for path in sorted(self.folder.glob("*/seed-*/run.json"))}

    def statuses(self) -> dict[str, str]:
        """How each run ended."""
        return {run: record["status"] for run, record in self.records().items()}

    def finished(self) -> dict[str, tuple[int, int]]:
        """The run.json of each completed run, as the file that it is: who writes it again makes another."""
        completed = [run for run, status in self.statuses().items() if status == "completed"]
        states = {run: (self.folder / run / "run.json").stat() for run in completed}
        return {run: (state.st_ino, state.st_mtime_ns) for run, state in states.items()}

    def begun(self) -> Counter[str]:
        """How often each run was begun, in all commands."""
        return Counter(self.log.read_text().split()) if self.log.exists() else Counter()

    def leftovers(self) -> list[str]:
        """Files that no finished sweep has."""
        return [str(path) for path in self.home.rglob("*") if path.name.endswith(".part") or path.name == ".begun.json"]


class Running:
    """A command that runs in a session of its own."""

    def __init__(self, sweep: Sweep, words: list[str], faults: Sequence[Fault], environment: dict[str, str]) -> None:
        said = [Path(tempfile.mkstemp(dir=sweep.home, prefix=name)[1]) for name in ("out-", "err-")]
        self.out, self.err = said
        with self.out.open("w") as out, self.err.open("w") as err:  # no pipes: who outlives the driver holds them
            self.process = subprocess.Popen(
                [sys.executable, str(FAULTY), *words],
                cwd=sweep.home, stdout=out, stderr=err, stdin=subprocess.DEVNULL, start_new_session=True,
                env={
                    **os.environ, "PYTHONPATH": str(SOURCE), "TF_CPP_MIN_LOG_LEVEL": "3",
                    "FAULTS": json.dumps(list(faults)), "FAULTS_LOG": str(sweep.log), **environment,
                },
            )  # fmt: skip

    def wait_for(self, seen: Callable[[], bool]) -> None:
        """Returns once something has happened.

        Raises:
            TimeoutError: it does not happen.
        """
        until = time.monotonic() + PATIENCE
        while not seen():
            if time.monotonic() > until or self.process.poll() is not None:
                raise TimeoutError(self.out.read_text() + self.err.read_text())
            time.sleep(0.02)

    def kill(self) -> None:
        """Kills all its processes at once."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> Ended:
        """Waits for the command, then for every process that it has started."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        at = time.time()
        until = time.monotonic() + 30
        while left := _session(self.process.pid):
            assert time.monotonic() < until, f"processes are left: {left}"
            time.sleep(0.05)
        return Ended(code, self.out.read_text(), self.err.read_text(), at)


class Here:
    """Runs the commands of a sweep in this process."""

    def __init__(self, sweep: Sweep, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.sweep, self.capfd, self.monkeypatch = sweep, capfd, monkeypatch

    def run(self, *words: str) -> Ended:
        """A command to its end, by Hydra's own launcher."""
        return self.verb(f"sweep={self.sweep.name}", *MACHINE, "hydra/launcher=basic", *words)

    def verb(self, *words: str) -> Ended:
        """`mnist-sweeps WORDS`."""
        self.monkeypatch.setattr(sys, "argv", ["mnist-sweeps", *words])
        self.capfd.readouterr()
        code = cli()
        out, err = self.capfd.readouterr()
        return Ended(code, out, err, time.time())


def _run(path: Path) -> str:
    return "/".join(path.parent.parts[-2:])


def _session(leader: int) -> list[int]:
    """The processes of a session, zombies apart."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found
