"""MNIST images: read from files, verified by digest, split and preprocessed into arrays.

Knows the `config` of a variant, and neither Keras nor run folders.
"""
