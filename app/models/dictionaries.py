"""Dictionaries: lists that many forms share. Entries are hidden, never deleted: answers keep their meaning."""

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Boolean, Computed, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.columns import CreatedAt, Id, UserId, Version


class Dictionary(Model):
    """A shared list, managed by administrators."""

    __tablename__ = "dictionaries"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(160))
    description: Mapped[str] = mapped_column(Text, server_default="", default="")
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
    version: Mapped[Version]

    def __repr__(self) -> str:
        return self.name


class DictionaryEntry(Model):
    """One entry. Answers hold its id; its code never changes and is what imports know it by."""

    __tablename__ = "dictionary_entries"
    __table_args__ = (
        UniqueConstraint("dictionary_id", "code"),
        Index("ix_dictionary_entries_place", "dictionary_id", "position", "id"),
        Index(
            "ix_dictionary_entries_folded_trgm",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Id]
    dictionary_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dictionaries.id", ondelete="RESTRICT"))
    code: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(300))
    hidden: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)
    position: Mapped[int] = mapped_column(Integer)
    folded: Mapped[str] = mapped_column(Text, Computed("splot_fold((code || ' ') || title)", persisted=True))
    """Code and title as a search compares them."""
