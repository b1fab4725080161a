"""What is asked of a file system, recorded; and what may be left of it after a power loss.

The method is that of ALICE (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014), with the weakest
promises: a write lasts once its file is synced, a name once its folder is; anything else may be there, be absent or,
of a write, be there in part, and in any order.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

Names = tuple[str, ...]  # of a path below the recorded folder


@dataclass(frozen=True)
class Operation:
    """One thing asked of the file system.

    `kind` is `link` (a new name of a file), `mkdir`, `unlink`, `rename`, `write` (the whole new content of a file, in
    which the first `start` bytes are as before), `sync` (of a file), `sync names` (of a folder) or `mark`: from here on
    `label` is promised to last. Files are known by `inode`, whatever their name.
    """

    kind: str
    path: Names = ()
    target: Names = ()
    inode: int = 0
    content: bytes = b""
    start: int = 0
    label: str = ""

    @property
    def changes_names(self) -> bool:
        """Whether a folder's sync makes it last."""
        return self.kind in ("link", "mkdir", "unlink", "rename")


@dataclass
class Recorder:
    """Records what happens below `root`; `forgotten` are the paths of which a sync is not noticed."""

    root: Path
    forgotten: Callable[[Names], bool] = lambda _: False
    operations: list[Operation] = field(default_factory=list)
    _inodes: dict[Names, int] = field(default_factory=dict)
    _states: dict[int, tuple[int, int]] = field(default_factory=dict)
    _contents: dict[int, bytes] = field(default_factory=dict)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Looks at the folder before each call that changes names or syncs, and after the last."""
        real = {name: getattr(os, name) for name in ("fsync", "replace", "rename", "unlink", "mkdir", "rmdir")}

        def fsync(descriptor: int) -> None:
            self._look()
            path = self._names(f"/proc/self/fd/{descriptor}", follow=True)
            if path is not None and not self.forgotten(path):
                kind = "sync names" if os.path.isdir(self.root.joinpath(*path)) else "sync"  # noqa: PTH112
                self._add(Operation(kind, path, inode=os.fstat(descriptor).st_ino))

        def moved(source: str, target: str, **_: object) -> None:
            self._look()
            ends = self._names(source), self._names(target)
            real["replace"](source, target)
            if ends[0] is not None and ends[1] is not None:
                self._add(Operation("rename", ends[0], ends[1]))
                self._move(*ends)

        def removed(name: str) -> Callable[..., None]:
            def remove(path: str, *, dir_fd: int | None = None) -> None:
                self._look()
                real[name](path, dir_fd=dir_fd)
                self._look()

            return remove

        def mkdir(path: str, mode: int = 0o777, **more: int) -> None:
            self._look()
            real["mkdir"](path, mode, **more)
            self._look()

        with pytest.MonkeyPatch.context() as patch:
            for name, function in (("fsync", fsync), ("replace", moved), ("rename", moved), ("mkdir", mkdir)):
                patch.setattr(os, name, function)
            for name in ("unlink", "rmdir"):
                patch.setattr(os, name, removed(name))
            yield
            self._look()

    def mark(self, label: str) -> None:
        """Notes that something is promised from now on."""
        self._look()
        self._add(Operation("mark", label=label))

    def _add(self, operation: Operation) -> None:
        self.operations.append(operation)

    def _names(self, path: str, follow: bool = False) -> Names | None:
        full = Path(os.readlink(path) if follow else os.path.abspath(path))  # noqa: PTH100, PTH115
        return full.relative_to(self.root).parts if full.is_relative_to(self.root) else None

    def _move(self, source: Names, target: Names) -> None:
        for path in [path for path in self._inodes if path[: len(source)] == source]:
            self._inodes[(*target, *path[len(source) :])] = self._inodes.pop(path)

    def _look(self) -> None:
        """Records what came, went and was written since the last look."""
        found = {path.relative_to(self.root).parts: path for path in sorted(self.root.rglob("*"))}
        for gone in sorted(self._inodes.keys() - found.keys(), reverse=True):
            self._add(Operation("unlink", gone))
            del self._inodes[gone]
        for names, path in found.items():
            state = path.lstat()
            if self._inodes.get(names) != state.st_ino:
                if names in self._inodes:
                    self._add(Operation("unlink", names))
                self._inodes[names] = state.st_ino
                self._add(Operation("mkdir" if path.is_dir() else "link", names, inode=state.st_ino))
                self._states.pop(state.st_ino, None)
                self._contents[state.st_ino] = b""
            if path.is_file() and self._states.get(state.st_ino) != (state.st_size, state.st_mtime_ns):
                self._states[state.st_ino] = (state.st_size, state.st_mtime_ns)
                before, now = self._contents[state.st_ino], path.read_bytes()
                if before != now:
                    start = _common(before, now)
                    self._add(Operation("write", names, inode=state.st_ino, content=now, start=start))
                    self._contents[state.st_ino] = now


def _common(before: bytes, now: bytes) -> int:
    """How many bytes at the start are the same."""
    return next((place for place, pair in enumerate(zip(before, now, strict=False)) if pair[0] != pair[1]), len(before))


Tree = dict[Names, bytes | None]  # the content of files, None for a folder


@dataclass(frozen=True)
class Crash:
    """A power loss after `at` operations: of those that would not last, `lost` are gone and `torn` are cut."""

    at: int
    lost: frozenset[int] = frozenset()
    torn: tuple[tuple[int, int], ...] = ()  # place of a write, and how many bytes of it are there

    def promised(self, operations: list[Operation]) -> list[str]:
        """The labels of the marks before it."""
        return [operation.label for operation in operations[: self.at] if operation.kind == "mark"]

    def tree(self, operations: list[Operation]) -> Tree:
        """The files that it leaves."""
        tree: dict[Names, int | None] = {}
        contents: dict[int, bytes] = {}
        torn = dict(self.torn)
        for place, operation in enumerate(operations[: self.at]):
            path = operation.path
            if place in self.lost:
                continue
            above = path[:-1]
            reachable = not above or (above in tree and tree[above] is None)
            match operation.kind:
                case "write":
                    before = contents.get(operation.inode, b"")[: operation.start].ljust(operation.start, b"\0")
                    end = max(torn.get(place, len(operation.content)), operation.start)
                    contents[operation.inode] = before + operation.content[operation.start : end]
                case "link" | "mkdir" if reachable:
                    contents.pop(operation.inode, None)  # a number can be used again
                    tree[path] = operation.inode if operation.kind == "link" else None
                case "unlink":
                    for name in _below(tree, path):
                        del tree[name]
                case "rename" if path in tree and _is_folder(tree, operation.target[:-1]):
                    for name in _below(tree, operation.target):
                        del tree[name]
                    for name in _below(tree, path):
                        tree[(*operation.target, *name[len(path) :])] = tree.pop(name)
        return {name: None if inode is None else contents.get(inode, b"") for name, inode in tree.items()}


def _is_folder(tree: dict[Names, int | None], path: Names) -> bool:
    return not path or (path in tree and tree[path] is None)


def _below(tree: dict[Names, int | None], path: Names) -> list[Names]:
    """The path and all below it."""
    return [name for name in tree if name[: len(path)] == path]


def write_tree(tree: Tree, root: Path) -> None:
    """Makes the files of a crash state below `root`."""
    for names, content in sorted(tree.items(), key=lambda item: len(item[0])):
        path = root.joinpath(*names)
        if content is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.write_bytes(content)


def unsynced(operations: list[Operation], at: int) -> list[int]:
    """The places of operations before `at` that no sync has made to last."""
    left: list[int] = []
    for place, operation in enumerate(operations[:at]):
        if operation.kind == "sync":
            left = [
                one
                for one in left
                if not (operations[one].kind == "write" and operations[one].inode == operation.inode)
            ]
        elif operation.kind == "sync names":
            left = [one for one in left if not _names_in(operations[one], operation.path)]
        elif operation.kind != "mark":
            left.append(place)
    return left


def _names_in(operation: Operation, folder: Names) -> bool:
    return operation.changes_names and folder in (
        operation.path[:-1],
        operation.target[:-1] if operation.target else None,
    )


def crashes(operations: list[Operation], count: int, seed: int = 0) -> list[Crash]:
    """So many different power losses: all that would not last is lost, nothing, one of it, or some with torn writes."""
    chance = random.Random(seed)
    points = list(range(1, len(operations) + 1))
    simple = {Crash(at) for at in points} | {Crash(at, frozenset(unsynced(operations, at))) for at in points}
    each = {Crash(at, frozenset([one])) for at in points for one in unsynced(operations, at)}
    found = chance.sample(sorted(simple, key=repr), min(len(simple), count // 3))
    found += chance.sample(sorted(each, key=repr), min(len(each), count // 3))
    seen = set(found)
    while len(seen) < count:
        at = chance.choice(points)
        left = unsynced(operations, at)
        lost = frozenset(one for one in left if chance.random() < 0.4)
        writes = [one for one in left if operations[one].kind == "write" and one not in lost and chance.random() < 0.5]
        torn = tuple((one, chance.randint(0, len(operations[one].content))) for one in writes)
        seen.add(Crash(at, lost, torn))
    return sorted(seen, key=repr)
