"""Notes of a search: how trials are named, the selection bias of the best one, importances."""

from collections.abc import Sequence

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, listed
from mnist_sweeps.storage.sweep_record import SweepRecord


def searched(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """The notes of a search; none for sweeps of other kinds.

    Args:
        plan: The sweep.
        rows: The rows of its report.
    """
    search = plan.search
    if search is None:
        return []
    settings = dict.fromkeys(_setting(key) for key in search.space)
    sentences = [f"Trials are named by what they drew: {', '.join(settings)}."]
    trials = [row for row in rows if row.name != "winner" and row.validation is not None]
    if search.pruner:
        pruned = sum(any(run.pruned_at for run in row.finished) for row in trials)
        sentences.append(
            f"{pruned} of {counted(len(trials), 'trial')} ended early, compared with those before them "
            f"(pruner: {search.pruner})."
        )
    if search.asynchronous:
        sentences.append("Trials were drawn as workers became free: another such search may draw other trials.")
    if trials:
        sentences.append(_selection_bias(plan, rows, max(trials, key=lambda row: row.validation or 0.0), len(trials)))
    if search.importances:
        shares = [f"{key} {share}" for key, share in importances(plan)]
        bootstrap = "; 95 % intervals by bootstrap over them" if search.importance_intervals else ""
        sentences.append(
            f"Validation accuracy depends on {listed(shares)} (fANOVA over {counted(len(trials), 'trial')}{bootstrap})."
        )
    return sentences


def _selection_bias(plan: SweepRecord, rows: Sequence[ReportRow], best: ReportRow, count: int) -> str:
    """Which scores of the best trial and of the winner are biased by selection."""
    chosen = f"{best.name} is the best of {count} trials by validation accuracy, which is biased upward by selection"
    if best.validated_on == "test":
        return f"{chosen}, and so is its test accuracy: the trials were validated on the test set."
    winner = next((row for row in rows if row.name == "winner"), None)
    if winner is None or plan.search is None or plan.search.winner is None:
        return f"{chosen}; test accuracy was not used to choose."
    trial = next((row for row in rows if row.name == plan.search.winner), best)
    if winner.same_as:
        return f"{chosen}; winner is that same training, not a new one."
    shared = [str(seed) for seed in winner.variant.seeds if seed in trial.variant.seeds]
    retrained = f"{chosen}. winner is {trial.name}, trained again with {plan.search.overrides or 'its own settings'}"
    if shared:
        return f"{retrained}; seed {', '.join(shared)} was also its trial's, so part of the selection bias remains."
    return f"{retrained} and new seeds: its test accuracy has no selection bias."


def importances(plan: SweepRecord) -> list[tuple[str, str]]:
    """Each searched key and its share of the importance for the score with its 95 % interval, the largest first."""
    search = plan.search
    if search is None:
        return []
    return [(key, _share(share, search.importance_intervals.get(key))) for key, share in search.importances.items()]


def _share(share: float, interval: tuple[float, float] | None) -> str:
    """`62 % [40, 81]`; searches of earlier versions have no interval."""
    if interval is None:
        return f"{share:.0%}"
    low, high = interval
    return f"{100 * share:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"


def _setting(key: str) -> str:
    """`model.hidden` for `model.hidden.0`."""
    base, _, last = key.rpartition(".")
    return base if last.isdecimal() else key
