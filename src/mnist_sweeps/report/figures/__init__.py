"""The figures of a whole sweep, and those of its variants for the page.

Gets its data from the report; the drawing is in `mnist_sweeps.figures`.
"""
