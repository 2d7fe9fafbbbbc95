"""One URL, one engine: SQLite by default, PostgreSQL when there is more than one machine."""
