"""Write JSON Schemas with which an editor completes and checks sweep files and groups."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from mnist_sweeps.planning import conf_paths, json_schema


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the folder of the schemas."""
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(".schemas"),
        metavar="DIR",
        help="where the schemas are written; default: .schemas",
    )


def run(arguments: Namespace) -> int:
    """Always 0, once the schemas are written and the setting of VS Code that uses them is printed."""
    written = json_schema.write(arguments.folder, conf_paths.conf())
    mapping = {path.as_posix(): json_schema.files_of(name) for name, path in written.items()}
    print(f"{arguments.folder}: {len(written)} schemas. For VS Code, in .vscode/settings.json:")
    print(json.dumps({"yaml.schemas": mapping}, indent=2))
    return 0
