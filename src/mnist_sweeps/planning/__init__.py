"""From a command line to planned variants: Hydra composition, overrides, claims, the trials of a search.

Trains nothing and writes no file.
"""
