"""Column types that every table shares, so that a moment or a choice looks the same everywhere."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, Enum, ForeignKey, Identity, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

Id = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=text("now()"))]
Version = Annotated[int, mapped_column(Integer, server_default=text("1"), default=1)]
"""Counts the saves of a row: what a screen loaded is compared with it before it overwrites anything."""
Document = Annotated[dict[str, Any], mapped_column(JSONB, server_default=text("'{}'::jsonb"), default=dict)]
UserId = Annotated[int, mapped_column(Integer, ForeignKey("ab_user.id", ondelete="SET NULL"))]
"""A user, nullable where used as `Mapped[UserId | None]`: jobs have no user, and a user may go."""


def choice(kind: type[StrEnum], name: str) -> Enum:
    """A text column that takes only the values of `kind`; the check constraint is called `name`."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
