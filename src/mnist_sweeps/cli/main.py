"""The command `mnist-sweeps`: a subcommand, or Hydra overrides that describe what to train."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from importlib import import_module
from multiprocessing import current_process
from typing import NoReturn

from mnist_sweeps.cli import completion, messages
from mnist_sweeps.config.errors import ConfigError, nearest
from mnist_sweeps.runtime import terminal

# One line each for `--help`; the module in `commands` that does it is imported only when it is asked for.
COMMANDS = {
    "check": "build every variant, estimate its time, train nothing",
    "diff": "compare two sweeps or two rows: settings, versions, results, verdict, images on which they differ",
    "drop": "take rows out of a finished sweep; their runs stay",
    "export": "write the best model by validation accuracy, with its preprocessing and a model card",
    "extend": "add seeds to a finished sweep, or train its runs for more epochs from their states",
    "from-keras": "write the YAML of a Keras Sequential model: network, optimizer, loss",
    "init": "write conf/ with one sweep, a CI workflow and a pre-commit hook",
    "judge": "judge runs that other tools made: a CSV file, an MLflow store, a Hydra multirun",
    "list": "list every sweep and every option of every group",
    "new": "write a commented sweep to start from",
    "predict": "recognize the handwritten digits in pictures, with an exported model",
    "rename": "rename a row of a finished sweep, without training it again",
    "report": "write the report of a sweep again, from its run folders",
    "schema": "write JSON Schemas with which an editor completes and checks YAML files",
    "status": "count the runs that are completed, running, failed and left",
    "track": "send a sweep to MLflow, TensorBoard or Weights & Biases",
    "watch": "serve the page of a sweep on this machine, up to date while the sweep runs",
}
HELP = ("-h", "--help")


class _Parser(ArgumentParser):
    """Reports a wrong argument as this package reports any wrong setting: one line, exit code 2."""

    def error(self, message: str) -> NoReturn:
        raise ConfigError(f"{self.prog}: {message}; see {self.prog} --help")


def cli() -> int:
    """The exit code: 0 all well, 1 some runs failed, 2 the configuration is wrong, 130 interrupted."""
    if getattr(current_process(), "_inheriting", False):  # a worker imports the script that called this
        sys.exit(2)  # the driver says that the script needs `if __name__ == "__main__":`
    terminal.take_any_text()
    try:
        code = _run(messages.configure(sys.argv[1:]))
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # `mnist-sweeps ... | head`
        terminal.drop_output()
        return 1
    except KeyboardInterrupt:
        print("interrupted; run the same command again to resume", file=sys.stderr)
        return 130
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except Exception as error:
        from mnist_sweeps.planning.explain_errors import explain  # it imports Hydra: 0.1 s

        print(explain(error), file=sys.stderr)
        return 2


def _run(arguments: list[str]) -> int:
    first = arguments[0] if arguments else ""
    if first in HELP:
        return run_command("help", [])
    if first == "--version":
        print(f"mnist-sweeps {_version()}")
        return 0
    if first in COMMANDS:
        return run_command(first, arguments[1:])
    if first and first[0] not in "-+~" and "=" not in first:
        raise ConfigError(
            f"{first}: no such command; {nearest(first, list(COMMANDS))}; or overrides, like optimizer=sgd"
        )
    if completion.is_query(arguments) and not completion.complete(COMMANDS):
        return 0
    from mnist_sweeps.cli.train import train

    return train(arguments)


def run_command(name: str, arguments: list[str]) -> int:
    """The exit code of a subcommand.

    Args:
        name: A key of `COMMANDS`, or `help`.
        arguments: What stands after its name on the command line.

    Raises:
        ConfigError: An argument that the command does not take, or what the command itself refuses.
    """
    command = import_module(f"mnist_sweeps.cli.commands.{name.replace('-', '_')}")
    parser = _Parser(f"mnist-sweeps {name}", description=command.__doc__, allow_abbrev=False)
    parser.add_argument("-q", "--quiet", action="store_true", help="print results and errors only")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what is done, step by step")
    command.add_arguments(parser)
    code: int = command.run(parser.parse_intermixed_args(arguments))
    return code


def _version() -> str:
    from importlib.metadata import version

    return version("mnist-sweeps")
