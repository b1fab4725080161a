"""Hydra composes equal files and overrides once in a process: each takes 0.1 s, and tests ask for the same ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hydra import compose, version
from hydra.core.global_hydra import GlobalHydra
from hydra.core.utils import JobRuntime
from omegaconf import DictConfig, open_dict

from mnist_sweeps.planning import conf_paths

Files = dict[str, bytes]  # of the user's own options, by path


@dataclass(frozen=True)
class _Composed:
    config: DictConfig
    choices: Mapping[str, str]  # the option of each group
    files: Files  # those of the options


_composed: dict[tuple[object, ...], list[_Composed]] = {}


def compose_once(config_name: str, overrides: list[str], return_hydra_config: bool) -> DictConfig:
    """As `hydra.compose`; the result is shared, and so must not be changed.

    Args:
        config_name: Of the primary config.
        overrides: In Hydra's grammar.
        return_hydra_config: Whether it has the node `hydra`.
    """
    places, files = _sources()
    state = (JobRuntime.instance().get("name"), version.getbase())
    known = _composed.setdefault((config_name, *overrides, return_hydra_config, *places, *state), [])
    for composed in known:
        if composed.files == _read(files, config_name, composed.choices):
            break
    else:
        config = compose(config_name, overrides, return_hydra_config=True)
        choices = dict(config.hydra.runtime.choices)
        if not return_hydra_config:
            with open_dict(config):
                del config["hydra"]
        known.append(composed := _Composed(config, choices, _read(files, config_name, choices)))
    if return_hydra_config:
        composed.config.hydra.runtime.cwd = str(Path.cwd())
    return composed.config


def _sources() -> tuple[list[str], Files]:
    """Where Hydra looks; and the files there which are not shipped, since tests write them."""
    shipped = f"file://{conf_paths.shipped()}"
    paths = [str(element.path) for element in GlobalHydra.instance().config_loader().get_search_path().get_path()]
    own = [Path(path.removeprefix("file://")) for path in paths if path.startswith("file://") and path != shipped]
    files = {f"{n}/{file.relative_to(own[n])}": file.read_bytes() for n in range(len(own)) for file in _files(own[n])}
    return ["own" if Path(path.removeprefix("file://")) in own else path for path in paths], files


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _read(files: Files, config_name: str, choices: Mapping[str, str]) -> Files:
    """Those that Hydra reads: of the primary config and the options; where one of them adds defaults, any may be."""
    if any(b"defaults" in content for content in files.values()):
        return files
    names = {f"{config_name}.yaml", *(f"{group}/{option}.yaml" for group, option in choices.items())}
    return {path: content for path, content in files.items() if path.partition("/")[2] in names}
