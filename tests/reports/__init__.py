"""Tests of the registers, their files, and the ledger's verification."""
