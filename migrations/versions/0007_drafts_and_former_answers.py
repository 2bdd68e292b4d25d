"""Drafts of forms belong to managers; answers that a field had while it was of another kind."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

_JSON = postgresql.JSONB(astext_type=sa.Text())
_NOTHING = sa.text("'{}'::jsonb")

_EACH_TO_ITS_MANAGER = """
INSERT INTO form_drafts (form_id, user_id, definition, base, at)
SELECT forms.id, owner.id, forms.draft, coalesce(forms.draft_base, forms.published), coalesce(forms.draft_at, now())
FROM forms
CROSS JOIN LATERAL (
    SELECT coalesce(forms.draft_by_id, forms.created_by_id, (SELECT min(ab_user.id) FROM ab_user)) AS id
) AS owner
WHERE forms.draft IS NOT NULL AND owner.id IS NOT NULL
"""
_NEWEST_BACK = """
UPDATE forms SET draft = newest.definition, draft_base = newest.base, draft_at = newest.at, draft_by_id = newest.user_id
FROM (SELECT DISTINCT ON (form_id) * FROM form_drafts ORDER BY form_id, at DESC) AS newest
WHERE newest.form_id = forms.id
"""


def upgrade() -> None:
    """Create them, and give each draft to who kept it."""
    op.create_table(
        "form_drafts",
        sa.Column("form_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("definition", _JSON, server_default=_NOTHING, nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_form_drafts_form_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_form_drafts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("form_id", "user_id", name=op.f("pk_form_drafts")),
    )
    op.create_index(op.f("ix_form_drafts_user_id"), "form_drafts", ["user_id"], unique=False)
    op.execute(_EACH_TO_ITS_MANAGER)
    op.drop_constraint(op.f("fk_forms_draft_by_id"), "forms", type_="foreignkey")
    for column in ("draft", "draft_base", "draft_at", "draft_by_id"):
        op.drop_column("forms", column)
    op.add_column("case_answers", sa.Column("former", _JSON, server_default=_NOTHING, nullable=False))
    op.add_column("case_answers", sa.Column("parked_versions", _JSON, server_default=_NOTHING, nullable=False))


def downgrade() -> None:
    """Drop them; the newest draft of each form stays."""
    op.drop_column("case_answers", "parked_versions")
    op.drop_column("case_answers", "former")
    op.add_column("forms", sa.Column("draft", _JSON, nullable=True))
    op.add_column("forms", sa.Column("draft_base", sa.Integer(), nullable=True))
    op.add_column("forms", sa.Column("draft_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("forms", sa.Column("draft_by_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_forms_draft_by_id"), "forms", "ab_user", ["draft_by_id"], ["id"], ondelete="SET NULL"
    )
    op.execute(_NEWEST_BACK)
    op.drop_index(op.f("ix_form_drafts_user_id"), table_name="form_drafts")
    op.drop_table("form_drafts")
