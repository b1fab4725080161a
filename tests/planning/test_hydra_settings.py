"""Every setting of Hydra's is honoured, or refused with what to write instead."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hydra.conf import HydraConf

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.planning.hydra_settings import FILLED_IN, HONOURED, REFUSED, check_composed, check_typed, is_in


def keys(node: Any, prefix: str) -> Iterator[str]:
    for entry in fields(node):
        value = getattr(node, entry.name)
        key = f"{prefix}.{entry.name}"
        if is_dataclass(value):
            yield from keys(value, key)
        else:
            yield key


@pytest.mark.parametrize("key", sorted(set(keys(HydraConf(), "hydra")) - {"hydra.defaults"}))
def test_each_key_of_hydra_is_decided_once(key: str) -> None:
    assert [is_in(key, table) for table in (HONOURED, REFUSED, FILLED_IN)].count(True) == 1


@pytest.mark.parametrize(
    "override",
    ["hydra.run.dir=x", "+hydra.run.dir=x", "hydra.sweep.subdir=x", "hydra.mode=RUN", "hydra.job.num=3", "hydra.jb=1"],
)
def test_an_override_that_would_be_ignored_is_refused_as_typed(override: str) -> None:
    with pytest.raises(ConfigError) as refused:
        check_typed([override])
    assert str(refused.value).startswith(f"{override}: ")


def test_honoured_overrides_pass() -> None:
    check_typed(["hydra.sweep.dir=x", "hydra/launcher=joblib", "hydra.job.chdir=true", "hydra.job={chdir: true}"])


def test_a_file_that_sets_what_would_be_ignored_is_refused() -> None:
    default = {"hydra.run.dir": "outputs", "hydra.verbose": False}
    check_composed({**default, "hydra.verbose": True}, default)
    with pytest.raises(ConfigError, match=r"^hydra.run.dir=elsewhere: every training is a sweep"):
        check_composed({**default, "hydra.run.dir": "elsewhere"}, default)
