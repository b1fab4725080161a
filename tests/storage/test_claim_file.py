"""A claim holds across machines; that of a process that has ended does not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from mnist_sweeps.storage import claim_file, run_folder, run_lock
from mnist_sweeps.storage.claim_file import LEASE, Claimed, claim, is_claimed
from mnist_sweeps.storage.run_lock import RunLocked, lock_run

HOLD = """
import sys
from pathlib import Path
from mnist_sweeps.storage.claim_file import claim
with claim(Path(sys.argv[1])):
    print("claimed", flush=True)
    sys.stdin.read()
"""
Machine = Callable[[str], None]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Makes this process one of another machine."""
    return lambda name: monkeypatch.setattr(claim_file, "_owner_machine", lambda: {"host": name})


def make_old(folder: Path) -> None:
    (path,) = claim_file._claims(folder)
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - LEASE - 1))


def test_a_claim_keeps_others_out_until_it_is_given_back(tmp_path: Path) -> None:
    with claim(tmp_path):
        assert is_claimed(tmp_path)
        with pytest.raises(Claimed), claim(tmp_path):
            pytest.fail("claimed twice")
    assert not is_claimed(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_claim_of_another_machine_holds_until_it_is_old(tmp_path: Path, machine: Machine) -> None:
    machine("far")
    held = ExitStack()
    held.enter_context(claim(tmp_path))
    machine("near")
    with pytest.raises(Claimed), claim(tmp_path):
        pytest.fail("claimed twice")
    make_old(tmp_path)
    with claim(tmp_path):
        assert is_claimed(tmp_path)
        held.close()  # the far process lives after all
        with pytest.raises(Claimed), claim(tmp_path):
            pytest.fail("claimed twice")
    assert list(tmp_path.iterdir()) == []


def test_of_two_that_take_over_one_withdraws(tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine("dead")
    dead = ExitStack()
    dead.enter_context(claim(tmp_path))
    make_old(tmp_path)
    link = os.link

    def others_are_faster(draft: Path, mine: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        machine("fast")
        held.enter_context(claim(tmp_path))
        machine("slow")
        link(draft, mine.with_name(".claim-7"))  # it saw other claims than the fast one did
        link(draft, mine)

    machine("slow")
    monkeypatch.setattr(os, "link", others_are_faster)
    with ExitStack() as held, pytest.raises(Claimed), claim(tmp_path):
        pytest.fail("claimed twice")


@pytest.mark.skipif(shutil.which("unshare") is None or os.geteuid() != 0, reason="another host name needs root")
@pytest.mark.parametrize("host", ["", "elsewhere"])
def test_a_killed_process_holds_a_claim_for_other_machines_alone(tmp_path: Path, host: str) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    if host:
        command = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', host, *command]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "claimed\n"
        with pytest.raises(Claimed), claim(tmp_path):
            pytest.fail("claimed twice")
        holder.kill()
        holder.wait()
    assert is_claimed(tmp_path) is bool(host)
    make_old(tmp_path)
    with claim(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_run_on_a_network_file_system_is_locked_by_a_claim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "is_network", lambda _: True)
    folder = tmp_path / "seed-0"
    with lock_run(folder):
        assert run_folder.run_state(folder) == "running, epoch 0"
        (folder / "history.csv").write_text("of a killed run\n")
        run_folder.empty(folder)
        with pytest.raises(RunLocked), lock_run(folder, patience=0):
            pytest.fail("locked twice")
    assert run_folder.run_state(folder) == "killed"
    assert list(folder.iterdir()) == []
