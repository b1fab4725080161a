"""The notes below the table, as plain sentences.

The modules in `tables` decide on the layout.
"""
