"""Every option of every group and every row of every sweep in conf/ composes and builds."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mnist_sweeps.config.schema import Config, Data
from mnist_sweeps.data import sources
from mnist_sweeps.planning import catalog, compose, conf_paths
from mnist_sweeps.planning.planner import plan
from mnist_sweeps.sweeps.dry_run import dry_run

FEW = Data(train_size=500, test_size=200, validation=100)
OPTIONS = [
    f"{group}={option.name}" for group in catalog.GROUPS for option in catalog.options([conf_paths.shipped()], group)
]
SHRUNK = ("sweep=quickstart", "sweep=small_digits", "sweep=mlp_search")  # of each kind one in the default suite
SWEEPS = [f"sweep={sweep.name}" for sweep in catalog.sweeps([conf_paths.shipped()])]


@pytest.fixture(autouse=True, scope="module")
def data_that_is_not_here() -> Iterator[None]:
    """The content of Fashion-MNIST and its like is known where their files are; here it does not matter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "digest", lambda name, path=None: str(name))
        yield


def faults_of(words: list[str]) -> dict[str, list[str]]:
    """What is wrong with each, built by one child process; on few digits, so that no file is needed."""
    planned: dict[str, list[Config]] = {}
    with compose.session():
        for word in words:
            planned[word] = [row.config for row in plan([word]).rows]
    every = [replace(config, data=FEW) for configs in planned.values() for config in configs]
    built = iter(dry_run(every))
    return {word: [fault for _ in configs if (fault := next(built).fault)] for word, configs in planned.items()}


def test_every_option_and_the_quickstart_build() -> None:
    assert {word: faults for word, faults in faults_of([*OPTIONS, "sweep=quickstart"]).items() if faults} == {}


@pytest.mark.slow
def test_every_row_of_every_sweep_builds() -> None:
    assert {word: faults for word, faults in faults_of(SWEEPS).items() if faults} == {}


@pytest.mark.parametrize(
    "word", [word if word in SHRUNK else pytest.param(word, marks=pytest.mark.slow) for word in SWEEPS]
)
def test_smoke_shrinks_every_row(word: str) -> None:
    with compose.session():
        rows = plan([word, "size=smoke"]).rows
    for row in rows:
        assert (row.config.training.epochs, row.config.seeds, row.config.data.name) == (1, 1, "mnist5k")
        assert (row.config.data.train_size, row.config.data.test_size) == (500, 200)


@pytest.mark.parametrize("sweep", catalog.sweeps([conf_paths.shipped()]), ids=lambda sweep: sweep.name)
def test_the_list_counts_the_rows_that_are_planned(sweep: catalog.SweepEntry) -> None:
    with compose.session():
        planned = plan([f"sweep={sweep.name}"])
    search = planned.sweep.search  # whose rows are drawn as it goes; there are only probes before
    assert sweep.rows == (len(planned.rows) if search is None else search.trials + (search.winner is not None))


def test_the_groups_are_those_of_the_catalog() -> None:
    with compose.session():
        assert compose.groups() == {*catalog.GROUPS, "sweep"}


def test_the_quickstart_is_what_the_readme_says() -> None:
    with compose.session():
        rows = plan(["sweep=quickstart"]).rows
    assert [len(row.changes) for row in rows] == [0, 1, 1, 1, 1, 1]
    assert {row.config.seeds for row in rows} == {3}
    assert {row.config.data.name for row in rows} == {"mnist5k"}
