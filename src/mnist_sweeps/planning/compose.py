"""Settings in, Config out: where Hydra's files and overrides become plain dataclasses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from hydra import initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.initialize import get_gh_backup, restore_gh_from_backup
from hydra.version import VersionBase
from omegaconf import DictConfig, OmegaConf

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import Sweep
from mnist_sweeps.planning import conf_paths

NOT_OURS = "--config-name: the defaults list of the primary config must begin with `- config`"
FREE = ("optimizer", "initializer", "output_initializer", "preprocessing")  # Keras's keywords: any key


@dataclass
class Schema(Config):
    """What the command line may set: a variant, and what becomes of the sweep it belongs to."""

    sweep: Sweep | None = None
    fresh: bool = False  # train all anew, in a dated folder
    overwrite: bool = False  # move aside what was trained with other settings
    trials: int | None = None  # of a search, at most
    output_dir: str | None = None  # in which sweeps have their folders; else $MNIST_SWEEPS_OUTPUTS, or outputs
    variants: list[str] | None = None  # of the sweep, those to train; none: all


@dataclass
class JobSchema(Schema):
    """What a job has in addition: the config that was planned for it, see `planned_config`."""

    planned: str | None = None


def register() -> None:
    """Makes the schema known to Hydra: an unknown key or a wrong type fails before any job."""
    ConfigStore.instance().store("schema", _schema())


@cache
def _schema() -> DictConfig:
    schema: DictConfig = OmegaConf.structured(JobSchema)
    for key in FREE:
        OmegaConf.set_struct(schema[key], False)
    return schema


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


def to_config(composed: DictConfig) -> Config:
    """The plain dataclass of a composed config, without what belongs to the sweep.

    Raises:
        ConfigError: The primary config does not build on the shipped one.
    """
    schema = OmegaConf.to_object(composed)
    if not isinstance(schema, Schema):
        raise ConfigError(NOT_OURS)
    return Config(**{field.name: getattr(schema, field.name) for field in fields(Config)})
