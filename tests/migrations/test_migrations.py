"""Migrations in both directions, and the tables that they make beside those that the models describe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from app.core.sealing import unseal
from app.supervisor import migrate, postgres
from tests.servers import database_url


@pytest.fixture
def empty(servers_home: Path, worker_id: str) -> Iterator[Connection]:
    """A database without a table."""
    name = f"splot_migrations_{worker_id}"
    postgres.ensure_database(servers_home, name)
    engine = create_engine(database_url(servers_home, name))
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    with postgres.connect(servers_home) as server:
        server.execute(f"DROP DATABASE {name}")


def test_every_migration_goes_down_and_up_again_and_makes_what_the_models_describe(empty: Connection) -> None:
    config = migrate._config(empty)
    command.upgrade(config, "head")
    command.check(config)
    whole = _things(empty)
    for _revision in _revisions(config):
        command.downgrade(config, "-1")
        below = _things(empty)
        command.upgrade(config, "+1")
        command.downgrade(config, "-1")
        assert _things(empty) == below
    assert _things(empty) == {("table", "alembic_version"), ("index", "alembic_version_pkc")}
    command.upgrade(config, "head")
    command.check(config)
    assert _things(empty) == whole


def test_secrets_that_are_there_are_encrypted_and_come_back(empty: Connection) -> None:
    config = migrate._config(empty, "the key of this installation")
    command.upgrade(config, "0011")
    empty.execute(text("INSERT INTO webhooks (name, address, secret) VALUES ('ERP', 'https://example.com/', 'hush')"))
    empty.commit()
    command.upgrade(config, "0012")
    sealed = empty.scalar(text("SELECT sealed_secret FROM webhooks"))
    empty.commit()
    assert "hush" not in sealed
    assert unseal(sealed, key="the key of this installation") == "hush"
    command.downgrade(config, "0011")
    assert empty.scalar(text("SELECT secret FROM webhooks")) == "hush"


def _revisions(config: Config) -> list[str]:
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


def _things(connection: Connection) -> set[tuple[str, str]]:
    """What a migration may make and forget to remove; what belongs to an extension is the extension's."""
    found = connection.execute(text(_THINGS)).all()
    connection.rollback()
    return {(kind, name) for kind, name in found}


_THINGS = """
WITH things(kind, name, class, id, space) AS (
    SELECT CASE relkind WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' ELSE 'table' END, relname,
           'pg_class'::regclass, oid, relnamespace FROM pg_class WHERE relkind <> 'c'
    UNION ALL SELECT 'function', proname, 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
    UNION ALL SELECT 'trigger', tgname, 'pg_trigger'::regclass, pg_trigger.oid, relnamespace
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL SELECT 'type', typname, 'pg_type'::regclass, oid, typnamespace FROM pg_type WHERE typtype IN ('e', 'd')
    UNION ALL SELECT 'constraint', conname, 'pg_constraint'::regclass, oid, connamespace FROM pg_constraint
        WHERE contype IN ('c', 'f', 'u', 'x')
)
SELECT kind, name FROM things WHERE space = 'public'::regnamespace AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = class AND objid = id AND deptype = 'e'
)
"""
