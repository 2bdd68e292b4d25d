"""A save beside what others saved meanwhile: which wishes are news, which are conflicts, what the answers become."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.cases.answers import (
    Document,
    Finder,
    document_of,
    field_of,
    form_of,
    history_key,
    language_of,
    profile_of,
)
from app.cases.sources import source_title
from app.cases.timeline import FieldChange
from app.core import clock
from app.core.db import session
from app.core.errors import Conflict, NotFound
from app.core.i18n import DEFAULT_TIME_ZONE
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.definition import FormDefinition
from app.formbuilder.form import Submission, check
from app.formbuilder.moments import write_date, write_time
from app.formbuilder.profile import Profile
from app.formbuilder.registry import answer_type
from app.formbuilder.versions import definition_of, is_accepted, version_of
from app.models import AppUser, Case, FormVersion, Status
from app.models.cases import Source
from app.scripts.kinds import KINDS


@dataclass(frozen=True, kw_only=True)
class FieldConflict:
    """One field that both sides changed, as JSON values and as texts in the reader's language."""

    field: str
    title: str
    mine: Any
    theirs: Any
    mine_text: str
    theirs_text: str
    who: str
    when: str
    """ISO 8601."""


class Conflicting(Conflict):
    """Both sides changed the same fields. `details`: `conflicts` and `version`, with which to save what was chosen."""

    def __init__(self, found: Sequence[FieldConflict], *, version: int) -> None:
        super().__init__(
            _l("Somebody else changed the same fields meanwhile. Nothing was overwritten: choose what stays."),
            conflicts=[asdict(each) for each in found],
            version=version,
        )


class OutdatedForm(Conflict):
    """The card shows a form version that is no longer accepted: bring it up to date, then save again.

    `details`: `form_version` (the number of the current one) and `version` (of the case).
    """

    slug = "outdated-form"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One field that a save would change."""

    key: str
    title: Any
    value: Any
    text: str
    always: bool = False
    """Also when the value is the same: another time of the same status."""
    beside: str | None = None
    """A second field that it would change: the time of a status."""

    def is_news(self, theirs: Mapping[str, FieldChange], now: Mapping[str, Any]) -> bool:
        """Whether to write it: another value than the stored one, and not merely what the card had shown."""
        if self.always:
            return True
        if self.value == now.get(self.key):
            return False
        return self.key not in theirs or theirs[self.key].before != self.value


@dataclass(frozen=True, kw_only=True)
class MergedAnswers:
    """The answers of a save on top of what is stored."""

    version: FormVersion
    """The current one."""
    definition: FormDefinition
    """Of the version that the card shows."""
    stored: Document
    document: Document
    changed: frozenset[str]
    """Ids of the fields that this save changes."""
    calculated: frozenset[str]
    """Ids of those whose formula results in something else now: nobody chooses between two results."""
    errors: Mapping[str, list[str]]

    @property
    def stored_by_key(self) -> Document:
        """The stored answers, keyed as wishes are."""
        return {history_key(field_id): value for field_id, value in self.stored.items()}


def merge_answers(
    case: Case,
    submitted: Submission,
    shown_version: int | None,
    theirs: Mapping[str, FieldChange],
    *,
    closing: bool,
    actor: AppUser | None,
) -> MergedAnswers | None:
    """The submitted answers checked beside what the card showed, and the whole as it would be stored.

    None when the campaign has no form. OutdatedForm when the card shows a version that is no longer accepted.
    """
    current = form_of(case.campaign)
    if current is None:
        return None
    shown = _shown(case, current, shown_version) if submitted else current
    definition = definition_of(shown)
    profile, language, find = profile_of(actor, definition_of(current)), language_of(actor), Finder(case, actor)
    if shown_version is not None and _would_be_ignored(submitted, definition, profile, actor):
        raise _outdated(case, current)
    stored = document_of(case)
    base = _filled({**stored, **_before(theirs)})
    # Beside what the card showed: what is sent back as it was shown is no change, even if others changed it.
    typed = check(definition, submitted, before=base, profile=profile, closing=False, language=language, find=find)
    changed = frozenset(typed.changed & set(submitted))
    document = _filled({**stored, **{field_id: typed.document.get(field_id) for field_id in changed}})
    whole = check(definition, {}, before=document, profile=profile, closing=closing, language=language, find=find)
    own = {
        field_id: messages
        for field_id, messages in typed.errors.items()
        if field_id in submitted and field_id in whole.logic.visible
    }
    return MergedAnswers(
        version=current,
        definition=definition,
        stored=stored,
        document=whole.document,
        changed=frozenset(field_id for field_id in changed if stored.get(field_id) != document.get(field_id)),
        calculated=frozenset(
            field_id for field_id in whole.changed if stored.get(field_id) != whole.document.get(field_id)
        ),
        errors={**whole.errors, **own},
    )


def answer_wishes(answers: MergedAnswers, actor: AppUser | None) -> list[Wish]:
    """One for each answer that the save changes."""
    return [
        Wish(
            key=history_key(field_id),
            title=answers.definition.by_id[field_id].title,
            value=answers.document.get(field_id),
            text=_answer_text(answers.definition, field_id, answers.document.get(field_id), actor),
        )
        for field_id in sorted(answers.changed)
    ]


def conflicts(
    wishes: Iterable[Wish],
    theirs: Mapping[str, FieldChange],
    now: Mapping[str, Any],
    answers: MergedAnswers | None,
    actor: AppUser | None,
) -> list[FieldConflict]:
    """The wishes whose field others changed meanwhile to something else."""
    found = []
    for wish in wishes:
        other = theirs.get(wish.key) or theirs.get(wish.beside or "")
        if other is None or not wish.is_news(theirs, now):
            continue
        found.append(
            FieldConflict(
                field=wish.key,
                title=str(wish.title),
                mine=wish.value,
                theirs=now.get(wish.key),
                mine_text=wish.text,
                theirs_text=_text(wish.key, now, answers, actor),
                who=other.actor_name,
                when=other.at.isoformat(),
            )
        )
    return found


def _shown(case: Case, current: FormVersion, number: int | None) -> FormVersion:
    """The version that the card shows, if a save may still be made from it."""
    if number is None or number == current.number:
        return current
    try:
        shown: FormVersion | None = version_of(current.form_id, number)
    except NotFound:
        shown = None
    if shown is None or shown.meaning != current.meaning or not is_accepted(shown, clock.now()):
        raise _outdated(case, current)
    return shown


def _would_be_ignored(
    submitted: Submission, definition: FormDefinition, profile: Profile, actor: AppUser | None
) -> bool:
    """Whether something was typed that the card took, and that a save would pass over in silence.

    The script has another form since, whose number may be the same; or the field may not be filled in any more.
    """
    keys = set(submitted)
    return not keys <= definition.by_id.keys() or bool(
        keys & (profile_of(actor, definition).editable - profile.editable)
    )


def _outdated(case: Case, current: FormVersion) -> OutdatedForm:
    return OutdatedForm(
        _l("The form was changed meanwhile. It is brought up to date now and what you typed is kept; then save."),
        form_version=current.number,
        version=case.version,
    )


def _before(theirs: Mapping[str, FieldChange]) -> Document:
    """The answers that others changed, as they were."""
    fields = ((field_of(key), change.before) for key, change in theirs.items())
    return {field_id: before for field_id, before in fields if field_id is not None}


def _filled(document: Mapping[str, Any]) -> Document:
    return {field_id: value for field_id, value in document.items() if value is not None}


def status_text(status: Status, local: datetime | None, actor: AppUser | None) -> str:
    """The status with the time of day that was chosen for it, as the actor reads it."""
    if local is None:
        return status.name
    language = language_of(actor)
    return f"{status.name}, {write_date(local.date(), language)} {write_time(local.time(), language)}"


def _text(key: str, now: Mapping[str, Any], answers: MergedAnswers | None, actor: AppUser | None) -> str:
    field_id, value = field_of(key), now.get(key)
    if field_id is not None:
        return _answer_text(answers.definition, field_id, value, actor) if answers else str(value)
    if value is None:
        return ""
    if key == "status":
        status, due_at = session.get_one(Status, value), now.get("due_at")
        zone = ZoneInfo(actor.time_zone if actor else DEFAULT_TIME_ZONE)
        return status_text(status, due_at.astimezone(zone) if due_at and KINDS[status.kind].dated else None, actor)
    if key == "owner":
        return session.get_one(AppUser, value).full_name
    return str(source_title(Source(value))) if key == "source" else str(value)


def _answer_text(definition: FormDefinition, field_id: str, value: Any, actor: AppUser | None) -> str:
    kind = answer_type(definition.by_id[field_id])
    return kind.show(value, language_of(actor)) if kind else str(value)
