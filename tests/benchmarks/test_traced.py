"""The stopwatch of the benchmarks names calls that exist."""

import ast
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import profiles, traced


@pytest.mark.parametrize("module", traced.CALLS)
def test_every_call_is_defined(module: str) -> None:
    """Read from the source, as importing it would import a backend; `mnist_sweeps.report` passes calls on."""
    spec = find_spec(module)
    assert spec and spec.origin
    names = defined(ast.parse(Path(spec.origin).read_text(encoding="utf-8")))
    assert set(traced.CALLS[module]) <= names


def defined(tree: ast.Module) -> set[str]:
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def test_profiles_use_names_that_the_stopwatch_writes() -> None:
    watched = {f"{module.split('.')[-1]}.{call}" for module, calls in traced.CALLS.items() for call in calls}
    used = {profiles.TRAINING, *profiles.PARTS, *profiles.RUN_PARTS, profiles.PLAN, profiles.CHECK, profiles.TASK}
    assert used | {profiles.BEGIN, profiles.PUBLISH} <= watched
