"""Bring a database to the state that this release expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

_MIGRATIONS = Path(__file__).parents[2] / "migrations"
_LOCK = 0x53504C4F54  # "SPLOT"


def migrate(database_url: str, *, secret_key: str) -> list[str]:
    """Run what is missing, one transaction for each; answer with the titles of what ran.

    The key is for those that encrypt what lies in the database.

    Two processes that start at once do not run the same migration twice: the second waits and finds nothing to do.
    """
    engine = create_engine(database_url)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as guard, engine.connect() as connection:
        guard.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})  # released with its connection
        missing = pending(connection)
        connection.rollback()
        command.upgrade(_config(connection, secret_key), "head")
    engine.dispose()
    return missing


def pending(connection: Connection) -> list[str]:
    """Titles of the migrations that the database lacks, oldest first."""
    scripts = ScriptDirectory.from_config(_config(connection))
    at = MigrationContext.configure(connection).get_current_heads()
    missing = scripts.iterate_revisions("head", at[0] if at else "base")
    return [f"{script.revision} {script.doc}" for script in reversed(list(missing))]


def _config(connection: Connection, secret_key: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["secret_key"] = secret_key
    return config
