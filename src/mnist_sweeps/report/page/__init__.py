"""The page of a sweep, report.html: one file that loads nothing.

`content` makes everything that the page shows, as plain data, from a report; `render` fills the template with it.
"""
