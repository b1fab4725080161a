"""Hydra finds plugins only below `hydra_plugins`; these are thin, over the package `mnist_sweeps`."""
