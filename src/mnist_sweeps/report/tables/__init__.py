"""The table's columns, and the table as text, Markdown, HTML and CSV.

Knows nothing of how its numbers were computed.
"""
