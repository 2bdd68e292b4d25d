"""Contacts, forms, scripts, campaigns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create them."""
    op.execute("CREATE SEQUENCE contact_number_seq START 10001")
    op.create_table(
        "contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "number", sa.BigInteger(), server_default=sa.text("nextval('contact_number_seq'::regclass)"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum("person", "company", name="contact_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("first_name", sa.String(length=120), nullable=True),
        sa.Column("last_name", sa.String(length=120), nullable=True),
        sa.Column("company_name", sa.String(length=240), nullable=True),
        sa.Column("name", sa.String(length=260), nullable=False),
        sa.Column("folded", sa.Text(), sa.Computed("splot_fold(name)", persisted=True), nullable=False),
        sa.Column("sort_name", sa.Text(), sa.Computed("left(splot_fold(name), 120)", persisted=True), nullable=False),
        sa.Column("tax_number", sa.String(length=32), nullable=True),
        sa.Column("external_key", sa.String(length=120), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.String(length=64)), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "custom", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["contacts.id"], name=op.f("fk_contacts_company_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_contacts_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["ab_user.id"], name=op.f("fk_contacts_owner_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("number", name=op.f("uq_contacts_number")),
    )
    op.create_index(op.f("ix_contacts_company_id"), "contacts", ["company_id"], unique=False)
    op.create_index(
        "ix_contacts_created",
        "contacts",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_contacts_external_key",
        "contacts",
        ["external_key"],
        unique=True,
        postgresql_where=sa.text("external_key IS NOT NULL"),
    )
    op.create_index(
        "ix_contacts_folded_trgm",
        "contacts",
        ["folded"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_contacts_owner_id", "contacts", ["owner_id"], unique=False, postgresql_where=sa.text("owner_id IS NOT NULL")
    )
    op.create_index("ix_contacts_sort", "contacts", ["sort_name", "id"], unique=False)
    op.create_index("ix_contacts_tags", "contacts", ["tags"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_contacts_tax_number",
        "contacts",
        ["tax_number"],
        unique=False,
        postgresql_where=sa.text("tax_number IS NOT NULL"),
    )
    op.create_table(
        "forms",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("published", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("draft", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("draft_base", sa.Integer(), nullable=True),
        sa.Column("draft_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_forms_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["draft_by_id"], ["ab_user.id"], name=op.f("fk_forms_draft_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forms")),
    )
    op.create_table(
        "contact_addresses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("street", sa.String(length=240), server_default="", nullable=False),
        sa.Column("postal_code", sa.String(length=16), server_default="", nullable=False),
        sa.Column("city", sa.String(length=120), server_default="", nullable=False),
        sa.Column("country", sa.String(length=2), server_default="PL", nullable=False),
        sa.Column("label", sa.String(length=60), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "folded",
            sa.Text(),
            sa.Computed("splot_fold(street || ' ' || postal_code || ' ' || city)", persisted=True),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_addresses_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_addresses")),
    )
    op.create_index(op.f("ix_contact_addresses_contact_id"), "contact_addresses", ["contact_id"], unique=False)
    op.create_index(
        "ix_contact_addresses_folded_trgm",
        "contact_addresses",
        ["folded"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.create_table(
        "contact_emails",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("label", sa.String(length=60), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("address = lower(address) AND address LIKE '%_@_%'", name=op.f("ck_contact_emails_address")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_emails_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_emails")),
        sa.UniqueConstraint("contact_id", "address", name=op.f("uq_contact_emails_contact_id_address")),
    )
    op.create_index("ix_contact_emails_address", "contact_emails", ["address"], unique=False)
    op.create_index(
        "ix_contact_emails_address_trgm",
        "contact_emails",
        ["address"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"address": "gin_trgm_ops"},
    )
    op.create_table(
        "contact_phones",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=60), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_wrong", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("number ~ '^\\+[1-9][0-9]{6,14}$'", name=op.f("ck_contact_phones_e164")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_phones_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_phones")),
        sa.UniqueConstraint("contact_id", "number", name=op.f("uq_contact_phones_contact_id_number")),
    )
    op.create_index("ix_contact_phones_number", "contact_phones", ["number"], unique=False)
    op.create_index(
        "ix_contact_phones_number_trgm",
        "contact_phones",
        ["number"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"number": "gin_trgm_ops"},
    )
    op.create_table(
        "form_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("form_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "definition", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_form_versions_form_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["ab_user.id"], name=op.f("fk_form_versions_published_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_versions")),
        sa.UniqueConstraint("form_id", "number", name=op.f("uq_form_versions_form_id_number")),
    )
    op.create_table(
        "scripts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("form_id", sa.BigInteger(), nullable=True),
        sa.Column("postpone_grid_minutes", sa.Integer(), server_default=sa.text("15"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_scripts_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_scripts_form_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scripts")),
        sa.UniqueConstraint("name", name=op.f("uq_scripts_name")),
    )
    op.create_index(op.f("ix_scripts_form_id"), "scripts", ["form_id"], unique=False)
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "paused",
                "archived",
                name="campaign_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="active",
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("script_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "duplicate_rule",
            sa.Enum(
                "skip_any",
                "skip_open",
                "create",
                name="duplicate_rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="skip_open",
            nullable=False,
        ),
        sa.Column(
            "header_fields", postgresql.ARRAY(sa.String(length=80)), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("agents_see_own_only", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_campaigns_dates")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_campaigns_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["script_id"], ["scripts.id"], name=op.f("fk_campaigns_script_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("name", name=op.f("uq_campaigns_name")),
    )
    op.create_index(op.f("ix_campaigns_script_id"), "campaigns", ["script_id"], unique=False)
    op.create_table(
        "statuses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("script_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "unused",
                "plain",
                "new",
                "taken",
                "in_progress",
                "awaiting_customer",
                "waiting",
                "consultation",
                "postponed",
                "private_callback",
                "public_callback",
                "queue_end_callback",
                "success_to_confirm",
                "closed",
                "success",
                "cancel_success",
                "merged",
                name="status_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_initial", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("limit_minutes", sa.Integer(), nullable=True),
        sa.Column(
            "date_mode",
            sa.Enum(
                "agent", "relative", "absolute", name="date_mode", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("relative_minutes", sa.Integer(), nullable=True),
        sa.Column("absolute_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("date_mode <> 'absolute' OR absolute_at IS NOT NULL", name=op.f("ck_statuses_absolute")),
        sa.CheckConstraint("date_mode <> 'relative' OR relative_minutes > 0", name=op.f("ck_statuses_relative")),
        sa.CheckConstraint("NOT (is_initial AND is_hidden)", name=op.f("ck_statuses_initial_is_shown")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["statuses.id"], name=op.f("fk_statuses_parent_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["script_id"], ["scripts.id"], name=op.f("fk_statuses_script_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statuses")),
    )
    op.create_index(op.f("ix_statuses_script_id"), "statuses", ["script_id"], unique=False)
    op.create_index(
        "uq_statuses_initial", "statuses", ["script_id"], unique=True, postgresql_where=sa.text("is_initial")
    )
    op.create_index(
        "uq_statuses_name",
        "statuses",
        ["script_id", sa.literal_column("lower(name)")],
        unique=True,
        postgresql_where=sa.text("NOT is_hidden"),
    )
    op.create_table(
        "campaign_teams",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_teams_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_campaign_teams_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("campaign_id", "team_id", name=op.f("pk_campaign_teams")),
    )
    op.create_index(op.f("ix_campaign_teams_team_id"), "campaign_teams", ["team_id"], unique=False)
    op.create_table(
        "campaign_users",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_users_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_campaign_users_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "user_id", name=op.f("pk_campaign_users")),
    )
    op.create_index(op.f("ix_campaign_users_user_id"), "campaign_users", ["user_id"], unique=False)
    op.create_table(
        "custom_fields",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=400), server_default="", nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "text",
                "long_text",
                "number",
                "date",
                "yes_no",
                "choice",
                "phone",
                "email",
                name="custom_field_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("choices", postgresql.ARRAY(sa.String(length=120)), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("is_required", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_visible", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("agents_may_edit", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("key ~ '^[a-z][a-z0-9_]{0,39}$'", name=op.f("ck_custom_fields_key")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_custom_fields_campaign_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_fields")),
        sa.UniqueConstraint("key", name=op.f("uq_custom_fields_key")),
    )
    op.create_index(op.f("ix_custom_fields_campaign_id"), "custom_fields", ["campaign_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_custom_fields_campaign_id"), table_name="custom_fields")
    op.drop_table("custom_fields")
    op.drop_index(op.f("ix_campaign_users_user_id"), table_name="campaign_users")
    op.drop_table("campaign_users")
    op.drop_index(op.f("ix_campaign_teams_team_id"), table_name="campaign_teams")
    op.drop_table("campaign_teams")
    op.drop_index("uq_statuses_name", table_name="statuses", postgresql_where=sa.text("NOT is_hidden"))
    op.drop_index("uq_statuses_initial", table_name="statuses", postgresql_where=sa.text("is_initial"))
    op.drop_index(op.f("ix_statuses_script_id"), table_name="statuses")
    op.drop_table("statuses")
    op.drop_index(op.f("ix_campaigns_script_id"), table_name="campaigns")
    op.drop_table("campaigns")
    op.drop_index(op.f("ix_scripts_form_id"), table_name="scripts")
    op.drop_table("scripts")
    op.drop_table("form_versions")
    op.drop_index(
        "ix_contact_phones_number_trgm",
        table_name="contact_phones",
        postgresql_using="gin",
        postgresql_ops={"number": "gin_trgm_ops"},
    )
    op.drop_index("ix_contact_phones_number", table_name="contact_phones")
    op.drop_table("contact_phones")
    op.drop_index(
        "ix_contact_emails_address_trgm",
        table_name="contact_emails",
        postgresql_using="gin",
        postgresql_ops={"address": "gin_trgm_ops"},
    )
    op.drop_index("ix_contact_emails_address", table_name="contact_emails")
    op.drop_table("contact_emails")
    op.drop_index(
        "ix_contact_addresses_folded_trgm",
        table_name="contact_addresses",
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_contact_addresses_contact_id"), table_name="contact_addresses")
    op.drop_table("contact_addresses")
    op.drop_table("forms")
    op.drop_index("ix_contacts_tax_number", table_name="contacts", postgresql_where=sa.text("tax_number IS NOT NULL"))
    op.drop_index("ix_contacts_tags", table_name="contacts", postgresql_using="gin")
    op.drop_index("ix_contacts_sort", table_name="contacts")
    op.drop_index("ix_contacts_owner_id", table_name="contacts", postgresql_where=sa.text("owner_id IS NOT NULL"))
    op.drop_index(
        "ix_contacts_folded_trgm",
        table_name="contacts",
        postgresql_using="gin",
        postgresql_ops={"folded": "gin_trgm_ops"},
    )
    op.drop_index(
        "ix_contacts_external_key", table_name="contacts", postgresql_where=sa.text("external_key IS NOT NULL")
    )
    op.drop_index("ix_contacts_created", table_name="contacts")
    op.drop_index(op.f("ix_contacts_company_id"), table_name="contacts")
    op.drop_table("contacts")
    op.execute("DROP SEQUENCE contact_number_seq")
