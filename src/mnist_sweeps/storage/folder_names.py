"""Folder names of variants (short, unique, safe on every file system) and of their runs (`seed-3-fold-0`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from mnist_sweeps.config.schema import RunKey

LIMIT = 80  # bytes
RUN = re.compile(r"seed-(?P<seed>\d+)(-fold-(?P<fold>\d+))?")
RESERVED = {
    "export",
    "figures",
    "tensorboard",
    "wandb",
    "sweep.yaml",
    "histories.csv",
    "claims.csv",
    *(f"report.{kind}" for kind in ("txt", "md", "csv", "html")),
}


def slug(name: str) -> str:
    """`name` as one folder name of at most 80 bytes: letters, digits and `=,.+-_`; anything else becomes a dash."""
    plain = re.sub(r"-{2,}", "-", re.sub(r"[^\w=,.+-]+", "-", name)).strip("-.") or "variant"
    return plain if len(plain.encode()) <= LIMIT else _marked(plain, name)


def folders(names: Iterable[str]) -> dict[str, str]:
    """A folder for each name; one that equals another, or a file of the sweep (regardless of case), gets a hash."""
    chosen: dict[str, str] = {}
    taken = set(RESERVED)
    for name in names:
        folder = slug(name)
        if folder.casefold() in taken:
            folder = _marked(folder, name)
        taken.add(folder.casefold())
        chosen[name] = folder
    return chosen


def run_folder_name(run: RunKey) -> str:
    """`seed-3`, `seed-3-fold-0`."""
    return f"seed-{run.seed}" if run.fold is None else f"seed-{run.seed}-fold-{run.fold}"


def parse_run_folder(name: str) -> RunKey | None:
    """The run whose folder is called `name`; None where it is the name of something else."""
    match = RUN.fullmatch(name)
    return match and RunKey(int(match["seed"]), None if match["fold"] is None else int(match["fold"]))


def run_folders(variant: Path) -> list[Path]:
    """The folders of runs in a variant's folder, by seed and fold; none where it does not exist."""
    runs = [(parse_run_folder(path.name), path) for path in variant.glob("seed-*") if path.is_dir()]
    return [path for *_, path in sorted((run.seed, run.fold or 0, path) for run, path in runs if run)]


def _marked(plain: str, name: str) -> str:
    mark = "-" + sha256(name.encode()).hexdigest()[:8]
    return plain.encode()[: LIMIT - len(mark)].decode(errors="ignore") + mark
