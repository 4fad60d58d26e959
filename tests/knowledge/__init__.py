"""Tests of the knowledge base: data, understanding, decisions, checks."""
