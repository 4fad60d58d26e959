"""Loket's tests."""
