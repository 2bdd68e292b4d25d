"""Callbacks: dated promises to contact somebody again."""

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.columns import CreatedAt, Id, Moment, UserId, Version, choice


class CallbackKind(StrEnum):
    """Who keeps the promise."""

    PRIVATE = "private"
    PUBLIC = "public"


class CallbackState(StrEnum):
    """Where a promise stands."""

    SCHEDULED = "scheduled"
    DONE = "done"
    CANCELLED = "cancelled"


class Callback(Model):
    """A promise, in the local time that was agreed with the person (`local_at` + `time_zone` + `fold`) and in UTC."""

    __tablename__ = "callbacks"
    __table_args__ = (
        Index("uq_callbacks_open_case", "case_id", unique=True, postgresql_where=text("state = 'scheduled'")),
        Index("ix_callbacks_due", "due_at", postgresql_where=text("state = 'scheduled'")),
        Index("ix_callbacks_owner", "owner_id", "due_at", postgresql_where=text("state = 'scheduled'")),
        CheckConstraint("kind <> 'private' OR owner_id IS NOT NULL OR state <> 'scheduled'", name="private_has_owner"),
        CheckConstraint("fold IN (0, 1)", name="fold"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    campaign_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    phone: Mapped[str | None] = mapped_column(String(16))
    kind: Mapped[CallbackKind] = mapped_column(choice(CallbackKind, "callback_kind"))
    owner_id: Mapped[UserId | None]
    local_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    time_zone: Mapped[str] = mapped_column(String(64))
    fold: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"), default=0)
    due_at: Mapped[Moment]
    state: Mapped[CallbackState] = mapped_column(
        choice(CallbackState, "callback_state"), server_default="scheduled", default=CallbackState.SCHEDULED
    )
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
    ended_at: Mapped[Moment | None]
    version: Mapped[Version]
