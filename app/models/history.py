"""History: who changed what, before and after."""

from typing import Any

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.columns import CreatedAt, Id, UserId


class HistoryEntry(Model):
    """One change of one record. Rows are added and never changed."""

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_record", "record", "record_id", text("id DESC")),
        Index("ix_history_actor", "actor_id", text("id DESC")),
        Index("ix_history_at", "at", postgresql_using="brin"),
    )

    id: Mapped[Id]
    at: Mapped[CreatedAt]
    actor_id: Mapped[UserId | None]
    actor_name: Mapped[str] = mapped_column(String(140))
    """As it was then; `system` for a job."""
    record: Mapped[str] = mapped_column(String(40))
    """Kind of record: `case`, `contact`, `form` …"""
    record_id: Mapped[int] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(String(60))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    origin: Mapped[str | None] = mapped_column(String(80))
    """Where it came from: an address, `job`, `api`."""
