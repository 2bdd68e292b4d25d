"""Scripts and their status lists."""

from enum import StrEnum
from uuid import UUID, uuid4

from flask_appbuilder import Model
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.columns import CreatedAt, Document, Id, Moment, UserId, Version, choice
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


class StatusColour(StrEnum):
    """What a status of the kind *plain* may be coloured by instead of its yellow, see `frontend/css/status.css`."""

    ROSE = "rose"
    CORAL = "coral"
    OLIVE = "olive"
    CYAN = "cyan"
    STONE = "stone"


class RuleEvent(StrEnum):
    """What a rule of a script may follow: the events of the table in `app/scripts/events.py`."""

    TAKEN = "taken"
    REPLY_SENT = "reply_sent"
    CUSTOMER_REPLIED = "customer_replied"
    CONSULTATION_ASKED = "consultation_asked"
    CONSULTATION_ANSWERED = "consultation_answered"
    POSTPONEMENT_OVER = "postponement_over"
    CALL_ENDED = "call_ended"
    NO_ACTIVITY = "no_activity"


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
    portable_id: Mapped[UUID] = mapped_column(
        Uuid, unique=True, server_default=text("gen_random_uuid()"), default=uuid4
    )
    """The same on every installation that the script was taken to as a file."""

    form: Mapped[Form | None] = relationship()
    statuses: Mapped[list["Status"]] = relationship(
        back_populates="script", order_by="Status.position, Status.id", cascade="all, delete-orphan"
    )
    rules: Mapped[list["StatusRule"]] = relationship(
        back_populates="script", order_by="StatusRule.position, StatusRule.id", cascade="all, delete-orphan"
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
        CheckConstraint("colour IS NULL OR kind = 'plain'", name="colour_of_plain"),
        UniqueConstraint("script_id", "portable_id"),
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
    colour: Mapped[StatusColour | None] = mapped_column(choice(StatusColour, "status_colour"))
    position: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    is_initial: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    is_hidden: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    limit_minutes: Mapped[int | None]
    """After that long in this status a case is overdue."""
    date_mode: Mapped[DateMode | None] = mapped_column(choice(DateMode, "date_mode"))
    relative_minutes: Mapped[int | None]
    absolute_at: Mapped[Moment | None]
    created_at: Mapped[CreatedAt]
    portable_id: Mapped[UUID] = mapped_column(Uuid, server_default=text("gen_random_uuid()"), default=uuid4)
    """Within its script the same on every installation."""

    script: Mapped[Script] = relationship(back_populates="statuses")

    def __repr__(self) -> str:
        return self.name

    @property
    def look(self) -> str:
        """How it is drawn: its kind, and the colour that a plain one was given."""
        return status_look(self.kind, self.colour)


def status_look(kind: StatusKind, colour: StatusColour | None) -> str:
    """The kind, with a colour behind it; `k-<look>` are the classes of a chip."""
    return f"{kind.value} c-{colour.value}" if colour else kind.value


status_rule_sources = Table(
    "status_rule_sources",
    Model.metadata,
    Column("rule_id", ForeignKey("status_rules.id", ondelete="CASCADE"), primary_key=True),
    Column("status_id", ForeignKey("statuses.id", ondelete="RESTRICT"), primary_key=True, index=True),
)


class StatusRule(Model):
    """An event that moves cases of a script from some statuses, or from any, to another one."""

    __tablename__ = "status_rules"

    id: Mapped[Id]
    script_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("scripts.id", ondelete="CASCADE"), index=True)
    event: Mapped[RuleEvent] = mapped_column(choice(RuleEvent, "rule_event"))
    from_any: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    """From any status, in the sense of the event (see `app/scripts/flow.py`); else from `sources` only."""
    to_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("statuses.id", ondelete="RESTRICT"), index=True)
    conditions: Mapped[Document]
    """What the event asks for besides, by parameter: {"minutes": 4320}."""
    position: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """Of several rules that fit a case the first is taken."""
    created_at: Mapped[CreatedAt]

    script: Mapped[Script] = relationship(back_populates="rules")
    to: Mapped[Status] = relationship(foreign_keys="StatusRule.to_id")
    sources: Mapped[list[Status]] = relationship(secondary=status_rule_sources, order_by="Status.position, Status.id")
