"""Forms and their immutable versions. The shape of a definition is `app/formbuilder/definition.py`."""

from flask_appbuilder import Model
from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.columns import CreatedAt, Document, Id, Moment, UserId


class Form(Model):
    """A form; `published` is the number of its current version (0 = none yet)."""

    __tablename__ = "forms"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(160))
    published: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]

    versions: Mapped[list["FormVersion"]] = relationship(back_populates="form", order_by="FormVersion.number")

    def __repr__(self) -> str:
        return self.name


class FormDraft(Model):
    """What one manager edits and has not published: each has a draft of their own, so nobody overwrites another's."""

    __tablename__ = "form_drafts"

    form_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("forms.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    definition: Mapped[Document]
    base: Mapped[int]
    """Number of the version that it was begun on; 0 = none."""
    at: Mapped[Moment]
    """When it was kept last."""


class FormVersion(Model):
    """A published definition. Rows are added and never changed, but for the moment a successor came."""

    __tablename__ = "form_versions"
    __table_args__ = (UniqueConstraint("form_id", "number"),)

    id: Mapped[Id]
    form_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("forms.id", ondelete="CASCADE"))
    number: Mapped[int]
    definition: Mapped[Document] = mapped_column(deferred=True)
    """Long, and read once per process (`versions.definition_of`): a row alone comes without it."""
    comment: Mapped[str] = mapped_column(Text, server_default="", default="")
    published_at: Mapped[CreatedAt]
    published_by_id: Mapped[UserId | None]
    superseded_at: Mapped[Moment | None]
    meaning: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """How often the answers of a field had changed their kind by then: versions of one number store them alike."""

    form: Mapped[Form] = relationship(back_populates="versions")
