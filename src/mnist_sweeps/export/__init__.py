"""The best model of a sweep as files for use elsewhere: with its preprocessing, converted, measured and described.

Knows nothing of Hydra, and nothing of training.
"""
