"""Webhooks: servers of others that are told of something, and the calls to them."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.columns import CreatedAt, Document, Id, Moment, UserId, Version, choice


class CallState(StrEnum):
    """Where a call stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


NOT_TAKEN = text("state <> 'delivered'")
"""Of a call that waits or has failed. As text, so that PostgreSQL knows the index by it in every plan."""


class Webhook(Model):
    """A server that is told of something. Never deleted: its calls stay readable; `is_active` turns it off."""

    __tablename__ = "webhooks"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(160))
    address: Mapped[str] = mapped_column(String(2000))
    sealed_secret: Mapped[str] = mapped_column(Text)
    """Signs what is sent, so that the other side knows who sent it; encrypted (`app/core/sealing.py`)."""
    allows_private: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    """Whether the address may lie inside the house."""
    is_active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"), default=True)
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """Attempts without an answer, in a row."""
    rests_until: Mapped[Moment | None]
    """Until then nothing is sent there: a server that does not answer must not hold up the calls to others."""
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
    version: Mapped[Version]

    def __repr__(self) -> str:
        return self.name


class WebhookCall(Model):
    """One thing that must leave the house, written in the transaction that it tells of."""

    __tablename__ = "webhook_calls"
    __table_args__ = (
        Index("ix_webhook_calls_due", "due_at", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_webhook_calls_webhook", "webhook_id", text("id DESC")),
        Index("ix_webhook_calls_open", "webhook_id", "state", text("id DESC"), postgresql_where=NOT_TAKEN),
    )

    id: Mapped[Id]
    webhook_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("webhooks.id", ondelete="RESTRICT"))
    key: Mapped[UUID] = mapped_column(Uuid, server_default=text("gen_random_uuid()"), unique=True)
    """The same in every attempt: the other side knows a repeat by it."""
    event: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="SET NULL"), index=True)
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What is sent; gone once it was taken."""
    state: Mapped[CallState] = mapped_column(
        choice(CallState, "call_state"), server_default="waiting", default=CallState.WAITING
    )
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    due_at: Mapped[Moment]
    lease_until: Mapped[Moment | None]
    lease_holder: Mapped[str | None] = mapped_column(String(80))
    tried_at: Mapped[Moment | None]
    answer_status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(Text, server_default="", default="")
    """The beginning of the last answer."""
    error: Mapped[str | None] = mapped_column(Text)
    """Why there was no answer, as a message id (English); shown translated."""
    error_details: Mapped[Document]
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]

    webhook: Mapped[Webhook] = relationship()
