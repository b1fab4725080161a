"""Files of a sweep: run folders, run.json, sweep.yaml, digests, atomic writes.

Owns every format on disk, both ways; knows no Hydra, no Keras, and nothing of what a report concludes.
"""
