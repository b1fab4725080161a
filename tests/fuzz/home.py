"""A working directory in which commands run in this process, and training is pretended."""

import io
import shutil
import signal
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import DictConfig
from tests.pretend import BUILT, Launcher, pretend_figures

from mnist_sweeps.cli.main import cli
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.runtime.workers import Lost
from mnist_sweeps.storage import run_folder
from mnist_sweeps.storage.schema_version import NewerSchema

DOCUMENTED = (0, 1, 2, 130)  # exit codes, docs/reference/commands.md


@dataclass(frozen=True)
class Ended:
    """What a command left on the terminal, and its exit code."""

    code: int
    out: str
    err: str


class Home:
    """`root/home` is the working directory; `root` is watched for files that do not belong there."""

    def __init__(self, root: Path, launcher: Launcher) -> None:
        self.root, self.home, self.launcher = root, root / "home", launcher
        self.outputs = self.home / "outputs"

    def run(self, *words: str) -> Ended:
        """`mnist-sweeps WORDS`, which must end as documented and leave alone what is not its own."""
        outside, finished, trained = self.outside(), self.finished(), len(self.launcher.trained)
        ended = self._command(list(words))
        said = f"{words}: exit code {ended.code}\n{ended.out}{ended.err}"
        assert ended.code in DOCUMENTED, said
        assert "Traceback" not in ended.out + ended.err, said
        if ended.code == 2:
            assert ended.err.strip(), said
            assert len(self.launcher.trained) == trained, said
        assert Path.cwd() == self.home
        assert self.outside() == outside, said
        lost = finished - self.finished()
        assert not lost, f"{said}{lost}"
        return ended

    def outside(self) -> set[str]:
        """Every path that is not in `outputs/`, the content of files included."""
        found = set()
        for path in sorted(self.root.rglob("*")):
            if self.outputs not in (path, *path.parents):
                found.add(f"{path} {zlib.crc32(path.read_bytes()) if path.is_file() else ''}")
        return found

    def finished(self) -> Counter[tuple[tuple[str, int], ...]]:
        """The files of each completed run anywhere in `outputs/`, as names and checksums: moved aside, it is intact."""
        folders = [path.parent for path in self.outputs.rglob("run.json") if path.is_file()]
        return Counter(_files(folder) for folder in folders if _completed(folder))

    @staticmethod
    def _command(words: list[str]) -> Ended:
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors) for errors in ("strict", "backslashreplace"))
        argv = sys.argv
        sys.argv = ["mnist-sweeps", *words]
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = cli()
        except SystemExit as end:  # argparse's --help
            code = 0 if end.code is None else end.code  # type: ignore[assignment]
        finally:
            sys.argv = argv
        for stream in (out, err):
            stream.flush()
        texts = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
        return Ended(code, *texts)


def _completed(folder: Path) -> bool:
    try:
        record = run_folder.read(folder)
        return record is not None and record.completed and not run_folder.damaged(folder)
    except NewerSchema:
        return False


def _files(folder: Path) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((path.name, zlib.crc32(path.read_bytes())) for path in folder.iterdir() if path.is_file()))


@contextmanager
def home(template: Path | None = None) -> Iterator[Home]:
    """A fresh home, with a copy of `template` as its working directory; removed at the end."""
    launcher = Launcher()
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory())).resolve()
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        here = root / "home"
        shutil.copytree(template, here, symlinks=True) if template else here.mkdir()
        (root / "tmp").mkdir()
        patch.chdir(here)
        patch.setenv("HYDRA_FULL_ERROR", "1")
        patch.setattr(tempfile, "tempdir", str(root / "tmp"))
        patch.setattr("os.fsync", lambda _: None)  # what survives a power loss has tests of its own
        patch.setattr("mnist_sweeps.runtime.workers.run", _workers(launcher))
        patch.setattr("mnist_sweeps.cli.train.task", _task)
        patch.setattr("mnist_sweeps.runtime.child.ask", _refuse)
        pretend_figures(patch)
        for place in ("mnist_sweeps.sweeps.driver.dry_run", "mnist_sweeps.cli.commands.check.dry_run"):
            patch.setattr(place, lambda configs: [BUILT] * len(configs))
        for number in (signal.SIGTERM, signal.SIGHUP):
            stack.callback(signal.signal, number, signal.getsignal(number))
        yield Home(root, launcher)


class WorkerKilled(BaseException):
    """The death of a worker, at the place where it is raised."""


class CommandKilled(BaseException):
    """The death of all processes of a command."""


def _workers(launcher: Launcher) -> Callable[..., list[Any]]:
    """Stands for `workers.run`: what came of each job, as workers tell it."""

    def run(
        job: object, jobs: Iterable[tuple[int, list[str]]], slots: object, rules: object, on_lost: Any, on_ended: Any
    ) -> list[Any]:
        results: list[Any] = []
        for number, overrides in jobs:
            try:
                results.append(launcher.job(overrides))
            except WorkerKilled:
                results.append(Lost("killed", "the worker died"))
                on_lost(number, results[-1])
            except Exception as error:
                results.append(JobReturn(overrides=overrides, status=JobStatus.FAILED, _return_value=error))
            on_ended(number, results[-1])
        return results

    return run


def _refuse(module: str, *_: object) -> None:
    """Stands for a process that loads a model, of which there is none."""
    raise ConfigError(f"{module}: the model is pretended")


def _task(composed: DictConfig) -> float:
    """What Hydra's own launcher calls."""
    return 0.9
