"""What a worker on JAX has imported when it is forked, see `runtime.warm_workers`: imported in that process only."""

import gc

from mnist_sweeps.runtime import device

device.configure_process(device.Machine("jax", "cpu", 1))  # threads: each worker's own, before JAX starts any
device.import_keras()

import mnist_sweeps.job.job  # noqa: E402
import mnist_sweeps.planning.compose  # noqa: E402, F401

gc.freeze()  # the collector of a worker leaves these objects alone, so that their memory stays shared
