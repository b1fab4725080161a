"""What a reader must know of a search: how its rows came about, what its winner is worth, what decided the score."""

from collections.abc import Sequence

from mnist_sweeps.report.row import ReportRow
from mnist_sweeps.report.wording import counted, listed
from mnist_sweeps.storage.sweep_record import SweepRecord


def searched(plan: SweepRecord, rows: Sequence[ReportRow]) -> list[str]:
    """The notes of a search; none for sweeps of other kinds."""
    search = plan.search
    if search is None:
        return []
    settings = dict.fromkeys(_setting(key) for key in search.space)
    found = [f"Trials are named by what they drew: {', '.join(settings)}."]
    trials = [row for row in rows if row.name != "winner" and row.validation is not None]
    if search.pruner:
        pruned = sum(any(run.pruned_at for run in row.finished) for row in trials)
        found.append(
            f"{pruned} of {counted(len(trials), 'trial')} ended early, below the {search.pruner} of those before them."
        )
    if trials:
        found.append(_worth(plan, rows, max(trials, key=lambda row: row.validation or 0.0), len(trials)))
    if search.importances:
        shares = [f"{key} {share:.0%}" for key, share in search.importances.items()]
        found.append(f"Validation accuracy depends on {listed(shares)} (fANOVA over {counted(len(trials), 'trial')}).")
    return found


def _worth(plan: SweepRecord, rows: Sequence[ReportRow], best: ReportRow, count: int) -> str:
    """What the scores of the best trial and of the winner say, once it was chosen by one of them."""
    chosen = f"Chosen by validation, the best of {count} trials ({best.name}) owes a part of that score to the choice"
    if best.validated_on == "test":
        return f"{chosen}, and so of its test accuracy: the trials were validated on the test set."
    winner = next((row for row in rows if row.name == "winner"), None)
    if winner is None or plan.search is None or plan.search.winner is None:
        return f"{chosen}; no test accuracy chose anything."
    trial = next((row for row in rows if row.name == plan.search.winner), best)
    if winner.same_as:
        return f"{chosen}; winner is that very training, not a new one."
    shared = [str(seed) for seed in winner.variant.seeds if seed in trial.variant.seeds]
    anew = f"{chosen}. winner is {trial.name}, trained anew with {plan.search.overrides or 'its own settings'}"
    if shared:
        return f"{anew}; seed {', '.join(shared)} is its trial's own, so a part of the choice is still in its scores."
    return f"{anew}: its seeds are fresh, and its test accuracy owes nothing to the choice."


def importances(plan: SweepRecord) -> list[tuple[str, str]]:
    """Each drawn key and its share of what decides the score, the largest first."""
    return [(key, f"{share:.0%}") for key, share in plan.search.importances.items()] if plan.search else []


def _setting(key: str) -> str:
    """`model.hidden` for `model.hidden.0`."""
    base, _, last = key.rpartition(".")
    return base if last.isdecimal() else key
