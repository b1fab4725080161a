"""Whatever became of a sweep's files, what is intact stays and counts; the rest is named, and trained again."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.examples import effort, efforts
from tests.fuzz.home import home
from tests.fuzz.run_folders import Damage, damages

import mnist_sweeps

OLD = Path(__file__).parents[1] / "fixtures" / "sweep_of_beaa16e"
SWEEPS = ["mine", "folds", "old", "old_search", "old_folds"]
STRATEGY = st.tuples(
    st.sampled_from(SWEEPS),
    st.lists(damages(), min_size=1, max_size=3),
    st.sampled_from(["sweep", "overwrite", "report", "status", "export", "load", "fresh", "check"]),
)


@pytest.fixture(scope="module")
def template(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sweeps of today and of commit beaa16e."""
    folder = tmp_path_factory.mktemp("fuzz") / "home"
    shutil.copytree(trained, folder)
    shutil.copytree(OLD / "conf", folder / "conf", dirs_exist_ok=True)
    shutil.copytree(OLD / "sweeps", folder / "outputs", dirs_exist_ok=True)
    return folder


def check(template: Path, example: tuple[str, list[Damage], str]) -> None:
    sweep, struck, verb = example
    with home(template) as here:
        folder = here.outputs / sweep
        for damage in struck:
            damage.strike(folder)
        match verb:
            case "sweep":
                here.run(f"sweep={sweep}")
            case "overwrite" | "fresh":
                here.run(f"sweep={sweep}", f"{verb}=true")
            case "load":
                try:
                    mnist_sweeps.load(folder)
                except (FileNotFoundError, ValueError) as error:
                    assert str(error)
            case "check":
                here.run("check", f"sweep={sweep}")
            case _:
                here.run(verb, f"outputs/{sweep}")


@efforts
def test_any_folder_is_resumed_reported_or_refused(template: Path, examples: int) -> None:
    effort(examples)(given(STRATEGY)(lambda example: check(template, example)))()
