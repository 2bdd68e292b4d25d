"""Rules that move cases from status to status, the colour of plain statuses, and what was touched longest ago."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

_COLOURS = ("rose", "coral", "olive", "cyan", "stone")
_EVENTS = (
    "taken",
    "reply_sent",
    "customer_replied",
    "consultation_asked",
    "consultation_answered",
    "postponement_over",
    "call_ended",
    "no_activity",
)


def upgrade() -> None:
    """Add them."""
    op.add_column(
        "statuses",
        sa.Column(
            "colour",
            sa.Enum(*_COLOURS, name="status_colour", native_enum=False, create_constraint=False, length=32),
            nullable=True,
        ),
    )
    op.create_check_constraint(op.f("ck_statuses_status_colour"), "statuses", sa.column("colour").in_(_COLOURS))
    op.create_check_constraint(op.f("ck_statuses_colour_of_plain"), "statuses", "colour IS NULL OR kind = 'plain'")
    op.create_table(
        "status_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("script_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(*_EVENTS, name="rule_event", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("from_any", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "conditions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["script_id"], ["scripts.id"], name=op.f("fk_status_rules_script_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["to_id"], ["statuses.id"], name=op.f("fk_status_rules_to_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_rules")),
    )
    op.create_index(op.f("ix_status_rules_script_id"), "status_rules", ["script_id"], unique=False)
    op.create_index(op.f("ix_status_rules_to_id"), "status_rules", ["to_id"], unique=False)
    op.create_table(
        "status_rule_sources",
        sa.Column("rule_id", sa.BigInteger(), nullable=False),
        sa.Column("status_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["status_rules.id"], name=op.f("fk_status_rule_sources_rule_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["status_id"], ["statuses.id"], name=op.f("fk_status_rule_sources_status_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("rule_id", "status_id", name=op.f("pk_status_rule_sources")),
    )
    op.create_index(op.f("ix_status_rule_sources_status_id"), "status_rule_sources", ["status_id"], unique=False)
    op.create_index("ix_cases_status_touched", "cases", ["campaign_id", "status_id", "touched_at", "id"])


def downgrade() -> None:
    """Remove them; rules and colours are gone then."""
    op.drop_index("ix_cases_status_touched", table_name="cases")
    op.drop_table("status_rule_sources")
    op.drop_table("status_rules")
    op.drop_constraint(op.f("ck_statuses_colour_of_plain"), "statuses", type_="check")
    op.drop_constraint(op.f("ck_statuses_status_colour"), "statuses", type_="check")
    op.drop_column("statuses", "colour")
