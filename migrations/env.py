"""Alembic's entry: compares every table that the product knows with the database it is pointed at."""

from alembic import context
from sqlalchemy import create_engine

import app.models  # noqa: F401  (knows every table)
from app.core.db import metadata


def migrate() -> None:
    """Run on the connection that the caller gave, else on the database named by `sqlalchemy.url`."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _run(connection)
        return
    engine = create_engine(context.config.get_main_option("sqlalchemy.url", ""))
    with engine.connect() as own:
        _run(own)
    engine.dispose()


def _run(connection: object) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, compare_type=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


migrate()
