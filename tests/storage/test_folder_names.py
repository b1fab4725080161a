"""Folder names of variants and runs."""

from pathlib import Path

import pytest

from mnist_sweeps.config.schema import RunKey
from mnist_sweeps.storage.folder_names import (
    LIMIT,
    RESERVED,
    folders,
    parse_run_folder,
    run_folder_name,
    run_folders,
    slug,
)

HOSTILE = {
    "long": "x" * 300,
    "long with slashes and dots": "../" * 100,
    "long unicode": "größer " * 60,
    "only dots": "..",
    "only slashes": "///",
    "empty": "",
    "hidden": ".git",
    "spaces and commas": "512-256, 50 epochs",
    "brackets": "model.hidden=[64,64]",
    "interpolation": "${oc.env:HOME}",
    "quotes": "a'b\"c",
    "newline and nul": "a\nb\0c",
    "emoji": "🙂" * 50,
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_name_makes_one_safe_folder(name: str) -> None:
    folder = slug(name)
    assert 0 < len(folder.encode()) <= LIMIT == 80
    assert not set(folder) & set("/\\\0\n\"'$[]{}*?<>| ")
    assert not folder.startswith((".", "-"))
    assert slug(folder) == folder


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("512-256", "512-256"),
        ("no batch norm", "no-batch-norm"),
        ("optimizer=adam, model.dropout=0.5", "optimizer=adam,-model.dropout=0.5"),
        ("größer", "größer"),
        ("a--b - c", "a-b-c"),
        ("X.", "X"),
        ("..", "variant"),
    ],
)
def test_a_plain_name_stays_readable(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_long_name_is_cut_between_letters() -> None:
    assert slug("ß" * 100).startswith("ß" * 35 + "-")


def test_long_names_that_differ_at_the_end_have_folders_of_their_own() -> None:
    assert slug("x" * 300 + "1") != slug("x" * 300 + "2")


@pytest.mark.parametrize(
    "names",
    [
        ["Adam", "ADAM", "adam"],
        ["a b", "a-b", "a/b", "a?b"],
        ["STRASSE", "straße"],
        ["..", "", "/", "variant"],
        ["y" * 79 + "a", "y" * 79 + "A", "y" * 80 + "a"],
    ],
)
def test_no_two_names_share_a_folder_where_case_is_ignored(names: list[str]) -> None:
    chosen = folders(names)
    assert list(chosen) == names
    assert len({folder.casefold() for folder in chosen.values()}) == len(names)
    assert all(len(folder.encode()) <= LIMIT for folder in chosen.values())


def test_the_first_of_two_alike_keeps_the_plain_name() -> None:
    assert folders(["Adam", "adam"])["Adam"] == "Adam"


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_row_cannot_take_the_place_of_a_file_of_the_sweep(name: str) -> None:
    assert folders([name])[name].startswith(f"{name}-")


def test_a_name_gives_the_same_folder_every_time() -> None:
    """In every process, and in every version: a sweep finds the folders that it made before."""
    assert folders(["a b", "a/b", "z" * 200]) == {
        "a b": "a-b",
        "a/b": "a-b-c14cddc0",
        "z" * 200: f"{'z' * 71}-983a71da",
    }


@pytest.mark.parametrize(
    ("run", "name"),
    [
        pytest.param(RunKey(3), "seed-3", id="without folds"),
        pytest.param(RunKey(10, 0), "seed-10-fold-0", id="with folds"),
    ],
)
def test_the_folder_of_a_run(run: RunKey, name: str) -> None:
    assert run_folder_name(run) == name
    assert parse_run_folder(name) == run


@pytest.mark.parametrize("name", ["seed", "seed-", "seed-x", "seed-1-fold-", "seed-1,2", "aseed-1", "seed-1-fold-2-3"])
def test_other_names_are_of_no_run(name: str) -> None:
    assert parse_run_folder(name) is None


def test_run_folders_come_by_seed_and_fold(tmp_path: Path) -> None:
    for name in ("seed-10", "seed-2-fold-1", "seed-2-fold-0", "figures", "seed-x"):
        (tmp_path / name).mkdir()
    (tmp_path / "seed-7").touch()
    assert [path.name for path in run_folders(tmp_path)] == ["seed-2-fold-0", "seed-2-fold-1", "seed-10"]
    assert run_folders(tmp_path / "nowhere") == []
