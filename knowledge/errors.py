"""The one error of the knowledge base: data that cannot be taken into service, said with its place."""

from __future__ import annotations


class KnowledgeError(ValueError):
    """Data of the knowledge base are malformed; the message names file or entry and what is wrong."""
