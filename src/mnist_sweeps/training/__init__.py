"""Trains a compiled model: `trainer` prepares and evaluates, an engine of `engines` runs the epochs.

Knows no run folders and no Hydra.
"""
