"""A Keras model from a config, and what was really built.

Knows nothing of training, run folders, or Hydra.
"""
