"""The sentences below the table, each from what was computed.

Knows nothing of how they are laid out.
"""
