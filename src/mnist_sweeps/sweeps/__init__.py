"""Runs a plan: dry run, resume, launch, progress, report.

Knows how the parts follow one another; each part's work is in the package that it calls.
"""
