"""The command `mnist-sweeps`.

Parses words and prints results; the work is in the packages below.
"""
