"""How settings of forms, their values and their differences read: what the forms themselves do not know."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.core.db import session
from app.formbuilder.comparing import Change, Difference, Words, marked
from app.formbuilder.definition import Field
from app.formbuilder.registry import field_type
from app.models import Answer, AppUser, Campaign, Status
from app.views.builder_kinds import setting_title, value_title
from app.views.shell import language, role_title

COUNTED = 10_000
"""Answers are counted up to that many."""
_NAMED = {"status_id": Status, "campaign_id": Campaign}
LOOKS = {
    Change.ADDED: "add", Change.SHOWN: "add", Change.REMOVED: "rem", Change.HIDDEN: "rem", Change.RENAMED: "chg",
    Change.MOVED: "chg", Change.CHANGED: "chg",
}  # fmt: skip
"""Class of a row by what became of it."""


@dataclass(frozen=True)
class Row:
    """A difference as the page shows it: both texts in pieces that are marked or not."""

    difference: Difference
    look: str
    before: list[tuple[str, bool]]
    after: list[tuple[str, bool]]
    answers: int | None
    """Stored answers of a field that was hidden; None where that does not matter."""


def words() -> Words:
    """For `compare`, in the language of the page."""
    return Words(setting=setting_title, value=_value, role=role_title, language=language())


def rows_of(differences: Sequence[Difference]) -> list[Row]:
    """The differences for `forms/differences.html`."""
    return [_row(each) for each in differences]


def kind_text(field: Field) -> str:
    """The kind of a field, with the settings that give its answers their meaning: Money, Currency EUR."""
    kind = field_type(field)
    fixed = [f"{setting_title(name)} {_fixed(getattr(field.config, name))}" for name in sorted(kind.fixed_settings)]
    return ", ".join([str(kind.title), *fixed])


def names_of(user_ids: Sequence[int | None]) -> dict[int, str]:
    """Names of people by id."""
    ids = {each for each in user_ids if each is not None}
    return {user.id: user.full_name for user in session.scalars(select(AppUser).where(AppUser.id.in_(ids)))}


def counted_answers(field_id: str) -> int:
    """Cases with a stored answer of the field; COUNTED + 1 stands for more."""
    found = select(Answer.case_id).where(Answer.field_id == field_id, Answer.place == 0).limit(COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _fixed(value: Any) -> str:
    return value_title(value) if isinstance(value, str) else str(value or "")


def _row(difference: Difference) -> Row:
    before, after = marked(difference.before, difference.after)
    is_field = difference.path[0] == "fields" and difference.change is Change.HIDDEN and len(difference.path) == 3  # noqa: PLR2004
    answers = counted_answers(difference.path[1]) if is_field else None
    return Row(difference, LOOKS[difference.change], before, after, answers)


def _value(name: str, value: Any) -> str | None:
    if name in _NAMED:
        row = session.get(_NAMED[name], value)
        return row.name if row else None
    return value_title(value) if isinstance(value, str) else None
