"""The command `mnist-sweeps`: a verb, or overrides for Hydra."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omegaconf import DictConfig

VERBS = ("check", "export", "list", "report", "schema", "status")


def cli() -> int:
    """The exit code: 0 all well, 1 some runs failed, 2 the configuration is wrong, 130 interrupted."""
    words = sys.argv[1:]
    try:
        if words and words[0] in VERBS:
            verb: Callable[[list[str]], int] = import_module(f"mnist_sweeps.cli.commands.{words[0]}").main
            return verb(words[1:])
        if words and words[0] in ("-h", "--help"):
            from mnist_sweeps.cli.commands import help

            return help.main(words[1:])
        return train()
    except BrokenPipeError:  # `mnist-sweeps ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    except Exception as error:
        from mnist_sweeps.planning.explain_errors import explain

        print(explain(error), file=sys.stderr)
        return 2


def train() -> int:
    """Runs Hydra over the command line: a variant, a sweep, or a grid."""
    import hydra

    from mnist_sweeps.planning import compose, conf_paths
    from mnist_sweeps.sweeps.driver import RunsFailed

    for number in (signal.SIGTERM, signal.SIGHUP):  # a job scheduler's end, and a lost terminal's, are a Ctrl-C
        signal.signal(number, signal.default_int_handler)
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors come here, and are said in one line
    if (folder := conf_paths.own()) and not any(word.startswith(("--config-dir", "-cd")) for word in sys.argv):
        sys.argv += ["--config-dir", str(folder)]
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

    from mnist_sweeps.data import mnist
    from mnist_sweeps.planning import compose
    from mnist_sweeps.runtime import device, stderr_log
    from mnist_sweeps.storage import run_folder, run_scores

    config = compose.to_config(composed)
    folder = Path(HydraConfig.get().runtime.output_dir)
    if not run_folder.is_complete(config, folder):
        with stderr_log.captured(folder / "log.txt"):
            device.configure_process(machine := device.fully_specified(config) or device.resolve(config))
            mnist.ahead(config.data.name, config.data.path)
            device.import_keras()  # only now that backend and devices are fixed
            from mnist_sweeps.job.job import run_job
            from mnist_sweeps.job.run import VariantFolder

            run_job(config, VariantFolder(folder.parent.name, _row(folder), folder), machine)
    return run_scores.mean_validation_accuracy(config, folder)


def _row(folder: Path) -> str:
    """The name of the row whose folder this is; the folder's own under Hydra's own sweepers."""
    from mnist_sweeps.storage.sweep_file import read_sweep_file

    try:
        variants = read_sweep_file(folder.parent).variants
    except FileNotFoundError:
        return folder.name
    return next(variant.name for variant in variants if variant.folder == folder.name)
