"""Stored files: the row is the truth, the bytes lie in SPLOT_HOME/files under the row's key."""

from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.columns import CreatedAt, Id, UserId


class StoredFile(Model):
    """A file that somebody uploaded or a job wrote."""

    __tablename__ = "stored_files"
    __table_args__ = (Index("ix_stored_files_form", "form_id", postgresql_where=text("form_id IS NOT NULL")),)

    id: Mapped[Id]
    key: Mapped[UUID] = mapped_column(Uuid, server_default=text("gen_random_uuid()"), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    case_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    """The case whose rights guard it; without one, its uploader alone may read it."""
    form_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("forms.id", ondelete="CASCADE"))
    """The form that it is a picture of: whoever sees the form sees the picture."""
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
