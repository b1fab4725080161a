"""Settings below `hydra.`: which of them a sweep honours, and what to write instead of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.planning import launcher_settings

# By key or section; a key that is in neither table fails the test that walks Hydra's own configuration.
HONOURED = (
    "hydra.callbacks",
    "hydra.env",
    "hydra.hydra_help",  # `mnist-sweeps --hydra-help`
    "hydra.hydra_logging",
    "hydra.job.chdir",
    "hydra.job.env_copy",
    "hydra.job.env_set",
    "hydra.job.name",
    "hydra.job_logging",
    "hydra.launcher",
    "hydra.output_subdir",
    "hydra.searchpath",
    "hydra.sweep.dir",  # of this sweep; output_dir is for all
    "hydra.sweeper",
    "hydra.verbose",
)
REFUSED = {
    "hydra.help": "the help of mnist-sweeps is fixed",
    "hydra.job.config": "a sweep's folders are named by its variants; set hydra.sweep.dir or output_dir",
    "hydra.mode": "every training is a sweep; for one variant leave it out",
    "hydra.run": "every training is a sweep; set hydra.sweep.dir for the folder of this sweep, or output_dir for all",
    "hydra.sweep.subdir": "a sweep's folders are named by its variants; set hydra.sweep.dir or output_dir",
}
FILLED_IN = (  # by Hydra, for each job
    "hydra.job.config_name",
    "hydra.job.id",
    "hydra.job.num",
    "hydra.job.override_dirname",
    "hydra.overrides",
    "hydra.runtime",
)
KNOWN = (*HONOURED, *REFUSED)


def is_in(key: str, sections: Iterable[str]) -> bool:
    """Whether a key is one of `sections`, or inside of one."""
    return any(key == section or key.startswith(f"{section}.") for section in sections)


def check_typed(overrides: list[str]) -> None:
    """Checks the Hydra overrides of a command line.

    Raises:
        ConfigError: A line for each that would be ignored, with what to write instead.
    """
    faults = []
    for override in overrides:
        key = override.lstrip("+~").partition("=")[0].partition("@")[0]
        if is_in(key, FILLED_IN):
            faults.append(f"{override}: Hydra sets it for each job; leave it out")
        elif key.startswith("hydra.") and not any(is_in(key, [known]) or is_in(known, [key]) for known in KNOWN):
            faults.append(f"{override}: there is no such key; {nearest(key, list(KNOWN))}")
        faults += [f"{override}: {reason}" for section, reason in REFUSED.items() if is_in(key, [section])]
    if faults:
        raise ConfigError("\n".join(faults))


def check_composed(settings: Mapping[str, Any], default: Mapping[str, Any]) -> None:
    """Checks Hydra's part of a composed configuration, in which files may have set something, too.

    Args:
        settings: All of its keys (`hydra.run.dir`), with interpolations as they are written.
        default: Those of the shipped `config.yaml` without overrides.

    Raises:
        ConfigError: A line for each setting that would be ignored, with what to write instead, and for each number
            that a launcher cannot use.
    """
    faults = [
        f"{key}={value}: {reason}"
        for key, value in settings.items()
        for section, reason in REFUSED.items()
        if is_in(key, [section]) and default.get(key) != value
    ]
    faults += launcher_settings.faults(settings)
    if faults:
        raise ConfigError("\n".join(faults))
