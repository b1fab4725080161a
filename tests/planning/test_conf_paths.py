"""Where configurations lie."""

from pathlib import Path

import pytest

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import conf_paths


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "conf" / "model").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "conf"


def test_the_shipped_folder_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (conf_paths.shipped() / "config.yaml").is_file()
    assert conf_paths.own() is None
    assert conf_paths.conf() == [conf_paths.shipped()]


def test_a_users_own_folder_stands_beside_the_shipped(own: Path) -> None:
    (own / "model" / "mine.yaml").write_text("hidden: [8]\n")
    assert conf_paths.conf() == [conf_paths.shipped(), own]


def test_the_checkout_itself_is_no_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(conf_paths.shipped().parent)
    assert conf_paths.own() is None


def test_an_option_named_like_a_shipped_one_is_refused(own: Path) -> None:
    (own / "model" / "mlp.yaml").write_text("hidden: [8]\n")
    with pytest.raises(ConfigError, match=r"conf/model/mlp.yaml: a shipped option has that name"):
        conf_paths.own()


def test_a_given_folder_takes_the_place_of_the_users_own(own: Path) -> None:
    assert conf_paths.conf(own / "model") == [conf_paths.shipped(), own / "model"]
