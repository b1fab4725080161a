"""Hydra composes equal files and overrides once in a process: each takes 0.1 s, and tests ask for the same ones."""

from pathlib import Path
from typing import Any

from hydra import compose
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig

from mnist_sweeps.planning import conf_paths

_composed: dict[Any, DictConfig] = {}


def compose_once(config_name: str, overrides: list[str], return_hydra_config: bool) -> DictConfig:
    """As `hydra.compose`; the result is shared, and so must not be changed.

    Args:
        config_name: Of the primary config.
        overrides: In Hydra's grammar.
        return_hydra_config: Whether it has the node `hydra`.
    """
    key = (config_name, *overrides, return_hydra_config, *_sources())
    if key not in _composed:
        _composed[key] = compose(config_name, overrides, return_hydra_config)
    if return_hydra_config:
        _composed[key].hydra.runtime.cwd = str(Path.cwd())
    return _composed[key]


def _sources() -> list[Any]:
    """What Hydra reads: the shipped files do not change, all others do by their content."""
    shipped = f"file://{conf_paths.shipped()}"
    paths = [str(element.path) for element in GlobalHydra.instance().config_loader().get_search_path().get_path()]
    return [_content(path) if path.startswith("file://") and path != shipped else path for path in paths]


def _content(path: str) -> tuple[tuple[str, bytes], ...]:
    folder = Path(path.removeprefix("file://"))
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return tuple((str(file.relative_to(folder)), file.read_bytes()) for file in files)
