"""Scripts and their status lists."""

from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.columns import CreatedAt, Id, Moment, UserId, Version, choice
from app.models.forms import Form


class StatusKind(StrEnum):
    """The kinds of the table in `app/scripts/kinds.py`, which carries their behaviour."""

    UNUSED = "unused"
    PLAIN = "plain"
    NEW = "new"
    TAKEN = "taken"
    IN_PROGRESS = "in_progress"
    AWAITING_CUSTOMER = "awaiting_customer"
    WAITING = "waiting"
    CONSULTATION = "consultation"
    POSTPONED = "postponed"
    PRIVATE_CALLBACK = "private_callback"
    PUBLIC_CALLBACK = "public_callback"
    QUEUE_END_CALLBACK = "queue_end_callback"
    SUCCESS_TO_CONFIRM = "success_to_confirm"
    CLOSED = "closed"
    SUCCESS = "success"
    CANCEL_SUCCESS = "cancel_success"
    MERGED = "merged"


class DateMode(StrEnum):
    """How a dated status takes its time."""

    AGENT = "agent"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


class Script(Model):
    """What a campaign runs on: a status list and, optionally, a form. Several campaigns may share one."""

    __tablename__ = "scripts"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(160), unique=True)
    description: Mapped[str] = mapped_column(Text, server_default="", default="")
    form_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("forms.id", ondelete="RESTRICT"), index=True)
    postpone_grid_minutes: Mapped[int] = mapped_column(Integer, server_default=text("15"), default=15)
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
    updated_at: Mapped[CreatedAt]
    version: Mapped[Version]

    form: Mapped[Form | None] = relationship()
    statuses: Mapped[list["Status"]] = relationship(
        back_populates="script", order_by="Status.position, Status.id", cascade="all, delete-orphan"
    )

    def __repr__(self) -> str:
        return self.name


class Status(Model):
    """A step of handling, named by the manager; its kind carries the behaviour. Never deleted, only hidden."""

    __tablename__ = "statuses"
    __table_args__ = (
        CheckConstraint("date_mode <> 'relative' OR relative_minutes > 0", name="relative"),
        CheckConstraint("date_mode <> 'absolute' OR absolute_at IS NOT NULL", name="absolute"),
        CheckConstraint("NOT (is_initial AND is_hidden)", name="initial_is_shown"),
        Index("uq_statuses_initial", "script_id", unique=True, postgresql_where=text("is_initial")),
        Index(
            "uq_statuses_name", "script_id", text("lower(name)"), unique=True, postgresql_where=text("NOT is_hidden")
        ),
    )

    id: Mapped[Id]
    script_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("scripts.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("statuses.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[StatusKind] = mapped_column(choice(StatusKind, "status_kind"))
    position: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    is_initial: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    is_hidden: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    limit_minutes: Mapped[int | None]
    """After that long in this status a case is overdue."""
    date_mode: Mapped[DateMode | None] = mapped_column(choice(DateMode, "date_mode"))
    relative_minutes: Mapped[int | None]
    absolute_at: Mapped[Moment | None]
    created_at: Mapped[CreatedAt]

    script: Mapped[Script] = relationship(back_populates="statuses")

    def __repr__(self) -> str:
        return self.name
