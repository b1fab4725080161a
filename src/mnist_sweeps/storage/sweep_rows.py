"""A sweep's record with a row renamed or dropped; its runs stay what they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.storage import folder_names
from mnist_sweeps.storage.sweep_record import SweepRecord, VariantRecord

T = TypeVar("T")


def renamed(record: SweepRecord, old: str, new: str) -> SweepRecord:
    """The record in which a row has another name, and the folder of that name.

    Args:
        record: The sweep.
        old: The row's name.
        new: Its name from now on.

    Raises:
        ConfigError: There is no such row, another one has the new name, or rows are trials of a search.
    """
    _check(record, [old])
    names = [variant.name for variant in record.variants]
    if not new.strip() or " ".join(new.split()) in {" ".join(name.split()) for name in names}:
        raise ConfigError(f"{new!r}: expected a name that no row has; there are {', '.join(names)}")

    def name(of: str | None) -> str | None:
        return new if of == old else of

    folder = folder_names.folders(new if known == old else known for known in names)[new]
    taken = {variant.folder for variant in record.variants if variant.name != old}
    if folder in taken:
        raise ConfigError(f"{new}: another row has the folder {folder}; choose another name")
    variants = [
        replace(
            variant,
            name=str(name(variant.name)),
            folder=folder if variant.name == old else variant.folder,
            compared_with=name(variant.compared_with),
            same_as=name(variant.same_as),
        )
        for variant in record.variants
    ]
    return replace(
        record,
        variants=tuple(variants),
        baseline=name(record.baseline),
        compare={str(name(row)): str(name(other)) for row, other in record.compare.items()},
        reference=_keys_renamed(record.reference, old, new),
        claims=tuple(replace(claim, row=str(name(claim.row)), against=name(claim.against)) for claim in record.claims),
    )


def without(record: SweepRecord, rows: Collection[str]) -> SweepRecord:
    """The record without some rows; `dropped` has these.

    Args:
        record: The sweep.
        rows: Names of the rows to drop.

    Raises:
        ConfigError: There is no such row, another one or a claim needs it, none would be left, or the rows belong
            together, as the trials of a search do.
    """
    _check(record, rows)
    left = [variant for variant in record.variants if variant.name not in rows]
    if not left:
        raise ConfigError(f"{', '.join(rows)}: no row would be left")
    for variant in left:
        for other, needs in ((variant.compared_with, "is compared with it"), (variant.same_as, "has its runs")):
            if other in rows:
                raise ConfigError(f"{other}: {variant.name} {needs}; drop {variant.name}, too")
    for claim in record.claims:
        if needed := {claim.row, claim.against} & set(rows):
            raise ConfigError(f"{min(map(str, needed))}: a claim of the sweep needs it: {claim.says}")
    return replace(
        record,
        variants=tuple(left),
        dropped=(*record.dropped, *(variant for variant in record.variants if variant.name in rows)),
        compare={row: other for row, other in record.compare.items() if row not in rows and other not in rows},
        reference={row: values for row, values in record.reference.items() if row not in rows},
    )


def row_of(record: SweepRecord, name: str) -> VariantRecord:
    """The row of a name.

    Raises:
        ConfigError: There is none.
    """
    found = next((variant for variant in record.variants if variant.name == name), None)
    if found is None:
        raise ConfigError(f"{name}: there is no such row; {nearest(name, [row.name for row in record.variants])}")
    return found


def _check(record: SweepRecord, rows: Collection[str]) -> None:
    for name in rows:
        row_of(record, name)
    if record.search or record.until:
        kind = "a search: its rows are its trials" if record.search else "until decided: its rows share their rounds"
        raise ConfigError(f"{record.sweep} is {kind}, and stay as they are")


def _keys_renamed(of: Mapping[str, T], old: str, new: str) -> dict[str, T]:
    return {new if key == old else key: value for key, value in of.items()}
