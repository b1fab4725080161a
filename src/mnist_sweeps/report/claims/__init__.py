"""What a sweep's claims came to.

Each claim is judged by one test; p values are adjusted over the claims of the sweep.
"""
