"""The verdicts on a sweep's claims.

Each claim is judged by one test; p values are adjusted over all tests of the sweep's claims.
"""
