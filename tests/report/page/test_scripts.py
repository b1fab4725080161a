"""The page's own script."""

import re

from mnist_sweeps.report.page import scripts


def test_every_file_is_part_of_the_script() -> None:
    files = {path.stem: path.read_text() for path in scripts.FOLDER.iterdir()}
    assert sorted(files) == sorted(scripts.NAMES)
    assert all(text in scripts.script() for text in files.values())


def test_files_are_short() -> None:
    assert {path.name for path in scripts.FOLDER.iterdir() if len(path.read_text().splitlines()) >= 150} == set()


def test_a_name_is_declared_once() -> None:
    """Twice would be a syntax error for variables, and silently the last one for functions."""
    names = re.findall(r"^(?:async )?(?:function|const|let) (\w+|\$+)", scripts.script(), re.MULTILINE)
    assert len(names) == len(set(names))
