"""Commands in any order, some of them killed: which runs exist, and with which numbers, is known at each step."""

from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests import pretend
from tests.fuzz.examples import effort
from tests.fuzz.home import CommandKilled, WorkerKilled, home

from mnist_sweeps import report
from mnist_sweeps.config.schema import Config, RunKey
from mnist_sweeps.storage import run_folder, variant_folder
from mnist_sweeps.storage.run_lock import lock_run

LEAVE_RUN = pretend.leave_run
RATES = {"a": (0.1, 0.2), "b": (0.3, 0.4), "c": (0.5, 0.6)}  # what a row's learning rate can be
Runs = dict[tuple[str, int], tuple[float, str]]  # by row and seed: the rate that was trained, and how it ended


def score(rate: float) -> float:
    """The validation accuracy that a run with this learning rate has; its test accuracy is the contrary."""
    return round(0.9 - rate / 10, 3)


class Sweep(RuleBasedStateMachine):
    """A user's folder, and what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.here = self.stack.enter_context(home())
        self.stack.enter_context(pytest.MonkeyPatch.context()).setattr(pretend, "leave_run", self._leave_run)
        self.lives: int | None = None
        self.victim = ""
        (self.here.home / "conf" / "sweep").mkdir(parents=True)
        self.rows: dict[str, float] = {}
        self.seeds = 1
        self.plans: dict[str, tuple[dict[str, float], int]] = {}  # of each folder, as last written to sweep.yaml
        self.runs: dict[str, Runs] = {}
        self.aside: list[tuple[str, int, float]] = []

    def teardown(self) -> None:
        self.stack.close()

    @initialize(rows=st.sets(st.sampled_from(sorted(RATES)), min_size=1), seeds=st.integers(1, 2))
    def write(self, rows: set[str], seeds: int) -> None:
        self._edit({name: RATES[name][0] for name in sorted(rows)}, seeds)

    @rule(row=st.sampled_from(sorted(RATES)), rate=st.integers(0, 1))
    def edit_row(self, row: str, rate: int) -> None:
        self._edit({**self.rows, row: RATES[row][rate]}, self.seeds)

    @rule(seeds=st.integers(1, 3))
    def edit_seeds(self, seeds: int) -> None:
        self._edit(self.rows, seeds)

    @rule(row=st.sampled_from(sorted(RATES)))
    def remove_row(self, row: str) -> None:
        if len(self.rows) > 1:
            self._edit({name: rate for name, rate in self.rows.items() if name != row}, self.seeds)

    @rule(overwrite=st.booleans())
    def train(self, overwrite: bool) -> None:
        self._train(["overwrite=true"] if overwrite else [], None, "")

    @rule(lives=st.integers(0, 3), victim=st.sampled_from(["worker", "command"]), overwrite=st.booleans())
    def train_and_die(self, lives: int, victim: str, overwrite: bool) -> None:
        self._train(["overwrite=true"] if overwrite else [], lives, victim)

    @rule()
    def train_anew(self) -> None:
        before = set(self._folders())
        assert self.here.run("sweep=mine", "fresh=true").code == 0
        (new,) = set(self._folders()) - before
        self.plans[new] = (dict(self.rows), self.seeds)
        self.runs[new] = {
            (row, seed): (rate, "completed") for row, rate in self.rows.items() for seed in range(self.seeds)
        }

    @rule()
    def make_report(self) -> None:
        for folder in self._folders():
            ended = self.here.run("report", f"outputs/{folder}")
            assert ended.code == (0 if self._is_complete(folder) else 1), ended

    @rule()
    def count(self) -> None:
        for folder in self._folders():
            ended = self.here.run("status", f"outputs/{folder}")
            completed = len(self._expected(folder))
            assert ended.code == 0
            assert (f"{completed} completed" in ended.out) == bool(completed), ended

    @rule()
    def export(self) -> None:
        """Pretended models cannot be read: it is refused, and harms nothing."""
        assert self.here.run("export", "outputs/mine").code in (0, 2)

    @invariant()
    def every_run_is_there_with_its_number(self) -> None:
        for folder in self._folders():
            read = report.read(self.here.outputs / folder)
            found = {(row.name, run.seed): run.metrics["val_accuracy"] for row in read.rows for run in row.finished}
            assert found == {key: score(rate) for key, rate in self._expected(folder).items()}

    @invariant()
    def what_was_moved_aside_is_there(self) -> None:
        records = [
            record
            for variant in self.here.outputs.glob("*/.aside/*")
            for record in variant_folder.read_all(variant).values()
            if record.completed
        ]
        found = sorted((str(record.variant), record.seed, record.validation_accuracy) for record in records)
        assert found == sorted((row, seed, score(rate)) for row, seed, rate in self.aside)

    def _edit(self, rows: dict[str, float], seeds: int) -> None:
        self.rows, self.seeds = rows, seeds
        common = {"model": "softmax", "seeds": seeds, "workers": 1}
        variants = {row: {"optimizer": "sgd", "optimizer.learning_rate": rate} for row, rate in rows.items()}
        content = {"question": "Which?", "common": common, "variants": variants}
        (self.here.home / "conf" / "sweep" / "mine.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
        self.here.launcher.accuracies = {row: score(rate) for row, rate in rows.items()}

    def _folders(self) -> list[str]:
        return sorted(path.parent.name for path in self.here.outputs.glob("*/sweep.yaml"))

    def _expected(self, folder: str) -> dict[tuple[str, int], float]:
        """The completed runs of the folder's sweep, with their rates."""
        rows, seeds = self.plans[folder]
        runs = self.runs[folder].items()
        return {
            key: rate for key, (rate, status) in runs if status == "completed" and key[0] in rows and key[1] < seeds
        }

    def _is_complete(self, folder: str) -> bool:
        rows, seeds = self.plans[folder]
        return len(self._expected(folder)) == len(rows) * seeds

    def _train(self, words: list[str], lives: int | None, victim: str) -> None:
        """The command, and what it must leave; after `lives` runs the victim dies in the middle of the next."""
        runs = self.runs.setdefault("mine", {})
        foreign = {row for (row, _), (rate, _) in runs.items() if row in self.rows and rate != self.rows[row]}
        if foreign and not words:
            assert self.here.run("sweep=mine").code == 2
            return
        for row, seed in [key for key in runs if key[0] in foreign]:
            rate, status = runs.pop((row, seed))
            self.aside += [(row, seed, rate)] * (status == "completed")
        self.plans["mine"] = (dict(self.rows), self.seeds)
        wanted = [(row, seed) for row in self.rows for seed in range(self.seeds)]
        left = [key for key in wanted if runs.get(key, (0, ""))[1] != "completed"]
        dies = left[lives] if lives is not None and lives < len(left) else None
        self.lives, self.victim = (lives, victim) if dies else (None, "")
        for key in left:
            if dies and victim == "command" and left.index(key) >= left.index(dies):
                break
            lost = bool(dies) and key[0] == dies[0] and left.index(key) >= left.index(dies)
            runs[key] = (self.rows[key[0]], "killed" if lost else "completed")
        if dies and victim == "command":
            runs.pop(dies, None)  # whatever it was, it had begun again
            with pytest.raises(CommandKilled):
                self.here.run("sweep=mine", *words)
        else:
            assert self.here.run("sweep=mine", *words).code == (1 if dies else 0)

    def _leave_run(self, variant: Path, config: Config, run: RunKey, accuracy: float, status: str) -> Path:
        """Stands for the training of a run, during which a process can die."""
        if self.lives == 0:
            self.lives = None
            folder = run_folder.folder_of(variant, run)
            with lock_run(folder):
                record = pretend.record_of(config, run, accuracy, status, variant.parent.name, variant.name)
                run_folder.begin(folder, record)
                run_folder.append_epoch(folder, 1, {"loss": 0.5})
            raise WorkerKilled if self.victim == "worker" else CommandKilled
        if self.lives is not None:
            self.lives -= 1
        return LEAVE_RUN(variant, config, run, accuracy, status)


@pytest.mark.parametrize(("examples", "steps"), [(3, 6), pytest.param(150, 15, marks=pytest.mark.slow)])
def test_any_sequence_of_commands_leaves_what_it_must(examples: int, steps: int) -> None:
    run_state_machine_as_test(Sweep, settings=settings(effort(examples), stateful_step_count=steps))
