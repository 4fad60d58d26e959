"""The one error of the knowledge base."""

from __future__ import annotations

from conversation.errors import SettingsError


class KnowledgeError(SettingsError):
    """Data of the knowledge base are malformed; the message names file or entry and what is wrong."""
