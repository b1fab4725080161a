"""Declarative experiment sweeps for Keras models on MNIST: a question is one YAML file, one command its answer."""
