"""A Hydra application whose jobs do nothing: what is left is what its launcher costs."""

from __future__ import annotations

import hydra
from omegaconf import DictConfig


@hydra.main(version_base="1.3", config_path=None)
def task(_: DictConfig) -> float:
    """Nothing."""
    return 0.0


if __name__ == "__main__":
    task()
