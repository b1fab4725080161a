"""Training: the command line goes to Hydra, which calls the sweeper once and `task` for each variant."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omegaconf import DictConfig

# A job scheduler's end of a job, and the loss of a terminal, are handled like Ctrl-C.
ENDS = (signal.SIGTERM, signal.SIGHUP)


def train(arguments: list[str]) -> int:
    """Trains a variant, a sweep or a grid: 0 where all runs completed, 1 where some failed."""
    import hydra

    from mnist_sweeps.cli.hydra_flags import checked
    from mnist_sweeps.planning import compose, conf_paths, hydra_settings
    from mnist_sweeps.planning.overrides import with_quoted_path
    from mnist_sweeps.sweeps.finish import RunsFailed

    for number in ENDS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` ignores SIGHUP, and means it
            signal.signal(number, signal.default_int_handler)
    os.environ["HYDRA_FULL_ERROR"] = "1"  # Hydra raises its errors instead of printing them; `cli` prints one line
    words = with_quoted_path(checked(arguments))
    hydra_settings.check_typed([word for word in words if word.lstrip("+~").startswith("hydra.")])
    sys.argv = [sys.argv[0], *words]
    compose.register()
    try:
        hydra.main(config_path=str(conf_paths.shipped()), config_name="config", version_base="1.3")(task)()
    except RunsFailed as failed:
        print(failed, end="\n" if str(failed) else "", file=sys.stderr)
        return 1
    return 0


def task(composed: DictConfig) -> float:
    """One Hydra job: the mean validation accuracy of a variant, after its missing runs are trained."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    from mnist_sweeps.config.errors import ConfigError
    from mnist_sweeps.data import sources
    from mnist_sweeps.job import missing_figures
    from mnist_sweeps.planning import compose
    from mnist_sweeps.planning.hydra_settings import REFUSED
    from mnist_sweeps.planning.planned_config import check_as_planned
    from mnist_sweeps.runtime import device, keras_backend, stderr_log
    from mnist_sweeps.runtime.messages import LOGGER
    from mnist_sweeps.storage import run_scores, sweep_file, variant_folder

    config = compose.to_config(composed)
    if HydraConfig.get().mode is not RunMode.MULTIRUN:
        raise ConfigError(f"hydra.mode=RUN: {REFUSED['hydra.mode']}")
    folder = Path(HydraConfig.get().runtime.output_dir)
    os.chdir(HydraConfig.get().runtime.cwd)  # with hydra.job.chdir a relative data.path would mean another file
    if composed.planned is not None:
        check_as_planned(config, composed.planned)
    elif HydraConfig.get().job.num == 0:
        sweeper = HydraConfig.get().runtime.choices["hydra/sweeper"]
        LOGGER.warning(f"hydra/sweeper={sweeper}: {folder.parent} gets no report; leave it out for one")
    if not variant_folder.is_complete(config, folder):
        with stderr_log.captured(folder / "log.txt"):
            keras_backend.configure_process(machine := device.fully_specified(config) or device.resolve(config))
            sources.ahead(config.data.name, config.data.path)
            keras_backend.import_keras()  # only now that backend and devices are fixed
            from mnist_sweeps.job.job import run_job
            from mnist_sweeps.job.run import VariantFolder

            variant = VariantFolder(folder.parent.name, sweep_file.variant_name(folder), folder)
            run_job(config, variant, machine)
            if composed.planned is None:  # else the command that planned it draws
                missing_figures.draw({variant.name: folder})
    return run_scores.mean_validation_accuracy(config, folder)
