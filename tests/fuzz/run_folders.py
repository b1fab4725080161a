"""Damages of a sweep's folder: files cut, overwritten, edited, deleted, replaced, or of another version."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st
from tests.fuzz.odd_values import values

FILES = ["run.json"] * 4 + ["sweep.yaml"] * 4 + ["history.csv", "predictions.npz", "weights.npz", "preprocessing.npz"]
FILES += ["model.keras", "log.txt", "report.csv"]


@dataclass(frozen=True)
class Damage:
    """What is done to a file: `place` chooses which of those of the name, `do` how, with `value`."""

    file: str
    place: int
    do: str
    value: Any

    def strike(self, folder: Path) -> Path | None:
        """The path that was changed; None where there is no such file."""
        files = sorted(path for path in folder.rglob(self.file) if path.is_file() and not path.is_symlink())
        if not files:
            return None
        path = files[self.place % len(files)]
        ACTIONS[self.do](path, self.value)
        return path


def _cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])


def _flip(path: Path, share: float) -> None:
    content = bytearray(path.read_bytes())
    if content:
        content[int(share * (len(content) - 1))] ^= 0x55
    path.write_bytes(content)


def _edit(path: Path, data: Any) -> None:
    """Replaces a value in the tree of a JSON or YAML file; appends to a file of another kind."""
    place, value = data
    if path.suffix not in (".json", ".yaml"):
        path.write_bytes(path.read_bytes() + repr(value).encode("utf-8", "replace"))
        return
    try:
        tree = json.loads(path.read_bytes()) if path.suffix == ".json" else yaml.safe_load(path.read_text())
    except (ValueError, yaml.YAMLError):  # damaged already
        return
    places = [
        (node, key) for node in _containers(tree) for key in (node if isinstance(node, dict) else range(len(node)))
    ]
    if places:
        node, key = places[int(place * (len(places) - 1))]
        if value == "remove":
            del node[key]
        elif value == "rename" and isinstance(node, dict):
            node[f"new {key}"] = node.pop(key)
        else:
            node[key] = value
    if path.suffix == ".json":
        path.write_text(json.dumps(tree, default=str))
    else:
        path.write_text(yaml.dump(tree, sort_keys=False))


def _containers(tree: Any) -> list[Any]:
    if not isinstance(tree, (dict, list)):
        return []
    below = tree.values() if isinstance(tree, dict) else tree
    return [tree, *(node for value in below for node in _containers(value))]


def _version(path: Path, version: Any) -> None:
    if path.suffix == ".json":
        path.write_bytes(
            path.read_bytes().replace(b'"schema_version": 1', f'"schema_version": {json.dumps(version)}'.encode())
        )
    else:
        path.write_text(yaml.dump({"schema_version": version}) + path.read_text())


def _folder(path: Path, _: Any) -> None:
    path.unlink()
    path.mkdir()


def _link(path: Path, target: str) -> None:
    path.unlink()
    path.symlink_to(target)


ACTIONS: dict[str, Callable[[Path, Any], None]] = {
    "cut": _cut, "flip": _flip, "edit": _edit, "version": _version, "delete": lambda path, _: path.unlink(),
    "write": lambda path, content: (path.write_bytes(content), None)[1], "folder": _folder, "link": _link,
}  # fmt: skip
CONTENTS = [b"", b"\x00" * 100, b"[]", b"{}", b"null", b"1", b'"x"', b"[" * 5000, b"\xff\xfe", b"{}\n{}"]
shares = st.floats(0, 1)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "cut": shares, "flip": shares, "delete": st.none(), "folder": st.none(),
    "edit": st.tuples(shares, st.one_of(st.sampled_from(["remove", "rename"]), values)),
    "write": st.sampled_from(CONTENTS),
    "link": st.sampled_from(["/nowhere", ".", "run.json", "../seed-1/run.json"]),
}  # fmt: skip
VERSIONS = st.sampled_from([0, 2, 99, -1, "1", "x", None, [], 1.5, 10**400, float("nan")])


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    file = draw(st.sampled_from(FILES))
    if file.endswith((".json", ".yaml")) and not draw(st.integers(0, 5)):
        return Damage(file, draw(st.integers(0, 9)), "version", draw(VERSIONS))
    do = draw(st.sampled_from(["edit", "edit", "edit", *sorted(VALUES)]))
    return Damage(file, draw(st.integers(0, 9)), do, draw(VALUES[do]))
