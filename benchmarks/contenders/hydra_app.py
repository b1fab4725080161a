"""A typical app of Hydra and Keras: a config, `fit`, a line of results.

python -m benchmarks.contenders.hydra_app -m row=0,1,2 epochs=1 [hydra/launcher=joblib hydra.launcher.n_jobs=2]
"""

from __future__ import annotations

from pathlib import Path

import hydra
from omegaconf import DictConfig, OmegaConf


@hydra.main(config_path=str(Path(__file__).parent / "conf"), config_name="config", version_base="1.3")
def main(config: DictConfig) -> float:
    """One job: the test accuracy of a row."""
    import keras

    from benchmarks.contenders import table

    if config.threads and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        if tf.config.threading.get_intra_op_parallelism_threads() != config.threads:  # once a process
            tf.config.threading.set_intra_op_parallelism_threads(config.threads)
            tf.config.threading.set_inter_op_parallelism_threads(config.threads)
    keras.utils.set_random_seed(config.seed)
    row = {**OmegaConf.to_object(config.usual), **OmegaConf.to_object(config.rows[config.row])}
    return table.trained(table.network(row), row, config.epochs or row["epochs"], table.digits(config.train_size))


if __name__ == "__main__":
    main()
