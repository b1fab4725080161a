"""The figures of a whole sweep, and the figures of its variants for the page.

The data come from the report; `mnist_sweeps.figures` draws them.
"""
