"""Scripts and statuses are known by an id that is the same on every installation."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_TABLES = ("scripts", "statuses")


def upgrade() -> None:
    """Add it; rows that are there get one."""
    for table in _TABLES:
        op.add_column(
            table,
            sa.Column("portable_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        )
    op.create_unique_constraint(op.f("uq_scripts_portable_id"), "scripts", ["portable_id"])
    op.create_unique_constraint(op.f("uq_statuses_script_id_portable_id"), "statuses", ["script_id", "portable_id"])


def downgrade() -> None:
    """Remove it."""
    op.drop_constraint("uq_statuses_script_id_portable_id", "statuses", type_="unique")
    op.drop_constraint("uq_scripts_portable_id", "scripts", type_="unique")
    for table in _TABLES:
        op.drop_column(table, "portable_id")
