"""The files of a variant's folder as bytes: a machine that trains its runs need not share the disk of the driver."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from pathlib import Path

from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.storage import atomic, earlier_run, folder_names, run_file, run_folder

Files = dict[str, bytes]  # by path in the variant's folder, with slashes
UNDER_WAY = (run_folder.BEGUN, "history.csv")  # what is carried of a run that has not ended


def ended_files(variant: Path) -> Files:
    """The files of a variant's folder, without those of runs that have not ended."""
    ended = [name for name in _names(variant) if not _is_hidden(name) and _ended(variant, name)]
    return {name: (variant / name).read_bytes() for name in ended}


def earlier_files(config: Config, variant: str, runs: Iterable[RunKey]) -> Files:
    """The records and states from which runs go on, by path in the folder that `continue_from` names.

    Args:
        config: That of the runs.
        variant: The name of their variant's folder.
        runs: Seeds and folds.
    """
    source = Path(str(config.continue_from))
    earlier = [found.folder for run in runs if (found := earlier_run.find(source, variant, config, run))]
    paths = [folder / name for folder in earlier for name in (run_file.NAME, f"{run_folder.STATE}.npz")]
    return {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}


def unpack(files: Mapping[str, bytes], variant: Path) -> None:
    """Writes files to a new folder.

    Args:
        files: By path in the folder.
        variant: The folder.
    """
    for name, content in files.items():
        (variant / name).parent.mkdir(parents=True, exist_ok=True)
        (variant / name).write_bytes(content)


class Changes:
    """What changes in a variant's folder from now on, handed out once."""

    def __init__(self, variant: Path) -> None:
        self.variant = variant
        self.seen = {name: self._version(name) for name in _names(variant)}

    def of_runs(self) -> Files:
        """Changed files of runs: all of a run that has ended, of another one what its progress is read from."""
        runs = [name for name in _names(self.variant) if folder_names.parse_run_folder(name.partition("/")[0])]
        return self._changed(
            [name for name in runs if name.rpartition("/")[2] in UNDER_WAY or _ended(self.variant, name)]
        )

    def of_all(self) -> Files:
        """Changed files; no process writes to the folder any more."""
        return self._changed(_names(self.variant))

    def _changed(self, names: list[str]) -> Files:
        files = {}
        for name in names:
            try:
                version, content = self._version(name), (self.variant / name).read_bytes()
            except FileNotFoundError:  # a temporary file; or the note of a run that has just ended
                continue
            if self.seen.get(name) != version:
                self.seen[name] = version
                files[name] = content
        return files

    def _version(self, name: str) -> tuple[int, int]:
        state = (self.variant / name).stat()
        return state.st_mtime_ns, state.st_size


def receive(files: Mapping[str, bytes], variant: Path, runs: Collection[str]) -> None:
    """Writes files that changed elsewhere, each atomically; run.json is the last of a run's files, and ends its note.

    Args:
        files: By path in the variant's folder.
        variant: The folder.
        runs: Names of the run folders that this process has locked; files of other runs are dropped.
    """
    for folder, names in groupby(sorted(files), key=lambda name: name.partition("/")[0]):
        run = variant / folder
        is_run = folder_names.parse_run_folder(folder) is not None
        if is_run and folder not in runs:
            continue
        begun = files.get(f"{folder}/{run_folder.BEGUN}")
        if is_run and begun is not None and begun != _content(run / run_folder.BEGUN):
            run_folder.empty(run)
        for name in sorted(names, key=lambda name: name.endswith(f"/{run_file.NAME}")):
            (variant / name).parent.mkdir(parents=True, exist_ok=True)
            atomic.write(variant / name, files[name])
        if f"{folder}/{run_file.NAME}" in files:
            run_folder.settle(run)


def _names(variant: Path) -> list[str]:
    """Of all files, temporary ones left out."""
    return [
        path.relative_to(variant).as_posix()
        for path in variant.rglob("*")
        if path.is_file() and path.suffix != atomic.PART
    ]


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _ended(variant: Path, name: str) -> bool:
    """Whether a file belongs to no run, or to one that has ended."""
    folder = name.partition("/")[0]
    return folder_names.parse_run_folder(folder) is None or (variant / folder / run_file.NAME).exists()


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
