"""A local Telegram: Bot API server, people who write to it, and a chat page, so the real bot runs without a token."""
