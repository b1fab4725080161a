"""The verbs of the command line; each has a `main(words)` that returns the exit code."""
