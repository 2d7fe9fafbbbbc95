"""Alembic's entry: run the versions on the connection that `publisher.database.migrate` holds open."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
