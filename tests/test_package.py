"""What people install: a wheel built from the sdist, in an empty environment, folder and home."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "mnist_sweeps"

pytestmark = pytest.mark.slow


def built(target: str, source: Path, folder: Path) -> Path:
    """The only file that hatchling makes of `source`: a wheel or an sdist."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sdist = built("sdist", ROOT, tmp_path_factory.mktemp("sdist"))
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    (source,) = unpacked.iterdir()
    return built("wheel", source, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has the wheel alone; the packages that it needs are those of this environment, since no network is promised."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    (site,) = (folder / "lib").glob("python*/site-packages")
    (site / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("empty")


def ran(environment: Path, folder: Path, *command: str) -> str:
    """What a command prints in `folder`, with a home folder of its own."""
    home = environment / "home"
    home.mkdir(exist_ok=True)
    settings = {"PATH": f"{environment / 'bin'}{os.pathsep}{os.defpath}", "HOME": str(home)}
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_has_every_file_of_the_package_and_all_options(wheel: Path) -> None:
    files = {f"mnist_sweeps/{path.relative_to(PACKAGE)}" for path in PACKAGE.rglob("*") if path.is_file()}
    files |= {f"mnist_sweeps/conf/{path.relative_to(ROOT / 'conf')}" for path in (ROOT / "conf").rglob("*.yaml")}
    files |= {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / "hydra_plugins").rglob("*.py")}
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert sorted(file for file in files if "__pycache__" not in file and file not in names) == []
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"mnist_sweeps", "hydra_plugins"}


def test_an_installed_command_is_that_of_the_wheel(environment: Path, empty: Path) -> None:
    where = ran(environment, empty, "python", "-c", "import mnist_sweeps; print(mnist_sweeps.__file__)")
    assert Path(where).is_relative_to(environment)
    assert "  quickstart " in ran(environment, empty, "mnist-sweeps", "list")


def test_what_init_writes_is_checked_and_trained(environment: Path, empty: Path) -> None:
    *_, following = ran(environment, empty, "mnist-sweeps", "init").splitlines()
    assert "about" in ran(environment, empty, *following.removeprefix("next: ").split())
    assert "two layers" in ran(environment, empty, "mnist-sweeps", "sweep=first", "size=smoke")
    (folder,) = (empty / "outputs").iterdir()
    assert len([*folder.glob("*/seed-*/run.json")]) == 3
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Do a second layer and batch norm raise" in page and "Content-Security-Policy" in page
