"""Activities: the entries of a timeline."""

from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.columns import CreatedAt, Document, Id, Moment, UserId, choice
from app.models.people import AppUser


class ActivityKind(StrEnum):
    """What an entry of the timeline is. A new channel adds its own."""

    NOTE = "note"
    FILE = "file"
    CREATED = "created"
    STATUS = "status"
    OWNER = "owner"
    CAMPAIGN = "campaign"
    CONTACT = "contact"
    FORM = "form"
    SUBJECT = "subject"
    SOURCE = "source"
    LINKED = "linked"
    WEBHOOK = "webhook"


class Activity(Model):
    """One entry. `payload` holds what its kind needs (from / to, file id …); `body` is what a person wrote."""

    __tablename__ = "activities"
    __table_args__ = (
        Index("ix_activities_case", "case_id", "at", "id"),
        Index("ix_activities_contact", "contact_id", text("at DESC"), text("id DESC")),
        Index("ix_activities_author", "author_id", text("at DESC"), text("id DESC")),
        Index("ix_activities_parent", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
    )

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"))
    case_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("activities.id", ondelete="CASCADE"))
    """The activity that this note was added to."""
    kind: Mapped[ActivityKind] = mapped_column(choice(ActivityKind, "activity_kind"))
    at: Mapped[CreatedAt]
    author_id: Mapped[UserId | None]
    body: Mapped[str] = mapped_column(Text, server_default="", default="")
    payload: Mapped[Document]
    edited_at: Mapped[Moment | None]

    author: Mapped[AppUser | None] = relationship(foreign_keys="Activity.author_id")
    revisions: Mapped[list["ActivityRevision"]] = relationship(
        back_populates="activity", order_by="ActivityRevision.id", cascade="all, delete-orphan"
    )


class ActivityRevision(Model):
    """An earlier text of an edited note."""

    __tablename__ = "activity_revisions"

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[CreatedAt]
    replaced_by_id: Mapped[UserId | None]
    activity: Mapped[Activity] = relationship(back_populates="revisions")
