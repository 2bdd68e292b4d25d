"""Benchmarks against stated peers and limits: `make bench ONLY=ground SCALE=small|full`."""
