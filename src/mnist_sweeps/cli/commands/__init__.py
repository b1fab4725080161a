"""One module per subcommand.

Each adds its arguments to the parser and prints one result.
"""
