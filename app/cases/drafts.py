"""Drafts: what a user typed on a card and has not saved. One a user and case; only its user ever sees it."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Text, bindparam, delete, literal
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from app.core import clock
from app.core.db import session
from app.core.errors import TooLarge
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Case, CaseDraft

LARGEST = 2 * 2**20
"""Characters of all texts of a draft."""

_DISCARD = delete(CaseDraft.__table__).where(
    CaseDraft.__table__.c.user_id == bindparam("user"), CaseDraft.__table__.c.case_id == bindparam("case")
)

_DISCARD_SAVED = _DISCARD.where(
    CaseDraft.__table__.c.content.op("-")(bindparam("keys", type_=ARRAY(Text))) == literal({}, JSONB)
).returning(CaseDraft.__table__.c.case_id)


def save_draft(case: Case, content: Mapping[str, Any], *, base_version: int, actor: AppUser) -> None:
    """Keep what the actor typed; `content` is what the card sends when it saves, as JSON values."""
    if _length(content) > LARGEST:
        raise TooLarge(_l("This draft is too long to be kept: shorten the longest text."))
    statement = insert(CaseDraft).values(
        user_id=actor.id,
        case_id=case.id,
        base_version=base_version,
        content=_storable(content),
        saved_at=clock.now(),
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "case_id"],
            set_={key: statement.excluded[key] for key in ("base_version", "content", "saved_at")},
        ),
        execution_options={"synchronize_session": False},
    )
    kept = session.identity_map.get((CaseDraft, (actor.id, case.id), None))
    if kept is not None:
        session.expire(kept)


def draft_of(case: Case, *, actor: AppUser) -> CaseDraft | None:
    """The actor's draft on the case."""
    return session.get(CaseDraft, (actor.id, case.id))


def discard_draft(case: Case, *, actor: AppUser) -> None:
    """Forget the actor's draft on the case."""
    kept = session.identity_map.get((CaseDraft, (actor.id, case.id), None))
    if kept is not None:
        session.expunge(kept)
    with session.no_autoflush:
        session.execute(_DISCARD, {"user": actor.id, "case": case.id})


def discard_saved(case: Case, keys: Collection[str], *, actor: AppUser) -> None:
    """Forget the actor's draft if it holds nothing but what was saved now; what else was typed, elsewhere, stays."""
    kept = session.identity_map.get((CaseDraft, (actor.id, case.id), None))
    with session.no_autoflush:
        gone = session.scalar(_DISCARD_SAVED, {"user": actor.id, "case": case.id, "keys": [*keys]})
    if kept is not None and gone is not None:
        session.expunge(kept)


def _storable(value: Any) -> Any:
    """The same without NUL, which JSONB cannot hold."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, Mapping):
        return {str(key).replace("\0", ""): _storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(each) for each in value]
    return value


def _length(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(len(str(key)) + _length(each) for key, each in value.items())
    if isinstance(value, list | tuple):
        return sum(map(_length, value))
    return 8
