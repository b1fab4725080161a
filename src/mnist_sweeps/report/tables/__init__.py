"""The columns of the table, and the table as text, Markdown, HTML and CSV.

Formats numbers only; they are computed elsewhere.
"""
