"""Tests of the SOP's rules."""
