"""requirements.txt, which `make setup` installs, is what pyproject.toml asks for at the versions of constraints.txt."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
WITHOUT_PIN = {"appnope", "setuptools", "wheel"}  # on macOS alone, and what pip brings along


def pins(file: str) -> dict[str, str]:
    """Versions by normalized name."""
    found = re.findall(r"^([\w.-]+)(?:\[[^]]*])?==([^\s;]+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    return {normalized(name): version for name, version in found}


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requested() -> set[str]:
    """The packages that the project and its extras `dev` and `docs` name, those of extras in them included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    entries, names = [*project["dependencies"], *extras["dev"], *extras["docs"]], set()
    while entries:
        name, inner = re.match(r"([\w.-]+)(?:\[([^]]*)])?", entries.pop()).groups()
        if name == "mnist-sweeps":
            entries += [entry for extra in inner.split(",") for entry in extras[extra]]
        else:
            names.add(normalized(name))
    return names


def test_every_package_is_there_at_its_version_in_constraints() -> None:
    locked, constraints = pins("requirements.txt"), pins("constraints.txt")
    assert requested() - locked.keys() == set(), "make lock"
    assert {name: version for name, version in locked.items() if version != constraints.get(name)}.keys() <= WITHOUT_PIN


def test_every_package_has_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
