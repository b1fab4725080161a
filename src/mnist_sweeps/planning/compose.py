"""Settings in, Config out: where Hydra's files and overrides become plain dataclasses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import ConfigCompositionException
from hydra.initialize import get_gh_backup, restore_gh_from_backup
from hydra.version import VersionBase
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import Settings, Sweep, text
from mnist_sweeps.planning import conf_paths
from mnist_sweeps.planning.override_values import literal, quoted

FREE = ("optimizer", "initializer", "output_initializer", "preprocessing")  # Keras's keywords: any key


@dataclass
class Schema(Config):
    """What the command line may set: a variant, and what becomes of the sweep it belongs to."""

    sweep: Sweep | None = None
    fresh: bool = False  # train all anew, in a dated folder
    overwrite: bool = False  # move aside what was trained with other settings
    trials: int | None = None  # of a search, at most


def register() -> None:
    """Makes the schema known to Hydra: an unknown key or a wrong type fails before any job."""
    schema = OmegaConf.structured(Schema)
    for key in FREE:
        OmegaConf.set_struct(schema[key], False)
    ConfigStore.instance().store("schema", schema)


@contextmanager
def session(config_dir: Path | None = None) -> Iterator[None]:
    """Hydra ready to compose, for callers outside of `hydra.main`.

    Args:
        config_dir: A folder of the user's options; None: `conf/` in the working directory, if there is one.

    Raises:
        ConfigError: There is no such folder, or one of its options has the name of a shipped one.
    """
    with _own_global_hydra(), initialize_config_dir(str(conf_paths.shipped()), version_base="1.3"):
        if folder := config_dir or conf_paths.own():
            search_also(f"file://{folder.resolve()}")
        yield


def search_also(path: str) -> None:
    """Lets the current Hydra session find options in a folder, too.

    Args:
        path: As in `hydra.searchpath`: `file://FOLDER`, or `pkg://PACKAGE`.

    Raises:
        ConfigError: There is no such folder, or one of its options has the name of a shipped one.
    """
    if path.startswith("file://"):
        folder = Path(path.removeprefix("file://"))
        if not folder.is_dir():
            raise ConfigError(f"{folder}: no such folder of options")
        conf_paths.check_names(folder)
    loader = GlobalHydra.instance().config_loader()
    search_path = loader.get_search_path()
    if all(known.path != path for known in search_path.get_path()):
        search_path.prepend("own", path, "schema")  # which must stay last
        loader.repository.initialize_sources(search_path)  # type: ignore[attr-defined]


@contextmanager
def _own_global_hydra() -> Iterator[None]:
    """Sets a Hydra session of the caller's aside meanwhile (a notebook has one), and puts it back."""
    session, base = get_gh_backup(), VersionBase.instance().getbase()
    GlobalHydra.instance().clear()
    register()
    try:
        yield
    finally:
        restore_gh_from_backup(session)
        VersionBase.instance().version_base = base


def groups() -> set[str]:
    """Names of the config groups: those of ours that a row may choose from."""
    return set(GlobalHydra.instance().config_loader().list_groups("")) - {"hydra"}


class Composer:
    """Composes once per set of group choices; a long sweep would else cost 60 ms and more a row."""

    def __init__(self, groups: set[str], hydra_overrides: list[str]) -> None:
        self.groups = groups
        self.hydra_overrides = hydra_overrides
        self.bases: dict[tuple[str, ...], DictConfig] = {}

    def base(self, settings: Mapping[str, Any]) -> DictConfig:
        """The composed config of the group choices among `settings`, without their other keys."""
        chosen = tuple(sorted(f"{key}={quoted(value)}" for key, value in settings.items() if key in self.groups))
        if chosen not in self.bases:
            self.bases[chosen] = compose("config", [*self.hydra_overrides, *chosen])
        return deepcopy(self.bases[chosen])

    def config(self, settings: Settings) -> Config:
        """The variant that these settings describe.

        Raises:
            ConfigAttributeError, ValidationError, ...: of OmegaConf, for an unknown key or a wrong type.
        """
        composed = self.base(settings)
        for key, value in settings.items():
            if key not in self.groups:
                _update(composed, key, value)
        return to_config(composed)


def _update(composed: DictConfig, key: str, value: Any) -> None:
    try:
        OmegaConf.update(composed, key, literal(value), merge=True)
    except OmegaConfBaseException as error:
        raise ConfigCompositionException(f"Error merging override {key}={text(value)}") from error


def to_config(composed: DictConfig) -> Config:
    """The plain dataclass of a composed config, without what belongs to the sweep."""
    schema = OmegaConf.to_object(composed)
    assert isinstance(schema, Schema)
    return Config(**{field.name: getattr(schema, field.name) for field in fields(Config)})
