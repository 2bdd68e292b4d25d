"""Cases: one matter of one contact in one campaign."""

from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Sequence,
    String,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import metadata
from app.models.campaigns import Campaign
from app.models.columns import CreatedAt, Document, Id, Moment, UserId, Version, choice
from app.models.contacts import Contact
from app.models.people import AppUser
from app.models.scripts import Status

Sequence("case_number_seq", start=100001, metadata=metadata)

DUE_ORDER = "COALESCE(due_at, 'infinity'::timestamp with time zone)"
"""Sorting by due time: what is due never comes after all that is."""


class Source(StrEnum):
    """The channel that a case came in by."""

    OUTBOUND_CAMPAIGN = "outbound_campaign"
    INBOUND_CALL = "inbound_call"
    EMAIL = "email"
    CHAT = "chat"
    WEB_FORM = "web_form"
    SMS = "sms"
    FAX = "fax"


class Case(Model):
    """A case. Its status is changed by `app/cases/status.py` and nowhere else.

    `is_current` repeats what the status kind says (not closed, merged or postponed), because the list of current
    cases is opened all day and an index on it must be small.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_created", text("created_at DESC"), text("id DESC")),
        Index("ix_cases_current", text("created_at DESC"), text("id DESC"), postgresql_where=text("is_current")),
        Index("ix_cases_campaign", "campaign_id", text("created_at DESC"), text("id DESC")),
        Index("ix_cases_campaign_status", "campaign_id", "status_id", text("created_at DESC"), text("id DESC")),
        Index("ix_cases_status", "status_id", text("created_at DESC"), text("id DESC")),
        # What nobody has touched for long, one short walk in each status of each campaign.
        Index("ix_cases_status_touched", "campaign_id", "status_id", "touched_at", "id"),
        Index("ix_cases_owner", "owner_id", "is_current", text("created_at DESC"), text("id DESC")),
        Index("ix_cases_contact", "contact_id", text("created_at DESC")),
        Index("ix_cases_touched", text("touched_at DESC"), text("id DESC")),
        Index("ix_cases_due", "due_at", "id", postgresql_where=text("due_at IS NOT NULL AND is_current")),
        # Pages of somebody who sees some campaigns only: one short walk in each, whatever the others hold.
        Index(
            "ix_cases_campaign_current",
            "campaign_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("is_current"),
        ),
        Index(
            "ix_cases_unowned",
            "campaign_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("owner_id IS NULL"),
        ),
        Index(
            "ix_cases_owner_campaign",
            "owner_id",
            "campaign_id",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("is_current"),
        ),
        Index("ix_cases_campaign_touched", "campaign_id", text("touched_at DESC"), text("id DESC")),
        Index("ix_cases_status_at", text("status_at DESC"), text("id DESC")),
        Index("ix_cases_due_order", text(DUE_ORDER), "id"),
        Index("ix_cases_campaign_due", "campaign_id", text(DUE_ORDER), "id"),
        Index("ix_cases_status_due", "status_id", text(DUE_ORDER), "id", postgresql_where=text("due_at IS NOT NULL")),
        Index(
            "ix_cases_subject_trgm",
            literal_column("splot_fold(subject::text)").label("folded_subject"),
            postgresql_using="gin",
            postgresql_ops={"folded_subject": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(
        BigInteger, server_default=text("nextval('case_number_seq'::regclass)"), unique=True
    )
    contact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contacts.id", ondelete="RESTRICT"))
    campaign_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("campaigns.id", ondelete="RESTRICT"))
    status_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("statuses.id", ondelete="RESTRICT"))
    is_current: Mapped[bool] = mapped_column(Boolean, server_default=text("true"), default=True)
    owner_id: Mapped[UserId | None]
    source: Mapped[Source] = mapped_column(choice(Source, "source"))
    subject: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
    touched_at: Mapped[CreatedAt]
    """The last thing that anybody did to it."""
    status_at: Mapped[CreatedAt]
    due_at: Mapped[Moment | None]
    """When the limit of its status, or the promise in it, runs out; past it the case is overdue."""
    closed_at: Mapped[Moment | None]
    version: Mapped[Version]

    contact: Mapped[Contact] = relationship(backref="cases")
    campaign: Mapped[Campaign] = relationship()
    status: Mapped[Status] = relationship()
    owner: Mapped[AppUser | None] = relationship(foreign_keys="Case.owner_id")

    def __repr__(self) -> str:
        return f"{self.number} {self.subject}"


class CaseLink(Model):
    """Two cases that belong together; `from_id` is the one that the other was opened from, or linked to."""

    __tablename__ = "case_links"
    __table_args__ = (PrimaryKeyConstraint("from_id", "to_id"), CheckConstraint("from_id <> to_id", name="two_cases"))

    from_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="CASCADE"))
    to_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]


class CaseRead(Model):
    """When a user last opened a case: what makes it *unread by this user*."""

    __tablename__ = "case_reads"
    __table_args__ = (PrimaryKeyConstraint("user_id", "case_id"),)

    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    read_at: Mapped[Moment]


class CaseDraft(Model):
    """What a user typed on a card and has not saved; one row for each user and case."""

    __tablename__ = "case_drafts"
    __table_args__ = (PrimaryKeyConstraint("user_id", "case_id"),)

    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    base_version: Mapped[int]
    """Version of the case that the typing began on."""
    content: Mapped[Document]
    saved_at: Mapped[Moment]


class OpenCard(Model):
    """A card that a user has open in the bar of tabs: there again after the next log-in."""

    __tablename__ = "open_cards"
    __table_args__ = (PrimaryKeyConstraint("user_id", "case_id"),)

    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    opened_at: Mapped[Moment]
