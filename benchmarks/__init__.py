"""Benchmarks: ratios measured in one run on one machine; nothing here is a test."""
