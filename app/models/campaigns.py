"""Campaigns: the theme of a set of cases, with its script and its people."""

from datetime import date
from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Integer, String, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import metadata
from app.models.columns import CreatedAt, Id, UserId, Version, choice
from app.models.people import AppUser, Team
from app.models.scripts import Script

campaign_users = Table(
    "campaign_users",
    metadata,
    Column("campaign_id", BigInteger, ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, index=True),
)

campaign_teams = Table(
    "campaign_teams",
    metadata,
    Column("campaign_id", BigInteger, ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True),
    Column("team_id", BigInteger, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class CampaignState(StrEnum):
    """Whether work goes on in a campaign."""

    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class DuplicateRule(StrEnum):
    """What bulk creation does with a contact that has a case in the campaign already."""

    SKIP_ANY = "skip_any"
    SKIP_OPEN = "skip_open"
    CREATE = "create"


class Campaign(Model):
    """A campaign. Archived ones are read-only and leave the lists; nothing of them is deleted."""

    __tablename__ = "campaigns"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="dates"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(160), unique=True)
    description: Mapped[str] = mapped_column(Text, server_default="", default="")
    state: Mapped[CampaignState] = mapped_column(
        choice(CampaignState, "campaign_state"), server_default="active", default=CampaignState.ACTIVE
    )
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    script_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("scripts.id", ondelete="RESTRICT"), index=True)
    duplicate_rule: Mapped[DuplicateRule] = mapped_column(
        choice(DuplicateRule, "duplicate_rule"), server_default="skip_open", default=DuplicateRule.SKIP_OPEN
    )
    header_fields: Mapped[list[str]] = mapped_column(ARRAY(String(80)), server_default=text("'{}'"), default=list)
    """Keys of contact fields (`contact.phone`, `custom.KEY`) shown in the case header, in order."""
    agents_see_own_only: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    """Agents see their own and the unowned cases of the campaign, not their colleagues'."""
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
    updated_at: Mapped[CreatedAt]
    version: Mapped[Version]

    script: Mapped[Script] = relationship()
    users: Mapped[list[AppUser]] = relationship(secondary=campaign_users, backref="campaigns")
    teams: Mapped[list[Team]] = relationship(secondary=campaign_teams, backref="campaigns")

    def __repr__(self) -> str:
        return self.name
