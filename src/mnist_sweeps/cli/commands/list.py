"""`mnist-sweeps list`: every sweep with its question, rows and minutes; every option of every group."""

from __future__ import annotations

from mnist_sweeps.planning import catalog, conf_paths


def main(words: list[str]) -> int:
    """Always 0."""
    where = conf_paths.conf()
    print("Sweeps (mnist-sweeps sweep=NAME)\n")
    for sweep in catalog.sweeps(where):
        print(f"  {sweep.name:<22} {sweep.question}")
        print(f"  {'':<22} {sweep.rows} rows, {sweep.minutes or 'time not known'} on 2 cores")
    for group in catalog.GROUPS:
        print(f"\n{group}=")
        for option in catalog.options(where, group):
            print(f"  {option.name:<22} {option.about}")
    return 0
