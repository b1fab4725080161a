"""The kind of file system that a folder is on: on a network one `flock` may not hold across machines."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
NETWORK = {
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "fhgfs", "gfs2", "glusterfs", "gpfs", "lustre", "nfs", "nfs4",
    "ocfs2", "orangefs", "panfs", "pvfs2", "smb3", "smbfs", "vboxsf", "virtiofs", "wekafs",
}  # fmt: skip
LOCAL_FUSE = {"fuse.fuse-overlayfs", "fuse.ntfs-3g", "fuse.portal", "fuse.snapfuse", "fuseblk"}


def is_network(folder: Path) -> bool:
    """Whether other machines may see the folder; a FUSE file system counts, unless it is known to be local.

    Args:
        folder: Need not exist yet: its nearest existing parent decides.
    """
    existing = next(path for path in [folder.absolute(), *folder.absolute().parents] if path.exists())
    kind = _kind(existing.resolve())
    return kind in NETWORK or (kind.startswith("fuse") and kind not in LOCAL_FUSE)


def _kind(folder: Path) -> str:
    """The type of the mount that a folder is in; empty where the system does not tell, as on macOS."""
    mounts = [point for point in _mounts() if folder.is_relative_to(point)]
    return _mounts()[max(mounts, key=lambda point: len(point.parts))] if mounts else ""


@cache
def _mounts() -> dict[Path, str]:
    """The type of each mount, by its folder; the last one of a folder hides the others."""
    try:
        lines = MOUNTS.read_text(errors="replace").splitlines()
    except OSError:
        return {}
    return {Path(_plain(point)): kind for _, point, kind, *_ in (line.split(" ") for line in lines)}


def _plain(point: str) -> str:
    """A mount's folder, in which the kernel writes a space as its octal number."""
    return re.sub(r"\\(\d{3})", lambda match: chr(int(match[1], 8)), point)
