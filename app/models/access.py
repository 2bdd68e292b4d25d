"""Ways in besides the password: personal tokens for the REST API, its idempotency keys, and invitations by link."""

from typing import Any

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, SmallInteger, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.columns import CreatedAt, Id, Moment, UserId
from app.models.people import AppUser


class ApiToken(Model):
    """A personal token. Only its SHA-256 is kept: what was shown once cannot be shown again."""

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    user: Mapped[AppUser] = relationship()
    name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Moment]
    last_used_at: Mapped[Moment | None]


class IdempotencyKey(Model):
    """A key that a program sent with a request, and what it was answered: the same request again is not done again."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (PrimaryKeyConstraint("user_id", "key"),)

    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Digest of method, address and body."""
    status: Mapped[int | None] = mapped_column(SmallInteger)
    answer: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    created_at: Mapped[CreatedAt]


class UserSession(Model):
    """A browser that is signed in. The cookie holds a key, of which only the SHA-256 is here."""

    __tablename__ = "user_sessions"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    user: Mapped[AppUser] = relationship()
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    epoch: Mapped[int]
    """`session_epoch` of the user when it began; another one now means that it is over."""
    created_at: Mapped[CreatedAt]
    seen_at: Mapped[CreatedAt]
    ended_at: Mapped[Moment | None]
    address: Mapped[str] = mapped_column(String(64), server_default="", default="")
    browser: Mapped[str] = mapped_column(String(200), server_default="", default="")


class Invitation(Model):
    """A link with which an invited user, or one whose password is reset, sets a password once."""

    __tablename__ = "invitations"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    user: Mapped[AppUser] = relationship(foreign_keys="Invitation.user_id")
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[UserId | None]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
