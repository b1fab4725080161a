"""The config that was planned for a job, as an override of the job: a job that composes to another does not train."""

from __future__ import annotations

import json
from typing import Any

from mnist_sweeps.config.errors import ConfigError
from mnist_sweeps.config.schema import Config, seed_list
from mnist_sweeps.storage.run_digest import estimated


def planned_text(config: Config) -> str:
    """What a job must estimate, as JSON: all that is in a run's digest, and the seeds."""
    return json.dumps(_content(config), sort_keys=True)


def check_as_planned(config: Config, planned: str) -> None:
    """Checks that a job composed to what was planned for it.

    Args:
        config: What the job composed to.
        planned: The `planned_text` of the plan.

    Raises:
        ConfigError: They differ, with each key that does; nothing may be trained then.
    """
    expected, composed = json.loads(planned), _content(config)
    differing = [
        f"{key}={composed.get(key)}: planned as {expected.get(key)}"
        for key in {**expected, **composed}
        if composed.get(key) != expected.get(key)
    ]
    if differing:
        reason = "the job does not read the configuration files and variables that the plan was made from"
        raise ConfigError("\n".join([*differing, f"not trained: {reason}; make them equal and run the command again"]))


def _content(config: Config) -> dict[str, Any]:
    content = {**estimated(config), "seeds": seed_list(config.seeds)}
    restored: dict[str, Any] = json.loads(json.dumps(content))  # tuples as lists
    return restored
