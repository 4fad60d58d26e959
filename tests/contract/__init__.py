"""The transaction and outbox contracts, line by line, on SQLite and PostgreSQL."""
