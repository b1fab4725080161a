"""A module imports only from its own floor and those below it; this table is the one place that says the floors."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import mnist_sweeps

FLOORS = [
    "config checks claims atomic names",
    "digits data preprocessing named models anatomy device identity claimed runs stats log provenance sweep folders "
    "space search catalog workers layers png",
    "training figures report",
    "job attempt records draw drawing dryrun cost",
    "app compose grammar plan sweepfile errors sweeping searching trials command resume progress verbs "
    "__init__ __main__",
]
FLOOR = {unit: number for number, units in enumerate(FLOORS) for unit in units.split()}  # a unit: a module or a package
HYDRA = ("hydra", "omegaconf")
BACKENDS = ("keras", "tensorflow", "jax")
TOP = len(FLOORS) - 1

PACKAGE = Path(mnist_sweeps.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
PLUGINS = sorted((PACKAGE.parent / "hydra_plugins").rglob("*.py"))


def unit_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(code: str) -> Iterator[str]:
    """Every absolute name that the code imports, inside functions and for type checking, too."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides where it comes from"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def units_imported(code: str) -> set[str]:
    """Our modules and packages among the imports; a name of the package itself is `__init__`."""
    ours = [name.split(".") for name in imports(code) if name.split(".")[0] == "mnist_sweeps"]
    return {parts[1] if len(parts) > 1 and parts[1] in FLOOR else "__init__" for parts in ours}


def packages_imported(code: str) -> set[str]:
    return {name.split(".")[0] for name in imports(code)}


def name(file: Path) -> str:
    return str(file.relative_to(PACKAGE.parent))


def test_every_module_has_a_floor() -> None:
    assert {unit_of(file) for file in FILES} == set(FLOOR)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_module_imports_nothing_from_above(file: Path) -> None:
    floor = FLOOR[unit_of(file)]
    assert {unit for unit in units_imported(file.read_text()) if FLOOR[unit] > floor} == set()


@pytest.mark.parametrize("file", [file for file in FILES if FLOOR[unit_of(file)] < TOP], ids=name)
def test_only_the_top_floor_knows_hydra(file: Path) -> None:
    assert not packages_imported(file.read_text()) & set(HYDRA)


@pytest.mark.parametrize("file", [file for file in FILES if unit_of(file) in ("figures", "report")], ids=name)
def test_figures_and_report_know_no_training(file: Path) -> None:
    code = file.read_text()
    assert "training" not in units_imported(code)
    assert not packages_imported(code) & set(BACKENDS)


@pytest.mark.parametrize("file", PLUGINS, ids=name)
def test_a_plugin_imports_nothing_of_ours_at_the_top(file: Path) -> None:
    """Every Hydra app in the environment imports it."""
    at_the_top = [node for node in ast.parse(file.read_text()).body if isinstance(node, (ast.Import, ast.ImportFrom))]
    code = "\n".join(map(ast.unparse, at_the_top))
    assert packages_imported(code).isdisjoint({"mnist_sweeps", *BACKENDS})


@pytest.mark.parametrize(
    "module",
    [
        "",
        ".report",
        ".figures",
        ".draw",
        ".png",
        ".layers",
        ".runs",
        ".app",
        ".plan",
        ".sweeping",
        ".verbs.report",
        ".verbs.status",
    ],
)
def test_a_cheap_path_loads_no_backend(module: str) -> None:
    code = f"import sys, mnist_sweeps{module}; print([name for name in {BACKENDS} if name in sys.modules])"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (child.stdout.strip(), child.stderr) == ("[]", "")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        pytest.param("from mnist_sweeps import runs, app", {"runs", "app"}, id="modules of the package"),
        pytest.param("from mnist_sweeps.report.plan import read_plan", {"report"}, id="a name in a package"),
        pytest.param("import mnist_sweeps.verbs.check", {"verbs"}, id="a plain import"),
        pytest.param("def f():\n    from mnist_sweeps.job import run_job", {"job"}, id="in a function"),
        pytest.param("if TYPE_CHECKING:\n    from mnist_sweeps.app import cli", {"app"}, id="for type checking"),
        pytest.param("from mnist_sweeps import build", {"__init__"}, id="a name of the package"),
        pytest.param("import mnist_sweeps", {"__init__"}, id="the package"),
        pytest.param("import numpy.linalg", set(), id="others"),
    ],
)
def test_imports_are_found(code: str, found: set[str]) -> None:
    assert units_imported(code) == found
