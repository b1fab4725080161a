"""Where configurations lie: the shipped `conf/`, and the user's own in the working directory."""

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
        ConfigError: one of its options has the name of a shipped one, which Hydra would silently take instead.
    """
    folder = Path("conf").resolve()
    if not folder.is_dir() or folder == shipped():
        return None
    for option in sorted(folder.glob("*/*.yaml")):
        name = option.relative_to(folder)
        if (shipped() / name).exists():
            raise ConfigError(f"conf/{name}: a shipped option has that name and would be taken instead; rename yours")
    return folder


def conf() -> list[Path]:
    """Both, the shipped first."""
    return [shipped(), *filter(None, [own()])]
