"""A command's events as two profiles: the way to the first step, and the costs of a job and of a run."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from benchmarks.part import Found
from benchmarks.timeline import Event, named, spent

TRAINING, FIRST_IMPORT = "jax_epoch.JaxEpochEngine.run", "import keras"
PLAN, CHECK, TASK = "planner.Planner.plan", "dry_run.dry_run", "train.task"
BEGIN, PUBLISH = "run_folder.begin", "run_folder.publish"
PARTS = {
    "dataset.load": "reading the data", "inputs.prepare": "preparing it", "trainer.Trainer.__init__": "building",
    "run_figures.draw_default": "drawing",
    "report.write_files": "writing the report",
}  # fmt: skip
RUN_PARTS = {
    "network.build": "building its network", "weight_summary.summary": "quantiles of the weights",
    "jax_epoch.JaxEpochEngine.predict": "predicting the test images", PUBLISH: "writing its files",
}  # fmt: skip
COMPILING = {"jax jaxpr_trace": "tracing", "jax jaxpr_to_mlir_module": "lowering", "jax backend_compile": "XLA"}


def first_step(events: list[Event]) -> dict[str, float]:
    """Seconds from the command to the first call of the training program, and what lies between them."""
    step = named(events, TRAINING)[0]
    before = [event for event in events if event.end <= step.begin]
    plan, check = named(before, PLAN)[0], named(before, CHECK)[0]
    task = named(events, TASK)[0]
    return {
        "python, Hydra and composing": plan.end - events[0].begin,
        "the check: a child that builds on numpy": check.seconds,
        "to the worker's task: spawning it, Hydra again": task.begin - check.end,
        "importing Keras and JAX": sum(event.seconds for event in named(before, FIRST_IMPORT)[-1:]),
        "other imports": spent(before, "import mnist_sweeps.job.job", [task]),
        "reading and preparing data": sum(named(before, name)[-1].seconds for name in list(PARTS)[:2]),
        "building": named(before, "trainer.Trainer.__init__")[0].seconds,
        "all, to the first step": step.begin - events[0].begin,
        "the whole command": events[0].seconds,
    }


def jobs(events: list[Event]) -> Found:
    """Medians over the jobs after the first: seconds beyond their runs, of each part; of their runs; of compiling."""
    tasks = named(events, TASK)
    training, runs = named(events, TRAINING), _runs(events)
    found: dict[str, list[float]] = {}
    for before, task in pairwise(tasks):
        mine = [run for run in runs if run.inside(task)]
        loops = [loop for loop in training if loop.inside(task)]
        rows = {"a job beyond its runs": task.end - before.end - sum(run.seconds for run in mine)}
        rows |= {f"job: {words}": spent(events, name, [task]) for name, words in PARTS.items()}
        rows["job: between two jobs"] = task.begin - before.end
        extra = [run.seconds - sum(loop.seconds for loop in loops if loop.inside(run)) for run in mine]
        rows |= {"the first run of a job beyond training": extra[0], "a later run beyond training": median(extra[1:])}
        rows |= {
            f"later run: {words}": spent(events, name, mine[1:]) / len(mine[1:]) for name, words in RUN_PARTS.items()
        }
        rows |= {f"compiling: {words}": spent(events, name, loops[:1]) for name, words in COMPILING.items()}
        rows["compiling, all of it"] = loops[0].seconds - median(loop.seconds for loop in loops[1:])
        for key, value in rows.items():
            found.setdefault(key, []).append(value)
    return {key: median(values) for key, values in found.items()}


def _runs(events: list[Event]) -> list[Event]:
    """From the beginning of each run to its publication."""
    begun, published = named(events, BEGIN), named(events, PUBLISH)
    return [Event("run", one.process, one.begin, two.end) for one, two in zip(begun, published, strict=True)]
