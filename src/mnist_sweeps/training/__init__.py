"""Training: `fit` is Keras's own loop, and the reference."""
