"""One job trains the runs of one variant and writes their run folders; figures are drawn from these.

Knows no Hydra and no other variant.
"""
