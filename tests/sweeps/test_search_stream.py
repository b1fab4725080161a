"""An asynchronous search, with a launcher that only pretends to train on several workers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hydra.core.utils import JobReturn, JobStatus
from tests import pretend
from tests.pretend import Launcher

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.sweep_spec import SearchSpec
from mnist_sweeps.planning import compose, sampler
from mnist_sweeps.planning.override_values import axis
from mnist_sweeps.sweeps import driver
from mnist_sweeps.sweeps.finish import RunsFailed

FOUND = """\
question: How wide?
common: {model: mlp_small, training.epochs: 3}
search:
  trials: 4
  asynchronous: true
  sampler: random
  space: {model.dropout.0: "interval(0, 1)"}
"""
OUT = Path("outputs/found")


class Workers(Launcher):
    """Two workers; the job of trial N takes `seconds[N - 1]`, and Ctrl-C comes after some jobs have ended."""

    def __init__(self, seconds: list[int], jobs: int = 100, failing: int | None = None) -> None:
        super().__init__()
        self.seconds, self.jobs, self.failing = seconds, jobs, failing
        self.drawn_after: list[int] = []  # how many jobs had ended when each was requested

    def __call__(
        self, jobs: Any, folder: str, workers: int, gpus: object, on_ended: Callable[[int, JobReturn], None]
    ) -> list[JobReturn]:
        stream, running, returned, time = enumerate(jobs), list[tuple[int, int, list[str]]](), dict[int, JobReturn](), 0
        while True:
            while len(running) < workers and (job := next(stream, None)):
                self.drawn_after.append(len(returned))
                running.append((time + self.seconds[self.trial(job[1])], *job))
            if not running:
                return [returned[index] for index in sorted(returned)]
            if len(returned) == self.jobs:
                raise KeyboardInterrupt
            time, index, overrides = ended = min(running)
            running.remove(ended)
            returned[index] = self.job(overrides)
            on_ended(index, returned[index])

    def trial(self, overrides: list[str]) -> int:
        """The place of a job's trial, from 0."""
        subdir = next(word for word in overrides if word.startswith("hydra.sweep.subdir="))
        return int(subdir.partition("trial-")[2][:2]) - 1

    def job(self, overrides: list[str]) -> JobReturn:
        if self.trial(overrides) == self.failing:
            error = OSError("no room")
            return JobReturn(overrides=overrides, status=JobStatus.FAILED, _return_value=error)
        self.accuracies = {Path(word.partition("=")[2].strip("'")).name: 0.5 + 0.01 * self.trial(overrides)
                           for word in overrides if word.startswith("hydra.sweep.subdir=")}  # fmt: skip
        return super().job(overrides)


@pytest.fixture(autouse=True)
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend.prepare(tmp_path, monkeypatch, found=FOUND)


def search() -> dict[str, Any]:
    return dict(yaml.safe_load((OUT / "sweep.yaml").read_text())["search"])


def test_a_trial_is_drawn_when_a_worker_is_free_and_can_be_drawn_again_from_sweep_yaml() -> None:
    workers = Workers([9, 1, 1, 1])
    Path("conf/sweep/found.yaml").write_text(FOUND.replace("random", "tpe\n  pruner: successive_halving"))
    workers.sweep("sweep=found", "workers=2")
    assert workers.drawn_after == [0, 0, 1, 2]  # the first trial is trained all the time
    found = search()
    assert found["running"] == [[], [0], [0], [0]]
    assert found["scores"] == pytest.approx([0.5, 0.51, 0.52, 0.53])
    assert found["floors"] == [None, None, [0.51], [0.52]]  # of those that had ended, the best quarter
    space = {key: axis(key, written) for key, written in found["space"].items()}
    scored_trials = list(zip(found["drawn"], found["scores"], strict=True))
    for number, running in enumerate(found["running"]):
        again = sampler.ask(SearchSpec(sampler="tpe"), space, scored_trials[:number], 1, running)
        assert again == [found["drawn"][number]]


def test_an_interrupted_search_draws_the_trials_that_it_would_have_drawn() -> None:
    Workers([1] * 4).sweep("sweep=found", "workers=2")
    whole = search()
    OUT.rename("outputs/whole")
    with pytest.raises(KeyboardInterrupt):
        Workers([1] * 4, jobs=1).sweep("sweep=found", "workers=2")
    assert len(search()["drawn"]) == 3  # those in flight are known
    assert len(Workers([1] * 4).sweep("sweep=found", "workers=2")) == 3
    assert search() == whole


def test_a_job_that_fails_before_its_runs_has_ended_and_has_no_score() -> None:
    with pytest.raises(RunsFailed):
        Workers([1] * 4, failing=1).sweep("sweep=found", "workers=2")
    found = search()
    assert [score is None for score in found["scores"]] == [False, True, False, False]
    assert found["running"] == [[], [0], [1], [2]]


def test_launchers_that_take_all_jobs_at_once_are_refused() -> None:
    with (
        compose.session(),
        pytest.raises(ConfigError, match=r"^sweep.search.asynchronous=true: .*hydra/launcher=local or ray"),
    ):
        driver.sweep(["sweep=found"], Workers([]), one_by_one=False)
    assert not OUT.exists()
