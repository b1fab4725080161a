"""Benchmarks of speed, overheads, equality and memory; `make bench` runs all of them and writes results.md.

A part measures (`measure`), says what it found (`section`), and which targets that meets (`targets`); it keeps what it
measured in outputs/bench/<part>.json, so that a part can be run alone, and a crash costs no other part.
"""
