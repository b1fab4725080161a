"""Every sweep, every option."""

from pathlib import Path

import pytest

from mnist_sweeps.cli.main import run_command
from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning import catalog, conf_paths


def test_everything_there_is_to_choose_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("list", []) == 0
    told = capsys.readouterr().out
    for sweep in catalog.sweeps([conf_paths.shipped()]):
        assert sweep.question in told
        assert f"{sweep.rows} variants, {sweep.minutes} on 2 cores" in told
    for group in catalog.GROUPS:
        assert f"\n{group}=\n" in told
        assert all(f"  {option.name} " in told for option in catalog.options([conf_paths.shipped()], group))


def test_a_users_own_are_listed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "conf" / "model").mkdir(parents=True)
    (tmp_path / "conf" / "model" / "tiny.yaml").write_text("# Eight units.\nhidden: [8]\n")
    monkeypatch.chdir(tmp_path)
    run_command("list", [])
    assert "  tiny                   Eight units." in capsys.readouterr().out


def test_groups_of_ones_own_and_what_cannot_be_read_are_listed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for group, name, content in (("experiment", "wide", b"# Wide.\n"), ("sweep", "latin", b"question: caf\xe9\n")):
        (tmp_path / "conf" / group).mkdir(parents=True)
        (tmp_path / "conf" / group / f"{name}.yaml").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"latin.yaml: not UTF-8"):
        run_command("list", [])
    printed = capsys.readouterr().out
    assert "+experiment=\n  wide                   Wide." in printed
    assert "quickstart" in printed
