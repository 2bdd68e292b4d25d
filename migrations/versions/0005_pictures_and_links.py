"""Pictures of forms; links between cases, and their entry in the timeline."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_KINDS = "'note', 'file', 'created', 'status', 'owner', 'campaign', 'contact', 'form', 'subject', 'source'"
_CHECK = "ck_activities_activity_kind"


def upgrade() -> None:
    """Add them."""
    op.add_column("stored_files", sa.Column("form_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_stored_files_form_id"), "stored_files", "forms", ["form_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index(
        "ix_stored_files_form", "stored_files", ["form_id"], postgresql_where=sa.text("form_id IS NOT NULL")
    )
    op.create_table(
        "case_links",
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_case_links_two_cases")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_case_links_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["from_id"], ["cases.id"], name=op.f("fk_case_links_from_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["to_id"], ["cases.id"], name=op.f("fk_case_links_to_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("from_id", "to_id", name=op.f("pk_case_links")),
    )
    op.create_index(op.f("ix_case_links_to_id"), "case_links", ["to_id"], unique=False)
    op.drop_constraint(op.f(_CHECK), "activities", type_="check")
    op.create_check_constraint(op.f(_CHECK), "activities", f"kind IN ({_KINDS}, 'linked')")


def downgrade() -> None:
    """Remove them; the entries of links go, too."""
    op.execute("DELETE FROM activities WHERE kind = 'linked'")
    op.drop_constraint(op.f(_CHECK), "activities", type_="check")
    op.create_check_constraint(op.f(_CHECK), "activities", f"kind IN ({_KINDS})")
    op.drop_index(op.f("ix_case_links_to_id"), table_name="case_links")
    op.drop_table("case_links")
    op.drop_index("ix_stored_files_form", table_name="stored_files")
    op.drop_constraint(op.f("fk_stored_files_form_id"), "stored_files", type_="foreignkey")
    op.drop_column("stored_files", "form_id")
