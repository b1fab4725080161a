"""Python's own errors from inside Hydra and OmegaConf, as a sentence about the file or the setting that they met."""

from __future__ import annotations

from traceback import walk_tb
from types import FrameType

READER = "FileConfigSource.load_config"  # Hydra's
COMPOSERS = ("hydra", "omegaconf")


def composition_fault(error: BaseException) -> str | None:
    """What cannot be composed, as one line; None for an error that neither Hydra nor OmegaConf has raised."""
    if file := file_being_read(error):
        return f"{file}: {_reason(error)}"
    packages = [str(frame.f_globals.get("__name__")).partition(".")[0] for frame in _frames(error)]
    called = packages[len(packages) - packages[::-1].index("mnist_sweeps") :] if "mnist_sweeps" in packages else []
    if called and called[0] in COMPOSERS:
        return f"the settings cannot be composed ({_reason(error)}); look for a value of another kind than expected"
    return None


def file_being_read(error: BaseException) -> str | None:
    """The file that Hydra was reading when the error came, which the error itself does not know."""
    readers = (frame for frame in _frames(error) if frame.f_code.co_qualname == READER)
    return next((str(frame.f_locals["full_path"]) for frame in readers), None)


def _frames(error: BaseException) -> list[FrameType]:
    """The frames of its traceback, the outermost first."""
    return [frame for frame, _ in walk_tb(error.__traceback__)]


def _reason(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply, or within itself"
    return " ".join(f"{type(error).__name__}: {error}".split())
