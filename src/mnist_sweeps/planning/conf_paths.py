"""Where configurations lie: the shipped `conf/`, and the user's own in the working directory or elsewhere."""

from __future__ import annotations

from pathlib import Path

from mnist_sweeps.config.errors import ConfigError


def shipped() -> Path:
    """The checkout's `conf/` where there is one (an editable install's copy goes stale), else the wheel's."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parents[1] / "conf"
    return checkout if (checkout / "config.yaml").exists() else package / "conf"


def own() -> Path | None:
    """The user's own `conf/` in the working directory, if there is one in addition to the shipped.

    Raises:
        ConfigError: As `check_names` does.
    """
    folder = Path("conf").resolve()
    if not folder.is_dir() or folder == shipped():
        return None
    check_names(folder)
    return folder


def check_names(folder: Path) -> None:
    """Refuses a folder of options with names of shipped ones, which Hydra would silently take instead.

    Raises:
        ConfigError: The option that is to be renamed.
    """
    for option in sorted(folder.glob("*/*.yaml")):
        name = option.relative_to(folder)
        if folder != shipped() and (shipped() / name).exists():
            raise ConfigError(
                f"{folder.name}/{name}: a shipped option has that name and would be taken instead; rename yours"
            )


def conf(config_dir: Path | None = None) -> list[Path]:
    """The shipped folder, then the user's: `config_dir`, else the one in the working directory."""
    return [shipped(), *filter(None, [config_dir or own()])]
