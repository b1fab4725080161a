"""The claims of a sweep file, bound to the rows of its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mnist_sweeps.config import claim_spec
from mnist_sweeps.config.claim_spec import FIXED, Claim
from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.history_metric import HistoryMetric, history_metric
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import CommandLine, Sweep
from mnist_sweeps.storage import run_digest


def bind_claims(
    sweep: Sweep, command: CommandLine, configs: Mapping[str, Config], compared: Mapping[str, str | None]
) -> tuple[list[Claim], list[str]]:
    """The file's claims, and a line for each that is left out: the command line replaced its row, or what it measures.

    Raises:
        ConfigError: a claim that cannot be judged, is about no row, or about a metric that the row's runs do not have;
            claims of a search.
    """
    if sweep.claims and sweep.search is not None:
        raise ConfigError("sweep.claims: a search has no rows yet to claim anything of; claim it in another sweep")
    renamed = command.axes or (sweep.grid.keys() | sweep.zip.keys()) & command.settings.keys()
    claims, omitted = [], []
    for claim in claim_spec.parse_claims(sweep.claims):
        missing = [name for name in (claim.row, claim.against) if name is not None and name not in configs]
        if renamed and missing:
            omitted.append(f"the claim about {claim.row} is left out: the command line replaces {missing[0]}")
            continue
        bound = bind_claim(claim, configs, compared)
        reason = unmeasured(bound, configs)
        if reason is None:
            claims.append(bound)
        elif command.settings or command.size:
            omitted.append(f"the claim about {claim.metric} of {claim.row} is left out: {reason}")
        else:
            raise ConfigError(f"sweep.claims.metric={claim.metric}: {reason}")
    return claims, omitted


def bind_claim(claim: Claim, configs: Mapping[str, Config], compared: Mapping[str, str | None]) -> Claim:
    """The claim with the row it is against, and what differs between the two.

    Raises:
        ConfigError: there is no such row, or nothing to compare it with.
    """
    _check_row("row", claim.row, configs)
    if claim.relation in FIXED:
        return claim
    against = str(claim.against or compared[claim.row] or "")
    if not against:
        raise ConfigError(
            f"sweep.claims.row={claim.row}: it is the baseline; say with against: which row it is compared"
        )
    _check_row("against", against, configs)
    return replace(claim, against=against, changes=tuple(run_digest.changes(configs[against], configs[claim.row])))


def unmeasured(claim: Claim, configs: Mapping[str, Config]) -> str | None:
    """Why the runs of a claim's rows do not have its metric, as far as their configs tell; None if they have it.

    Args:
        claim: The claim, as `bind_claim` returns it.
        configs: The config of each row.
    """
    for name in filter(None, (claim.row, claim.against)):
        config, history = configs[name], history_metric(claim.metric)
        if claim.metric.startswith("evaluated_") and not config.training.evaluate_train:
            return f"the training images of {name} are not evaluated; set training.evaluate_train=true"
        if history and (reason := _missing_epochs(history, name, config)):
            return reason
    return None


def _missing_epochs(metric: HistoryMetric, name: str, config: Config) -> str | None:
    training = config.training
    if metric.last > training.epochs:
        return f"{name} trains {training.epochs} epochs"
    if training.early_stopping.patience is not None or training.time_limit is not None or training.floor is not None:
        return f"runs of {name} may end before epoch {metric.last}"
    if metric.column.startswith("val_") and config.data.validation == "none" and config.data.folds is None:
        return f"{name} has no validation; hold images out, or claim train_accuracy"
    return None


def _check_row(key: str, name: str, configs: Mapping[str, Config]) -> None:
    if name not in configs:
        raise ConfigError(f"sweep.claims.{key}={name}: there is no such row; {nearest(name, list(configs))}")
