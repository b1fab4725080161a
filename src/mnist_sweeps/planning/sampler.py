"""A search: what it asks for next, given what its trials reached. Optuna draws; plain data goes in and comes out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.sweep_spec import SearchSpec, Settings, Sweep
from mnist_sweeps.config.value_checks import is_whole
from mnist_sweeps.planning.draws import draw, parameters
from mnist_sweeps.planning.pruners import PRUNERS
from mnist_sweeps.planning.search_space import Space

if TYPE_CHECKING:
    import optuna

SAMPLERS = {"tpe": "TPESampler", "random": "RandomSampler", "gp": "GPSampler"}
TREES = 40  # each fitted to a bootstrap sample of the trials: for the interval of an importance; 0.05 s each
ENOUGH = 4  # trials with a score, without which an importance says nothing

ScoredTrials = Sequence[
    tuple[Settings, float | None]
]  # what each trial drew and reached, in order; None: it has no score


@dataclass(frozen=True)
class SearchState:
    """How far a search is; `winner` is the place of the best trial once all are there."""

    space: Space
    drawn: list[Settings]
    floors: list[list[float] | None] = field(default_factory=list)  # of each trial drawn, where the search prunes
    running: list[list[int]] = field(default_factory=list)  # of each trial drawn: the places of those that ran then
    winner: int | None = None
    scores: list[float | None] = field(default_factory=list)  # once all are there, with what they depend on
    importances: dict[str, float] = field(default_factory=dict)
    importance_intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    aside: tuple[str, ...] = ()  # folders of an earlier search that this one makes room of


def check(sweep: Sweep) -> None:
    """Refuses a `search` block without trials or space, and one next to variants or a grid.

    Raises:
        ConfigError: a line for each fault.
    """
    if sweep.search is not None and (faults := [*_faults(sweep.search, sweep)]):
        raise ConfigError("\n".join(faults))


def _faults(search: SearchSpec, sweep: Sweep) -> Iterator[str]:
    for key in ("variants", "grid", "zip", "baseline", "compare", "reference"):
        if getattr(sweep, key):
            yield f"sweep.{key}: a sweep with search has no {key}, its rows are its trials; take one of the two out"
    if not is_whole(search.trials):
        yield f"sweep.search.trials={search.trials}: expected a whole number of at least 1"
    if not is_whole(search.seed, least=0):
        yield f"sweep.search.seed={search.seed}: expected a whole number of at least 0"
    if not isinstance(search.asynchronous, bool):
        yield f"sweep.search.asynchronous={search.asynchronous}: allowed: true, false"
    if search.sampler not in SAMPLERS:
        yield f"sweep.search.sampler={search.sampler}: {nearest(search.sampler, list(SAMPLERS))}"
    if search.pruner is not None and search.pruner not in PRUNERS:
        yield f"sweep.search.pruner={search.pruner}: {nearest(str(search.pruner), list(PRUNERS))}, or null for none"
    if not search.space:
        yield 'sweep.search.space={}: nothing to draw; give a key its values, like model.hidden.0: "choice(128, 256)"'


def require(search: SearchSpec) -> None:
    """Refuses a search whose sampler is not installed.

    Raises:
        ConfigError: what to install.
    """
    if find_spec("optuna") is None:
        raise ConfigError("sweep.search: Optuna, which draws trials, is missing: pip install 'mnist-sweeps[search]'")
    if search.sampler == "gp" and find_spec("torch") is None:
        raise ConfigError("sweep.search.sampler=gp: its PyTorch is missing: pip install torch, or take tpe or random")


def ask(
    search: SearchSpec, space: Space, scored_trials: ScoredTrials, count: int, running: Collection[int] = ()
) -> list[Settings]:
    """What the next `count` trials draw; the same for the same search, space, scores and `running`, in any process.

    The sampler is made anew for each call, seeded by the search's seed and the number of trials so far, so that an
    interrupted search goes on as if nothing had happened.

    Args:
        search: With its sampler and seed.
        space: What is drawn.
        scored_trials: The trials so far.
        count: How many to draw.
        running: The places of those that have not ended: the samplers keep away from them (TPE by a constant liar).
    """
    study = _study(search, space, scored_trials, running)
    return [draw(study, space) for _ in range(count)]


def importances(search: SearchSpec, space: Space, scored_trials: ScoredTrials) -> dict[str, float]:
    """How much of the scores' variance each key alone explains: shares that sum to 1, the largest first.

    Empty for too few trials. fANOVA (Hutter, Hoos and Leyton-Brown, 2014) and not Optuna's own choice, PED-ANOVA, which
    compares the best tenth of the trials with the others: where all of these have learned that a rate is too high, it
    calls the rate unimportant.
    """
    if not _differ(scored_trials):
        return {}
    import optuna

    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=search.seed)
    return _shares(evaluator, _study(search, space, scored_trials, complete=True))


def importance_intervals(
    search: SearchSpec, space: Space, scored_trials: ScoredTrials
) -> dict[str, tuple[float, float]]:
    """The 95 % interval (low, high) of each importance, by bootstrap over the trials; empty for too few trials.

    fANOVA's forest, tree by tree: each tree is fitted to another bootstrap sample of the trials.
    """
    if not _differ(scored_trials):
        return {}
    import optuna

    study = _study(search, space, scored_trials, complete=True)
    trees = [
        _shares(optuna.importance.FanovaImportanceEvaluator(n_trees=1, seed=seed), study)
        for seed in range(search.seed, search.seed + TREES)
    ]
    grown = [tree for tree in trees if tree]
    if not grown:
        return {}
    ends = {key: np.percentile([tree.get(key, 0.0) for tree in grown], (2.5, 97.5)) for key in study.trials[0].params}
    return {key: (round(float(low), 4), round(float(high), 4)) for key, (low, high) in ends.items()}


def _differ(scored_trials: ScoredTrials) -> bool:
    """Whether there are enough trials with a score, and they do not all have the same."""
    scores = [score for _, score in scored_trials if score is not None]
    return len(scores) >= ENOUGH and len(set(scores)) > 1


def _shares(evaluator: optuna.importance.FanovaImportanceEvaluator, study: optuna.Study) -> dict[str, float]:
    import optuna

    try:
        shares = optuna.importance.get_param_importances(study, evaluator=evaluator)
    except RuntimeError:  # of few trials a bootstrap sample may hold one alone: its trees have no variance to share
        return {}
    total = sum(shares.values())
    return {key: round(float(share / total), 4) for key, share in shares.items()} if total else {}


def _study(
    search: SearchSpec,
    space: Space,
    scored_trials: ScoredTrials,
    running: Collection[int] = (),
    complete: bool = False,
) -> optuna.Study:
    """Optuna's study of the trials so far, in memory; what is kept is sweep.yaml and the run folders.

    Args:
        search: With its sampler and seed.
        space: What is drawn.
        scored_trials: The trials so far.
        running: The places of those that have not ended.
        complete: Whether all trials get all parameters, see `draws.parameters`.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    seed = int(np.random.SeedSequence([search.seed, len(scored_trials)]).generate_state(1)[0])
    sampler = getattr(optuna.samplers, SAMPLERS[search.sampler])(seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for place, (settings, score) in enumerate(scored_trials):
        drawn = parameters(space, settings, complete)
        study.add_trial(
            optuna.trial.create_trial(
                state=_state(score, place in running),
                value=None if place in running else score,
                params={name: axis.encoded(value) for name, (value, axis) in drawn.items()},
                distributions={name: axis.distribution() for name, (_, axis) in drawn.items()},
            )
        )
    return study


def _state(score: float | None, running: bool) -> optuna.trial.TrialState:
    from optuna.trial import TrialState

    if running:
        return TrialState.RUNNING
    return TrialState.FAIL if score is None else TrialState.COMPLETE
