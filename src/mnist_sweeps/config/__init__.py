"""What a person may write, as dataclasses, and which values make sense.

Knows nothing of Hydra, Keras, or files.
"""
