"""Form answers: one document a case, read with the card, and typed rows beside it for filters and reports."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Numeric, PrimaryKeyConstraint, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.columns import Document


class CaseAnswers(Model):
    """The current answers of a case, keyed by field id, as JSON values of the field's kind.

    `parked` keeps the answers of forms that the case had before its campaign changed: {form id: {field id: value}},
    and `parked_versions` which version they were given in: {form id: form version id}. `former` keeps the answers that
    a field had while it was of another kind: {field id: [{"version": form version id, "value": …}]}, oldest first.
    """

    __tablename__ = "case_answers"

    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    form_version_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("form_versions.id", ondelete="RESTRICT"), index=True
    )
    """The version that the last save was checked against: it says of which kind each answer is."""
    document: Mapped[Document]
    parked: Mapped[Document]
    parked_versions: Mapped[Document]
    former: Mapped[Document]


class Answer(Model):
    """One answer of one case in a typed column; a multiple choice has one row for each choice."""

    __tablename__ = "answers"
    __table_args__ = (
        PrimaryKeyConstraint("case_id", "field_id", "place"),
        Index("ix_answers_words", "field_id", text("left(words, 120)"), "case_id"),
        Index("ix_answers_number", "field_id", "number", "case_id", postgresql_where=text("number IS NOT NULL")),
        Index("ix_answers_moment", "field_id", "moment", "case_id", postgresql_where=text("moment IS NOT NULL")),
    )

    case_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("cases.id", ondelete="CASCADE"))
    field_id: Mapped[UUID]
    place: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"), default=0)
    words: Mapped[str | None] = mapped_column(Text)
    """Text folded for search; the id of a choice; `true` or `false`."""
    number: Mapped[Decimal | None] = mapped_column(Numeric(24, 6))
    moment: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
