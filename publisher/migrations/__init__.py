"""How the tables came to be: Alembic versions in one line, run by `publisher.database.migrate`."""
