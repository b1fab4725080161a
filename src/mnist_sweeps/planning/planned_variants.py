"""The variants of a sweep, composed and checked: what each changes, which are equal, which are trained."""

from __future__ import annotations

from dataclasses import replace

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import Settings, Sweep, VariantSpec, flattened, text
from mnist_sweeps.config.validate import check
from mnist_sweeps.planning.composer import Composer
from mnist_sweeps.planning.explain_errors import explain, merge_equal_faults
from mnist_sweeps.planning.interpolations import has_interpolation
from mnist_sweeps.planning.sweep_plan import PlannedVariant
from mnist_sweeps.storage import folder_names, run_digest


def compose_variants(
    specs: list[VariantSpec], composer: Composer, named: bool
) -> tuple[list[VariantSpec], list[Config]]:
    """The rows with their interpolations resolved, and the config of each."""
    rows, configs = [], []
    faults: list[tuple[str, str]] = []
    for row in specs:
        try:
            settings, config = composer.variant(row.settings)
            check(config)
            rows.append(_resolved(row, settings))
            configs.append(config)
        except ConfigError as error:
            faults += [(f"row {row.name}", line) for line in str(error).splitlines()]
        except Exception as error:  # OmegaConf's and Hydra's many kinds; explain() raises those that are not theirs
            faults.append((f"row {row.name}", explain(error)))
    if faults:
        several = named and len(specs) > 1
        lines = merge_equal_faults(faults) if several else dict.fromkeys(fault for _, fault in faults)
        raise ConfigError("\n".join(lines))
    return rows, configs


def _resolved(row: VariantSpec, settings: Settings) -> VariantSpec:
    if settings == row.settings:
        return row
    own = {key: settings[key] if has_interpolation(value) else value for key, value in flattened(row.own).items()}
    return replace(row, own=own, settings=settings)


def planned_variants(
    rows: list[VariantSpec], configs: list[Config], compared: dict[str, str | None], composer: Composer
) -> list[PlannedVariant]:
    """Each variant with its folder, what it changes, and the earlier one that it is equal to.

    Args:
        rows: The variants, their interpolations resolved.
        configs: The config of each.
        compared: The name of the variant that each is compared with.
        composer: Writes the overrides of each job.

    Raises:
        ConfigError: Two variants have the same name.
    """
    folders = folder_names.folders(row.name for row in rows)
    by_name = dict(zip((row.name for row in rows), configs, strict=True))
    if len({" ".join(name.split()) for name in by_name}) < len(rows):  # a table shows no other white space
        raise ConfigError("two rows have the same name; name each differently")
    first: dict[tuple[str, ...], str] = {}
    planned = []
    for row, config in zip(rows, configs, strict=True):
        same = first.setdefault(tuple(run_digest.digest(config, run) for run in config.runs), row.name)
        other = compared[row.name]
        planned.append(
            PlannedVariant(
                name=row.name,
                folder=folders[row.name],
                own=row.own,
                overrides=[composer.override(key, value) for key, value in row.settings.items()],
                config=config,
                compared_with=other,
                changes=run_digest.changes(by_name[other], config) if other else [],
                same_as=None if same == row.name else same,
            )
        )
    return planned


def chosen_variants(names: list[str] | None, rows: list[VariantSpec], sweep: Sweep) -> frozenset[str] | None:
    """The variants that `variants=[...]` names; on a grid the name of a variant stands for all of its points.

    Args:
        names: What is named; None for all.
        rows: The variants of the plan.
        sweep: The sweep file.

    Raises:
        ConfigError: There is no such variant, or a search draws them.
    """
    if names is None:
        return None
    if not names:
        raise ConfigError("variants=[]: expected names of variants, or null for all")
    if sweep.search is not None:
        raise ConfigError(f"variants={text(names)}: a search draws its variants; leave it out, or set trials")
    by_name = {
        name: [row.name for row in rows if name in (row.name, row.name.removesuffix(row.suffix))] for name in names
    }
    for name, matching in by_name.items():
        if not matching:
            raise ConfigError(
                f"variants={text(names)}: there is no {name}; {nearest(name, [row.name for row in rows])}"
            )
    return frozenset(name for matching in by_name.values() for name in matching)
