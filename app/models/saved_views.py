"""Saved views: named filters of a list."""

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.columns import CreatedAt, Document, Id


class SavedView(Model):
    """A filter with its columns and order; private to its user, or shared with everybody of a role."""

    __tablename__ = "saved_views"
    __table_args__ = (CheckConstraint("list IN ('cases', 'contacts')", name="list"),)

    id: Mapped[Id]
    list: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    role_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_role.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[Document]
    """The list's own query parameters, columns and order among them."""
    created_at: Mapped[CreatedAt]
