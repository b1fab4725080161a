"""Training: `fit` is Keras's own loop and the reference, `compiled` runs whole epochs as one program on JAX."""
