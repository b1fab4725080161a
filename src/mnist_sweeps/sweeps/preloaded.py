"""What a worker on JAX has imported when it is forked, see `runtime.warm_workers`: imported in that process only."""

from mnist_sweeps.runtime.device import Machine
from mnist_sweeps.sweeps.preload import preload

preload(Machine("jax", "cpu", 1))  # threads: each worker's own, before JAX starts any
