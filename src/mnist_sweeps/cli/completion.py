"""Shell completion: Hydra's own, which knows keys, options and sweeps, with the commands added.

Hydra's scripts ask `mnist-sweeps --shell-completion query=bash` (or zsh, fish) with the line so far in $COMP_LINE.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from mnist_sweeps.cli.messages import LEVELS

FLAGS = ("-sc", "--shell-completion")
OURS = (*LEVELS, "--all")  # flags that Hydra does not know


def is_query(arguments: list[str]) -> bool:
    """Whether the shell asks for the words that may come next."""
    return len(arguments) > 1 and arguments[0] in FLAGS and arguments[1].startswith("query=")


def query(line: str, commands: Iterable[str]) -> tuple[list[str], str | None]:
    """The words of ours that may end the line, and the line that Hydra is to complete; None where it is not asked.

    Args:
        line: As typed so far, with the program's name.
        commands: The names of all commands.
    """
    program, *words = line.split()
    last = "" if line.endswith(" ") or not words else words.pop()
    words = [word for word in words if word not in OURS]
    if last.startswith("-"):
        return [], None
    rest = " ".join([program, *words, *([last] if last or line.endswith(" ") else [])])
    if not words:
        return [name for name in commands if name.startswith(last)], rest
    if words[0] == "check":  # it takes the overrides of a training
        return [], " ".join([program, *words[1:], last])
    if words == ["new"]:
        return ["sweep"] if "sweep".startswith(last) else [], None
    return [], None if words[0] in commands else rest


def complete(commands: Iterable[str]) -> bool:
    """Prints the commands that may come next; whether Hydra is to print its words, too."""
    names, rest = query(os.environ.get("COMP_LINE", ""), list(commands))
    if names:
        print("\n".join(names))
    if rest is not None:
        os.environ["COMP_LINE"] = rest
    return rest is not None
