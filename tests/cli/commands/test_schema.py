"""Schemas for editors, from the command line."""

import json
from argparse import ArgumentParser
from pathlib import Path

import pytest

from mnist_sweeps.cli.commands import schema
from mnist_sweeps.planning import catalog


def ran(*words: str) -> int:
    parser = ArgumentParser()
    schema.add_arguments(parser)
    return schema.run(parser.parse_args(words))


def test_the_printed_setting_names_every_schema_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ran() == 0
    _, _, setting = capsys.readouterr().out.partition("\n")
    mapping = json.loads(setting)["yaml.schemas"]
    assert mapping[".schemas/sweep.schema.json"] == "conf/sweep/*.yaml"
    assert mapping[".schemas/config.schema.json"] == "conf/config.yaml"
    assert {Path(file).name for file in mapping} == {
        f"{name}.schema.json" for name in (*catalog.GROUPS, "sweep", "config")
    }
    assert sorted(map(Path, mapping)) == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.json"))


def test_a_users_own_option_is_among_those_that_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "conf" / "model").mkdir(parents=True)
    (tmp_path / "conf" / "model" / "tiny.yaml").write_text("# Eight units.\nhidden: [8]\n")
    monkeypatch.chdir(tmp_path)
    ran("elsewhere/schemas")
    content = json.loads(Path("elsewhere/schemas/sweep.schema.json").read_text())
    (options, _) = content["definitions"]["model"]["anyOf"]
    assert dict(zip(options["enum"], options["enumDescriptions"], strict=True))["tiny"] == "Eight units."
