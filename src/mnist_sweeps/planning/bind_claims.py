"""The claims of a sweep file, bound to the rows of its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mnist_sweeps.config import claim_spec
from mnist_sweeps.config.claim_spec import FIXED, Claim
from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import CommandLine, Sweep
from mnist_sweeps.storage import run_digest


def bind_claims(
    sweep: Sweep, command: CommandLine, configs: Mapping[str, Config], compared: Mapping[str, str | None]
) -> tuple[list[Claim], list[str]]:
    """The file's claims, and a line for each that is left out, as the command line made other rows of its row.

    Raises:
        ConfigError: a claim that cannot be judged, or is about no row; claims of a search.
    """
    if sweep.claims and sweep.search is not None:
        raise ConfigError("sweep.claims: a search has no rows yet to claim anything of; claim it in another sweep")
    renamed = command.axes or (sweep.grid.keys() | sweep.zip.keys()) & command.settings.keys()
    claims, omitted = [], []
    for claim in claim_spec.parse_claims(sweep.claims):
        missing = [name for name in (claim.row, claim.against) if name is not None and name not in configs]
        if renamed and missing:
            omitted.append(f"the claim about {claim.row} is left out: the command line replaces {missing[0]}")
        else:
            claims.append(bind_claim(claim, configs, compared))
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


def _check_row(key: str, name: str, configs: Mapping[str, Config]) -> None:
    if name not in configs:
        raise ConfigError(f"sweep.claims.{key}={name}: there is no such row; {nearest(name, list(configs))}")
