"""Schemas of the configuration's sections."""

import pytest
from jsonschema import Draft7Validator

from mnist_sweeps.config.schema import Config
from mnist_sweeps.config.sweep_spec import SearchSpec
from mnist_sweeps.planning.section_schemas import described_fields, dotted, section_keys


def test_every_key_of_a_configuration_has_a_default_that_is_valid() -> None:
    for key, schema in dotted(section_keys(Config())):
        if "default" in schema:
            assert Draft7Validator(schema).is_valid(schema["default"]), key


def test_the_words_behind_a_field_are_the_description() -> None:
    keys = dict(dotted(section_keys(Config())))
    assert keys["model.conv.pool_after"]["description"] == "1-based layers that a pooling follows"
    assert keys["training"]["description"]


def test_a_key_without_a_schema_stops_the_generation() -> None:
    with pytest.raises(KeyError, match="pruner"):
        described_fields(SearchSpec, {key: {} for key in ("trials", "sampler", "seed", "space", "winner")})
