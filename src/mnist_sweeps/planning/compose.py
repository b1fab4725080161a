"""Settings in, Config out: where Hydra's files and overrides become plain dataclasses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from mnist_sweeps.config.sweep_spec import SWEEP_KEYS, Settings, Sweep, text
from mnist_sweeps.planning import conf_paths
from mnist_sweeps.planning.hydra_settings import FILLED_IN, is_in
from mnist_sweeps.planning.interpolations import has_interpolation, resolved_alone, resolved_in
from mnist_sweeps.planning.override_values import literal, quoted

NOT_OURS = "--config-name: the defaults list of the primary config must begin with `- config`"
SWEEP_CHOICES = ("hydra.runtime.choices.sweep", "hydra.runtime.choices.size")
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
    schema = OmegaConf.structured(JobSchema)
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


def composed_primary(config_name: str, overrides: Sequence[str]) -> DictConfig:
    """The primary config with overrides, Hydra's own settings below `hydra` included.

    Raises:
        ConfigError: The file of `--config-name` does not build on the shipped one.
    """
    composed = compose(config_name, list(overrides), return_hydra_config=True)
    if OmegaConf.get_type(composed) is not JobSchema:
        raise ConfigError(NOT_OURS)
    return composed


def leaves(node: DictConfig) -> dict[str, Any]:
    """Every value below a node by its dotted key, with interpolations as they are written."""
    found: dict[str, Any] = {}

    def walk(prefix: str, content: Any) -> None:
        if isinstance(content, dict) and content:
            for key, value in content.items():
                walk(f"{prefix}.{key}" if prefix else str(key), value)
        else:
            found[prefix] = content

    walk("", OmegaConf.to_container(node))
    return found


class Composer:
    """Composes once per set of group choices; a long sweep would else cost 60 ms and more a row."""

    def __init__(self, groups: set[str], hydra_overrides: Sequence[str] = (), config_name: str = "config") -> None:
        """Sets what every variant has in common.

        Args:
            groups: The config groups from which a variant may choose.
            hydra_overrides: The overrides of the command line for Hydra itself.
            config_name: Of the primary config.
        """
        self.groups = groups
        self.hydra_overrides = list(hydra_overrides)
        self.config_name = config_name
        self.sweep_lines: list[str] = []  # overrides of the command line that concern the sweep as a whole
        self.composed: dict[tuple[str, ...], DictConfig] = {}
        self.bases: dict[tuple[str, ...], DictConfig] = {}

    def primary(self, lines: Sequence[str]) -> DictConfig:
        """The primary config with some overrides; see `composed_primary`."""
        key = tuple(sorted(lines))
        if key not in self.composed:
            self.composed[key] = composed_primary(self.config_name, [*self.hydra_overrides, *lines])
        return deepcopy(self.composed[key])

    def is_added(self, group: str) -> bool:
        """Whether a group is the user's own: not in the defaults list, so that Hydra wants `+group=option`."""
        return group in self.groups and group not in self.primary([]).hydra.runtime.choices

    def override(self, key: str, value: Any) -> str:
        """A setting in Hydra's override grammar.

        Raises:
            ConfigError: several options of a group, of which Hydra would merge the files.
        """
        if key in self.groups and isinstance(value, (list, tuple)) and not self.is_added(key):
            options = ",".join(map(text, value))
            raise ConfigError(
                f"{key}={text(value)}: expected one option; for a variant with each write {key}={options}"
            )
        return f"{'+' if self.is_added(key) else ''}{key}={quoted(value)}"

    def base(self, settings: Mapping[str, Any]) -> DictConfig:
        """The composed config of the group choices among `settings`, without their other keys.

        Raises:
            ConfigError: a chosen option sets what only the command line and the primary config can set.
        """
        chosen = tuple(sorted(self.override(key, value) for key, value in settings.items() if key in self.groups))
        if chosen not in self.bases:
            composed = self.primary(chosen)
            if added := [line for line in chosen if line.startswith("+")]:
                self._check_added(added, leaves(composed))
            del composed.hydra
            self.bases[chosen] = composed
        return deepcopy(self.bases[chosen])

    def _check_added(self, added: list[str], settings: dict[str, Any]) -> None:
        """Refuses options of the user's own groups that set, in one variant, what the sweep has as a whole."""
        common, sweep = leaves(self.primary([])), leaves(self.primary(self.sweep_lines))
        for key, value in settings.items():
            of_sweep = is_in(key, (*SWEEP_KEYS, "hydra")) and not is_in(key, FILLED_IN)
            if (of_sweep or key in SWEEP_CHOICES) and value not in (common.get(key), sweep.get(key)):
                raise ConfigError(f"{' '.join(added)}: sets {key}, which belongs to the whole sweep")

    def variant(self, settings: Settings) -> tuple[Settings, Config]:
        """The settings of a variant with their interpolations resolved, and the variant that they describe.

        Raises:
            ConfigAttributeError, ValidationError, ...: of OmegaConf, for an unknown key or a wrong type.
        """
        settings = {k: resolved_alone(literal(v)) if k in self.groups else v for k, v in settings.items()}
        composed = self.base(settings)
        for key, value in settings.items():
            if key not in self.groups:
                _update(composed, key, value)
        config = to_config(composed)
        resolved = {k: resolved_in(composed, k) if has_interpolation(v) else v for k, v in settings.items()}
        return resolved, config


def _update(composed: DictConfig, key: str, value: Any) -> None:
    try:
        OmegaConf.update(composed, key, literal(value), merge=True)
    except OmegaConfBaseException as error:
        raise ConfigCompositionException(f"Error merging override {key}={text(value)}") from error


def to_config(composed: DictConfig) -> Config:
    """The plain dataclass of a composed config, without what belongs to the sweep.

    Raises:
        ConfigError: The primary config does not build on the shipped one.
    """
    schema = OmegaConf.to_object(composed)
    if not isinstance(schema, Schema):
        raise ConfigError(NOT_OURS)
    return Config(**{field.name: getattr(schema, field.name) for field in fields(Config)})
