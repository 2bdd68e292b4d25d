"""How often a form's fields changed their kind before a version: answers of one meaning need no conversion."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add it."""
    op.add_column("form_versions", sa.Column("meaning", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("form_versions", "meaning")
