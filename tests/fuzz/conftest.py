"""Hypothesis keeps what it learns in a temporary folder, not in the checkout; sweeps to lose something of."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from tests import pretend
from tests.fuzz.home import home

set_hypothesis_home_dir(tempfile.mkdtemp(prefix="hypothesis-"))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory in which sweep=mine and sweep=folds have run."""
    folder = tmp_path_factory.mktemp("fuzz") / "home"
    with home() as here:
        (here.home / "conf" / "sweep").mkdir(parents=True)
        for name, text in (("mine", pretend.MINE), ("folds", pretend.FOLDS)):
            (here.home / "conf" / "sweep" / f"{name}.yaml").write_text(text)
            assert here.run(f"sweep={name}").code == 0
        shutil.copytree(here.home, folder)
    return folder
