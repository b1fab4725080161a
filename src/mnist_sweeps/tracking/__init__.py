"""Runs and reports of a sweep in the tools that people already use: MLflow, TensorBoard, Weights & Biases.

Knows what is in the sweep's folder, and nothing of training: the folder stays the truth, trackers get copies.
"""
