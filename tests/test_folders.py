"""Where configurations lie."""

from pathlib import Path

import pytest

from mnist_sweeps import folders
from mnist_sweeps.config import ConfigError


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "conf" / "model").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "conf"


def test_the_shipped_folder_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (folders.shipped() / "config.yaml").is_file()
    assert folders.own() is None
    assert folders.conf() == [folders.shipped()]


def test_a_users_own_folder_stands_beside_the_shipped(own: Path) -> None:
    (own / "model" / "mine.yaml").write_text("hidden: [8]\n")
    assert folders.conf() == [folders.shipped(), own]


def test_the_checkout_itself_is_no_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folders.shipped().parent)
    assert folders.own() is None


def test_an_option_named_like_a_shipped_one_is_refused(own: Path) -> None:
    (own / "model" / "mlp.yaml").write_text("hidden: [8]\n")
    with pytest.raises(ConfigError, match=r"conf/model/mlp.yaml: a shipped option has that name"):
        folders.own()
