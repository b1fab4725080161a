"""One way each to run epochs: Keras's `fit` (the reference), compiled on JAX, compiled on TensorFlow, vmap over seeds.

All give the same results as `keras_fit`; the tests compare them.
"""
