"""Users and teams. The user stands on Flask-AppBuilder's table, with our columns beside its own."""

from typing import Any, ClassVar

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User as FabUser
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import metadata
from app.models.columns import CreatedAt, Id, Moment

team_members = Table(
    "team_members",
    metadata,
    Column("team_id", BigInteger, ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class AppUser(FabUser):
    """Somebody who signs in. `active` false = deactivated: kept, because history names them."""

    __tablename__ = "ab_user"
    __table_args__: ClassVar[dict[str, Any]] = {"extend_existing": True}

    language: Mapped[str | None] = mapped_column(String(8))
    time_zone: Mapped[str] = mapped_column(String(64), server_default="Europe/Warsaw", default="Europe/Warsaw")
    phone: Mapped[str | None] = mapped_column(String(32))
    session_epoch: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    """Every session carries it; raising it signs the user out everywhere (reset of a password, deactivation)."""
    locked_until: Mapped[Moment | None]
    """Until then no log-in is tried: the back-off after wrong passwords."""
    is_demo: Mapped[bool] = mapped_column(Boolean, server_default=text("false"), default=False)

    @property
    def full_name(self) -> str:
        """First name and surname, as shown everywhere."""
        return f"{self.first_name} {self.last_name}".strip()


class Team(Model):
    """Users who are assigned to campaigns together."""

    __tablename__ = "teams"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[CreatedAt]
    members: Mapped[list[AppUser]] = relationship(secondary=team_members, backref="teams")

    def __repr__(self) -> str:
        return self.name
