"""Runs that other tools made, read from their files and judged as those of a sweep.

Knows CSV, MLflow's stores and Hydra's multirun folders; each becomes plain runs: variant, seed, value.
"""
