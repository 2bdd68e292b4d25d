"""Cases, answers, activities, files, callbacks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create them."""
    op.execute("CREATE SEQUENCE case_number_seq START 100001")
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "number", sa.BigInteger(), server_default=sa.text("nextval('case_number_seq'::regclass)"), nullable=False
        ),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("status_id", sa.BigInteger(), nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "outbound_campaign",
                "inbound_call",
                "email",
                "chat",
                "web_form",
                "sms",
                "fax",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_cases_campaign_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_cases_contact_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_cases_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["ab_user.id"], name=op.f("fk_cases_owner_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["status_id"], ["statuses.id"], name=op.f("fk_cases_status_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(
        "ix_cases_campaign",
        "cases",
        ["campaign_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_cases_campaign_status",
        "cases",
        ["campaign_id", "status_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_cases_contact", "cases", ["contact_id", sa.literal_column("created_at DESC")], unique=False)
    op.create_index(
        "ix_cases_created", "cases", [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")], unique=False
    )
    op.create_index(
        "ix_cases_current",
        "cases",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("is_current"),
    )
    op.create_index(
        "ix_cases_due",
        "cases",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL AND is_current"),
    )
    op.create_index(
        "ix_cases_campaign_current",
        "cases",
        ["campaign_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("is_current"),
    )
    op.create_index(
        "ix_cases_unowned",
        "cases",
        ["campaign_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("owner_id IS NULL"),
    )
    op.create_index(
        "ix_cases_owner_campaign",
        "cases",
        ["owner_id", "campaign_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("is_current"),
    )
    op.create_index(
        "ix_cases_campaign_touched",
        "cases",
        ["campaign_id", sa.literal_column("touched_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_cases_status_at",
        "cases",
        [sa.literal_column("status_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    due_order = sa.literal_column("COALESCE(due_at, 'infinity'::timestamp with time zone)")
    op.create_index("ix_cases_due_order", "cases", [due_order, "id"], unique=False)
    op.create_index("ix_cases_campaign_due", "cases", ["campaign_id", due_order, "id"], unique=False)
    op.create_index(
        "ix_cases_status_due",
        "cases",
        ["status_id", due_order, "id"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    # Statuses belong to a script and so, mostly, to one campaign: without knowing that, the planner expects a
    # fraction of the rows that a status has in its campaign, and sorts them all instead of walking an index.
    op.execute("CREATE STATISTICS st_cases_campaign_status (dependencies) ON campaign_id, status_id FROM cases")
    op.create_index(
        "ix_cases_subject_trgm",
        "cases",
        [sa.literal_column("splot_fold(subject::text)").label("folded_subject")],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"folded_subject": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_cases_owner",
        "cases",
        ["owner_id", "is_current", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_cases_status",
        "cases",
        ["status_id", sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_cases_touched", "cases", [sa.literal_column("touched_at DESC"), sa.literal_column("id DESC")], unique=False
    )
    op.create_table(
        "activities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "note",
                "file",
                "created",
                "status",
                "owner",
                "campaign",
                "contact",
                "form",
                "subject",
                "source",
                name="activity_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "payload", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["ab_user.id"], name=op.f("fk_activities_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_activities_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_activities_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["activities.id"], name=op.f("fk_activities_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    op.create_index(
        "ix_activities_author",
        "activities",
        ["author_id", sa.literal_column("at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_activities_case", "activities", ["case_id", "at", "id"], unique=False)
    op.create_index(
        "ix_activities_contact",
        "activities",
        ["contact_id", sa.literal_column("at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_activities_parent",
        "activities",
        ["parent_id"],
        unique=False,
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_table(
        "answers",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("field_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("number", sa.Numeric(precision=24, scale=6), nullable=True),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_answers_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "field_id", "place", name=op.f("pk_answers")),
    )
    op.create_index(
        "ix_answers_moment",
        "answers",
        ["field_id", "moment", "case_id"],
        unique=False,
        postgresql_where=sa.text("moment IS NOT NULL"),
    )
    op.create_index(
        "ix_answers_number",
        "answers",
        ["field_id", "number", "case_id"],
        unique=False,
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_index(
        "ix_answers_words", "answers", ["field_id", sa.literal_column("left(words, 120)"), "case_id"], unique=False
    )
    op.create_table(
        "callbacks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("private", "public", name="callback_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("local_at", sa.DateTime(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("fold", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "done",
                "cancelled",
                name="callback_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="scheduled",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind <> 'private' OR owner_id IS NOT NULL OR state <> 'scheduled'",
            name=op.f("ck_callbacks_private_has_owner"),
        ),
        sa.CheckConstraint("fold IN (0, 1)", name=op.f("ck_callbacks_fold")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_callbacks_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_callbacks_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_callbacks_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_callbacks_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["ab_user.id"], name=op.f("fk_callbacks_owner_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
    )
    op.create_index(op.f("ix_callbacks_campaign_id"), "callbacks", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_callbacks_contact_id"), "callbacks", ["contact_id"], unique=False)
    op.create_index(
        "ix_callbacks_due", "callbacks", ["due_at"], unique=False, postgresql_where=sa.text("state = 'scheduled'")
    )
    op.create_index(
        "ix_callbacks_owner",
        "callbacks",
        ["owner_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'scheduled'"),
    )
    op.create_index(
        "uq_callbacks_open_case", "callbacks", ["case_id"], unique=True, postgresql_where=sa.text("state = 'scheduled'")
    )
    op.create_table(
        "case_answers",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("form_version_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "document", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "parked", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_answers_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["form_versions.id"], name=op.f("fk_case_answers_form_version_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_answers")),
    )
    op.create_index(op.f("ix_case_answers_form_version_id"), "case_answers", ["form_version_id"], unique=False)
    op.create_table(
        "case_drafts",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column(
            "content", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_drafts_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_case_drafts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "case_id", name=op.f("pk_case_drafts")),
    )
    op.create_index(op.f("ix_case_drafts_case_id"), "case_drafts", ["case_id"], unique=False)
    op.create_table(
        "open_cards",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_open_cards_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_open_cards_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "case_id", name=op.f("pk_open_cards")),
    )
    op.create_index(op.f("ix_open_cards_case_id"), "open_cards", ["case_id"], unique=False)
    op.create_table(
        "case_reads",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_reads_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_case_reads_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "case_id", name=op.f("pk_case_reads")),
    )
    op.create_index(op.f("ix_case_reads_case_id"), "case_reads", ["case_id"], unique=False)
    op.create_table(
        "stored_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_stored_files_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_stored_files_created_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_files_key")),
    )
    op.create_index(op.f("ix_stored_files_case_id"), "stored_files", ["case_id"], unique=False)
    op.create_table(
        "activity_revisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("activity_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_revisions_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["ab_user.id"], name=op.f("fk_activity_revisions_replaced_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_revisions")),
    )
    op.create_index(op.f("ix_activity_revisions_activity_id"), "activity_revisions", ["activity_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_activity_revisions_activity_id"), table_name="activity_revisions")
    op.drop_table("activity_revisions")
    op.drop_index(op.f("ix_stored_files_case_id"), table_name="stored_files")
    op.drop_table("stored_files")
    op.drop_index(op.f("ix_case_reads_case_id"), table_name="case_reads")
    op.drop_index(op.f("ix_open_cards_case_id"), table_name="open_cards")
    op.drop_table("open_cards")
    op.drop_table("case_reads")
    op.drop_index(op.f("ix_case_drafts_case_id"), table_name="case_drafts")
    op.drop_table("case_drafts")
    op.drop_index(op.f("ix_case_answers_form_version_id"), table_name="case_answers")
    op.drop_table("case_answers")
    op.drop_index("uq_callbacks_open_case", table_name="callbacks", postgresql_where=sa.text("state = 'scheduled'"))
    op.drop_index("ix_callbacks_owner", table_name="callbacks", postgresql_where=sa.text("state = 'scheduled'"))
    op.drop_index("ix_callbacks_due", table_name="callbacks", postgresql_where=sa.text("state = 'scheduled'"))
    op.drop_index(op.f("ix_callbacks_contact_id"), table_name="callbacks")
    op.drop_index(op.f("ix_callbacks_campaign_id"), table_name="callbacks")
    op.drop_table("callbacks")
    op.drop_index("ix_answers_words", table_name="answers")
    op.drop_index("ix_answers_number", table_name="answers", postgresql_where=sa.text("number IS NOT NULL"))
    op.drop_index("ix_answers_moment", table_name="answers", postgresql_where=sa.text("moment IS NOT NULL"))
    op.drop_table("answers")
    op.drop_index("ix_activities_parent", table_name="activities", postgresql_where=sa.text("parent_id IS NOT NULL"))
    op.drop_index("ix_activities_contact", table_name="activities")
    op.drop_index("ix_activities_case", table_name="activities")
    op.drop_index("ix_activities_author", table_name="activities")
    op.drop_table("activities")
    for name in (
        "subject_trgm", "status_due", "campaign_due", "due_order", "status_at", "campaign_touched",
        "owner_campaign", "unowned", "campaign_current",
    ):  # fmt: skip
        op.drop_index(f"ix_cases_{name}", table_name="cases")
    op.drop_index("ix_cases_touched", table_name="cases")
    op.drop_index("ix_cases_status", table_name="cases")
    op.drop_index("ix_cases_owner", table_name="cases")
    op.drop_index("ix_cases_due", table_name="cases", postgresql_where=sa.text("due_at IS NOT NULL AND is_current"))
    op.drop_index("ix_cases_current", table_name="cases", postgresql_where=sa.text("is_current"))
    op.drop_index("ix_cases_created", table_name="cases")
    op.drop_index("ix_cases_contact", table_name="cases")
    op.drop_index("ix_cases_campaign_status", table_name="cases")
    op.drop_index("ix_cases_campaign", table_name="cases")
    op.drop_table("cases")
    op.execute("DROP SEQUENCE case_number_seq")
