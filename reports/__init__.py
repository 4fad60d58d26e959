"""Registers, exports and the ledger's verification: read-only."""
