"""Which package knows what: the import contracts of pyproject.toml, and what cheap paths must not load."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import mnist_sweeps

BACKENDS = ("keras", "tensorflow", "jax")
PACKAGE = Path(mnist_sweeps.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
PLUGINS = sorted((PACKAGE.parent / "hydra_plugins").rglob("*.py"))


def imported_packages(code: ast.AST) -> set[str]:
    """The first part of every absolute name that the code imports."""
    names = [alias.name for node in ast.walk(code) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(code) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def test_the_import_contracts_hold() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([command, "--no-cache"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_top_of_the_package_is_its_python_interface_alone() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=str)
def test_every_package_says_what_it_knows(folder: Path) -> None:
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))


def test_no_class_name_is_defined_twice() -> None:
    classes = Counter(
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in classes.items() if count > 1] == []


def test_relative_imports_are_not_used() -> None:
    relative = [
        str(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_imports_nothing_of_ours_at_the_top(path: Path) -> None:
    """Every Hydra app in the environment imports it."""
    top = [node for node in ast.parse(path.read_text()).body if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert imported_packages(ast.Module(top, [])).isdisjoint({"mnist_sweeps", *BACKENDS})


@pytest.mark.parametrize(
    "module",
    [
        "",
        ".report",
        ".figures",
        ".job.run_figures",
        ".storage.run_folder",
        ".storage.picture",
        ".storage.model_summary",
        ".planning.planner",
        ".sweeps.driver",
        ".cli.main",
        ".cli.python_sweep",
        ".cli.commands.diff",
        ".cli.commands.report",
        ".cli.commands.status",
        ".cli.commands.watch",
    ],
)
def test_a_cheap_path_loads_no_backend(module: str) -> None:
    code = f"import sys, mnist_sweeps{module}; print([name for name in {BACKENDS} if name in sys.modules])"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (child.stdout.strip(), child.stderr) == ("[]", "")


@pytest.mark.parametrize("module", [".report", ".sweeps.driver"])
def test_nothing_that_draws_is_loaded_before_something_is_drawn(module: str) -> None:
    code = f"import sys, mnist_sweeps{module}; print('matplotlib' in sys.modules)"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (child.stdout.strip(), child.stderr) == ("False", "")


@pytest.mark.parametrize(
    ("pattern", "owners"),
    [
        pytest.param(r"\brecord\[|\brecord\.get\(|['\"]run\.json['\"]", {"run_file.py"}, id="run.json"),
        pytest.param(r"['\"]sweep\.yaml['\"]", {"sweep_file.py", "folder_names.py"}, id="sweep.yaml"),
        pytest.param(r"['\"]seed-", {"folder_names.py"}, id="run folders"),
    ],
)
def test_a_format_is_known_to_the_module_that_owns_it(pattern: str, owners: set[str]) -> None:
    assert {path.name for path in MODULES if re.search(pattern, path.read_text())} == owners
