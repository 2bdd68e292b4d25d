"""Long work: an import, a bulk action, an export. The row is the promise; a worker only carries it out."""

from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.columns import CreatedAt, Document, Id, Moment, UserId, choice


class WorkState(StrEnum):
    """Where long work stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Work(Model):
    """Long work with its progress. A worker holds it by a lease; when the lease runs out, another takes over."""

    __tablename__ = "work"
    __table_args__ = (
        Index("ix_work_open", "queue", "id", postgresql_where=text("state IN ('waiting', 'running')")),
        Index("ix_work_created_by", "created_by_id", text("id DESC")),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    """Names the function that carries it out, see `app/jobs/work.py`."""
    queue: Mapped[str] = mapped_column(String(20))
    state: Mapped[WorkState] = mapped_column(
        choice(WorkState, "work_state"), server_default="waiting", default=WorkState.WAITING
    )
    params: Mapped[Document]
    place: Mapped[Document]
    """Where to go on after a crash, written in the transaction of each batch."""
    result: Mapped[Document]
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    failed: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    stop_asked: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    lease_until: Mapped[Moment | None]
    lease_holder: Mapped[str | None] = mapped_column(String(80))
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """How often it was begun since its place moved."""
    error: Mapped[str | None] = mapped_column(Text)
    """Why it failed, as a message id (English); shown translated."""
    error_details: Mapped[Document]
    """The values of its places."""
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
    started_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]


class WorkItem(Model):
    """One thing that long work is about, a case or a contact; gone when the work has ended."""

    __tablename__ = "work_items"
    __table_args__ = (PrimaryKeyConstraint("work_id", "position"),)

    work_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("work.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    """From 1, without gaps."""
    item_id: Mapped[int] = mapped_column(BigInteger)


class WorkProblem(Model):
    """One row of long work that could not be done, and why."""

    __tablename__ = "work_problems"

    id: Mapped[Id]
    work_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("work.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    """What it was about, for a person: a case number, a row of a file."""
    reason: Mapped[str] = mapped_column(Text)
    """Message id (English); shown translated."""
    details: Mapped[Document]
