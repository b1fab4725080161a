"""Temporary files of workers stay inside the sweep's folder, and go."""

from pathlib import Path

import pytest

from mnist_sweeps.storage.scratch import PREFIX, remove_stale, scratch_folder


def left(sweep: Path) -> list[str]:
    return [path.name for path in sweep.iterdir()]


def test_the_folder_is_inside_the_sweep_and_goes_with_its_content(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        assert folder.is_absolute() and folder.parent == tmp_path.resolve()
        (folder / "file").write_text("left behind")
    assert left(tmp_path) == []


def test_it_goes_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch_folder(tmp_path):
        raise KeyboardInterrupt
    assert left(tmp_path) == []


def test_what_a_killed_command_left_is_removed_and_what_a_living_one_uses_stays(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}killed").mkdir()
    (tmp_path / f"{PREFIX}killed" / "file").write_text("left behind")
    (tmp_path / "variant").mkdir()
    with scratch_folder(tmp_path) as living:
        remove_stale(tmp_path)
        assert sorted(left(tmp_path)) == sorted([living.name, "variant"])
