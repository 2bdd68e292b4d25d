"""Settings of the whole installation that an admin changes in the browser."""

from typing import Any

from flask_appbuilder import Model
from sqlalchemy import String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.columns import CreatedAt


class Setting(Model):
    """One setting; what it means and its default stand with the subject that reads it."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    updated_at: Mapped[CreatedAt]
