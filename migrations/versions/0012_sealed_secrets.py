"""Secrets of webhooks are encrypted; calls that were not taken have an index."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import context, op

from app.core.sealing import seal, unseal

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Encrypt what there is."""
    op.alter_column("webhooks", "secret", new_column_name="sealed_secret", type_=sa.Text(), existing_nullable=False)
    _rewrite(seal)
    op.create_index(
        "ix_webhook_calls_open",
        "webhook_calls",
        ["webhook_id", "state", sa.literal_column("id DESC")],
        postgresql_where=sa.text("state <> 'delivered'"),
    )


def downgrade() -> None:
    """In plain text again."""
    op.drop_index("ix_webhook_calls_open", table_name="webhook_calls")
    _rewrite(unseal)
    op.alter_column(
        "webhooks", "sealed_secret", new_column_name="secret", type_=sa.String(length=120), existing_nullable=False
    )


def _rewrite(change: Callable[..., str]) -> None:
    connection = op.get_bind()
    webhooks = sa.table("webhooks", sa.column("id"), sa.column("sealed_secret"))
    for row in connection.execute(sa.select(webhooks)).all():
        written = change(row.sealed_secret, key=context.config.attributes["secret_key"])
        connection.execute(sa.update(webhooks).where(webhooks.c.id == row.id).values(sealed_secret=written))
