"""Imports of contacts: the file, how it was read, and what became of each row."""

from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import BigInteger, ForeignKey, Index, Integer, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.columns import CreatedAt, Document, Id, Moment, UserId, choice
from app.models.files import StoredFile
from app.models.work import Work


class ImportRule(StrEnum):
    """What to do with a row whose contact is known already."""

    SKIP = "skip"
    UPDATE = "update"
    CREATE = "create"


class RowOutcome(StrEnum):
    """What became of one row."""

    CREATED = "created"
    UPDATED = "updated"
    SKIPPED = "skipped"
    REJECTED = "rejected"


class Import(Model):
    """One import. `work` runs it, `undo_work` takes it back."""

    __tablename__ = "imports"

    id: Mapped[Id]
    file_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("stored_files.id", ondelete="RESTRICT"))
    layout: Mapped[Document]
    """How to read the file: encoding, separator, header line, sheet."""
    head: Mapped[Document] = mapped_column(deferred=True)
    """Its first rows, read once when it was sent in: pages show these and leave the file alone."""
    mapping: Mapped[Document]
    """Column of the file → field of the contact."""
    rule: Mapped[ImportRule] = mapped_column(choice(ImportRule, "import_rule"))
    match_by: Mapped[str] = mapped_column(String(20))
    """What makes two contacts the same: `phone`, `email`, `tax_number`, `external_key`."""
    tags: Mapped[Document]
    is_dry_run: Mapped[bool]
    work_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("work.id", ondelete="SET NULL"), index=True)
    undo_work_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("work.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
    undone_at: Mapped[Moment | None]

    file: Mapped[StoredFile] = relationship()
    work: Mapped[Work | None] = relationship(foreign_keys="Import.work_id")
    undo_work: Mapped[Work | None] = relationship(foreign_keys="Import.undo_work_id")


class ImportRow(Model):
    """What became of one row of the file, and what must be known to undo it."""

    __tablename__ = "import_rows"
    __table_args__ = (
        PrimaryKeyConstraint("import_id", "row"),
        Index("ix_import_rows_contact", "contact_id"),
    )

    import_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("imports.id", ondelete="CASCADE"))
    row: Mapped[int] = mapped_column(Integer)
    """Number of the line or row in the file, as a person counts it."""
    outcome: Mapped[RowOutcome] = mapped_column(choice(RowOutcome, "row_outcome"))
    contact_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("contacts.id", ondelete="SET NULL"))
    contact_version: Mapped[int | None]
    """The contact's version right after the import: another one now means that somebody touched it since."""
    before: Mapped[Document]
    """What an update replaced."""
    reason: Mapped[str | None] = mapped_column(String(200))
    details: Mapped[Document]
