"""One job trains the runs of one variant and writes their run folders and figures.

Knows no Hydra and no other variant.
"""
