"""What `make setup` and CI install is what pyproject.toml asks for, at the versions of constraints.txt, with hashes."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WITHOUT_PIN = {"appnope", "pip", "setuptools", "wheel"}  # on macOS alone, and what an environment brings along
EXTRAS = ("dev", "docs", "mutation", "bench")


def pins(file: str) -> dict[str, str]:
    """Versions by normalized name."""
    found = re.findall(r"^([\w.-]+)(?:\[[^]]*])?==([^\s;]+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    return {normalized(name): version for name, version in found}


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requested(file: str) -> set[str]:
    """The packages that pyproject.toml names for a file, those of extras in them included."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if file == "requirements-ci.txt":
        entries, extras = list(content["dependency-groups"]["ci"]), {}
    else:
        extras = content["project"]["optional-dependencies"]
        entries = [*content["project"]["dependencies"], *(entry for extra in EXTRAS for entry in extras[extra])]
    names = set()
    while entries:
        name, inner = re.match(r"([\w.-]+)(?:\[([^]]*)])?", entries.pop()).groups()
        if name == "mnist-sweeps":
            entries += [entry for extra in inner.split(",") for entry in extras[extra]]
        else:
            names.add(normalized(name))
    return names


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-ci.txt"])
def test_every_package_is_there_at_its_version_in_constraints(file: str) -> None:
    locked, constraints = pins(file), pins("constraints.txt")
    assert requested(file) - locked.keys() == set(), "make lock"
    assert {name: version for name, version in locked.items() if version != constraints.get(name)}.keys() <= WITHOUT_PIN


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-ci.txt"])
def test_every_package_has_hashes_and_no_address(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
