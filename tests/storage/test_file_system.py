"""Network file systems are told from local ones by the mounts of this machine."""

from pathlib import Path

import pytest

from mnist_sweeps.storage import file_system

MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/home /home nfs4 rw,vers=4.2 0 0
/dev/vdb /home/scratch xfs rw 0 0
someone@host: /mnt/by\\040ssh fuse.sshfs rw 0 0
overlay /containers fuse.fuse-overlayfs rw 0 0
old /twice ext4 rw 0 0
new@tcp:/fs /twice lustre rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "network"),
    [
        ("/var/outputs", False), ("/home/me/outputs", True), ("/home/scratch/outputs", False), ("/homes", False),
        ("/mnt/by ssh/outputs", True), ("/containers/outputs", False), ("/twice", True),
    ],
)  # fmt: skip
def test_the_mount_that_a_folder_is_in_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, network: bool
) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    monkeypatch.setattr(file_system, "MOUNTS", tmp_path / "mounts")
    monkeypatch.setattr(Path, "exists", lambda _: True)
    file_system._mounts.cache_clear()
    try:
        assert file_system.is_network(Path(folder)) is network
    finally:
        file_system._mounts.cache_clear()


def test_a_system_that_does_not_tell_counts_as_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_system, "MOUNTS", tmp_path / "missing")
    file_system._mounts.cache_clear()
    assert not file_system.is_network(tmp_path / "outputs")
    file_system._mounts.cache_clear()
