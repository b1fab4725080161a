"""The processes: device and backend, worker processes, provenance, captured standard error.

Knows nothing of what is trained.
"""
