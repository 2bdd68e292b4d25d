"""Verbs on forms: create, draft, publish. A published version never changes; answers always find their meaning."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from app.core import clock
from app.core.announce import Event, announce
from app.core.db import session
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import WithChoices
from app.formbuilder.conversion import changed_meanings
from app.formbuilder.definition import Field, FormDefinition, empty_definition, field_json, from_json, to_json
from app.formbuilder.editing import restored
from app.formbuilder.logic import logic_faults
from app.formbuilder.merge import Merged, Side, merge
from app.formbuilder.registry import REGISTRY, answer_type, field_type
from app.history.record import changes, record_change
from app.models import AppUser, Form, FormDraft, FormVersion
from app.work.rows import start_work

GRACE = timedelta(seconds=60)
"""That long a superseded version is accepted after its end: a save may be on its way while somebody publishes."""
CONVERT = "convert_answers"
"""Kind of the long work that follows a change of kind (`converting.py`)."""
NAME = 160
COMMENT = 2000
_MEANING_LOCK = 0x464F524D << 32
"""Apart from the other advisory locks of the product."""


class Outdated(Conflict):
    """Another version was published since the edit began: both edits have to be merged (`merge.py`)."""


class Unconfirmed(Refused):
    """Fields change their kind, and nobody said that this is meant; `details["fields"]` are their ids."""


@dataclass(frozen=True, kw_only=True)
class FormPublished(Event):
    """A form has a new current version."""

    form_id: int
    version: int


def create_form(name: str, *, actor: AppUser | None) -> Form:
    """A form without a version; its first draft is an empty page."""
    form = Form(name=_name(name), published=0, created_at=clock.now(), created_by_id=actor.id if actor else None)
    session.add(form)
    session.flush()
    record_change("form", form.id, "create", actor=actor, after={"name": form.name})
    return form


def rename_form(form: Form, name: str, *, actor: AppUser | None) -> Form:
    """Give the form another name."""
    before, form.name = form.name, _name(name)
    if form.name != before:
        record_change("form", form.id, "rename", actor=actor, before={"name": before}, after={"name": form.name})
    return form


def publish(
    form: Form,
    definition: FormDefinition,
    *,
    base: int,
    comment: str = "",
    converts: Collection[str] = (),
    actor: AppUser | None,
) -> FormVersion:
    """Make the definition, however it was made, the current version.

    `base` is the version number that the edit began on; Outdated when another one was published meanwhile. Invalid
    lists what is unfinished, by field id. Refused when something is gone that was published. Unconfirmed when a field
    that is not in `converts` gets another kind; stored answers of those in it are converted (`conversion.py`).
    """
    checked = from_json(to_json(definition))
    session.refresh(form, with_for_update=True)
    return _publish(form, checked, base=base, comment=comment, converts=converts, actor=actor)


def _publish(
    form: Form,
    definition: FormDefinition,
    *,
    base: int,
    comment: str,
    converts: Collection[str],
    actor: AppUser | None,
) -> FormVersion:
    """The same with what `from_json` has read, for a form that is locked."""
    if base != form.published:
        raise Outdated(
            _l("Somebody published version %(number)s meanwhile. Nothing was overwritten.", number=form.published),
            base=base,
            current=form.published,
        )
    if len(comment) > COMMENT:
        raise Invalid(_l("A comment has at most %(limit)s characters.", limit=COMMENT))
    former = current_version(form.id)
    earlier = definition_of(former) if former else empty_definition()
    if faults := unfinished(definition, earlier.by_id):
        raise Invalid(_l("The form is not finished: mend what is marked, or hide it."), faults)
    _check_kept(definition, earlier)
    changed = {new.id for _old, new in changed_meanings(earlier, definition)}
    if changed - set(converts):
        raise Unconfirmed(
            _l("Fields of this form get another kind. Look first at what becomes of their answers."),
            fields=sorted(changed),
        )
    version = _add_version(form, definition, former, comment=comment.strip(), actor=actor)
    if changed and former is not None:
        # Whoever has stored answers of the former kind ends first; a later one knows the new kind (`hold_meaning`).
        session.execute(select(func.pg_advisory_xact_lock(meaning_lock(form.id))))
        version.meaning = former.meaning + 1
        start_work(CONVERT, {"form_id": form.id}, queue="bulk", actor=actor)
    elif former is not None:
        version.meaning = former.meaning
    return version


def publish_draft(
    form: Form,
    *,
    base: int,
    seen: datetime | None,
    comment: str = "",
    converts: Collection[str] = (),
    actor: AppUser,
) -> FormVersion:
    """Make the actor's draft the current version, as `publish` does. `seen` is its `at` that the editor loaded."""
    draft = _hold_draft(form, seen, actor)
    definition = draft_definition(form, actor=actor)
    version = _publish(form, definition, base=base, comment=comment, converts=converts, actor=actor)
    if draft is not None:
        _forget(draft)
    return version


def save_draft(
    form: Form, definition: FormDefinition, *, base: int, seen: datetime | None, actor: AppUser
) -> FormDraft:
    """Keep an unpublished edit of the actor.

    `seen` is the `at` that the editor loaded (None = there was no draft); Conflict when it changed since, on another
    screen of the same person. `base` is the version that the edit began on, 0 = none; NotFound for one that never was.
    """
    draft = _hold_draft(form, seen, actor)
    if not 0 <= base <= form.published:
        raise NotFound(_l("This form has no version %(number)s.", number=base))
    if draft is None:
        draft = FormDraft(form_id=form.id, user_id=actor.id)
        session.add(draft)
    draft.definition, draft.base, draft.at = to_json(definition), base, clock.now()
    session.flush()
    return draft


def discard_draft(form: Form, *, seen: datetime | None, actor: AppUser) -> None:
    """Forget the actor's unpublished edit; Conflict when it is not the one of `seen`."""
    draft = _hold_draft(form, seen, actor)
    if draft is not None:
        record_change("form", form.id, "discard_draft", actor=actor, before={"draft_base": draft.base})
        _forget(draft)


def restore_version(form: Form, number: int, *, seen: datetime | None, actor: AppUser) -> FormDraft:
    """Make an earlier version the actor's draft, in place of the one of `seen`; nothing that came since is lost."""
    old = definition_of(version_of(form.id, number))
    now = current_version(form.id)
    definition = restored(old, definition_of(now)) if now else old
    draft = save_draft(form, definition, base=form.published, seen=seen, actor=actor)
    record_change("form", form.id, "restore", actor=actor, after={"number": number})
    return draft


def merge_draft(form: Form, *, actor: AppUser, decisions: Mapping[str, Side] | None = None) -> Merged:
    """The actor's draft and what was published since it was begun, in one definition (`merge.py`)."""
    base, theirs, mine = sides_of(form, actor)
    return merge(base, theirs, mine, decisions)


def sides_of(form: Form, actor: AppUser) -> tuple[FormDefinition, FormDefinition, FormDefinition]:
    """The version that the actor's draft was begun on, the current one, and the draft."""
    draft = draft_of(form, actor)
    current = draft_definition(form)
    number = draft.base if draft else form.published
    base = definition_of(version_of(form.id, number)) if number else empty_definition()
    return base, current, draft_definition(form, actor=actor)


def take_over(
    form: Form, *, decisions: Mapping[str, Side], current: int, seen: datetime | None, actor: AppUser
) -> FormDraft:
    """Make the merged definition the actor's draft, on the current version.

    `current` is the version that the decisions were made on, `seen` the draft: Conflict when either is another one.
    Invalid names the clashes that are not decided.
    """
    _hold_draft(form, seen, actor)
    if current != form.published:
        raise Outdated(
            _l("Version %(number)s was published meanwhile. Look at both once more.", number=form.published),
            current=form.published,
        )
    merged = merge_draft(form, actor=actor, decisions=decisions)
    if merged.undecided:
        open_ones = {clash.key: [_l("Choose which of the two stays.")] for clash in merged.undecided}
        raise Invalid(_l("Decide what both of you changed."), open_ones)
    return save_draft(form, merged.definition, base=current, seen=seen, actor=actor)


def draft_of(form: Form, actor: AppUser) -> FormDraft | None:
    """What the actor edits and has not published."""
    return session.get(FormDraft, (form.id, actor.id))


def draft_definition(form: Form, *, actor: AppUser | None = None) -> FormDefinition:
    """What an editor begins with: the actor's draft, else the current version, else an empty page."""
    draft = draft_of(form, actor) if actor else None
    if draft is not None:
        return from_json(draft.definition)
    version = current_version(form.id)
    return definition_of(version) if version else empty_definition()


def current_version(form_id: int) -> FormVersion | None:
    """The current version, or None when the form was never published."""
    return session.scalar(
        select(FormVersion)
        .where(FormVersion.form_id == form_id, FormVersion.superseded_at.is_(None))
        .order_by(FormVersion.number.desc())
        .limit(1)
    )


def meaning_lock(form_id: int) -> int:
    """Number of the lock on what the answers of a form mean: shared by whoever stores some, until they commit."""
    return _MEANING_LOCK | form_id


def version_of(form_id: int, number: int) -> FormVersion:
    """That version of the form; NotFound."""
    version = session.scalar(select(FormVersion).where(FormVersion.form_id == form_id, FormVersion.number == number))
    if version is None:
        raise NotFound(_l("This form has no version %(number)s.", number=number))
    return version


def definition_of(version: FormVersion) -> FormDefinition:
    """The definition of a version: a version never changes, so a process reads it once."""
    return definition_by_id(version.id)


def definition_by_id(version_id: int) -> FormDefinition:
    """The same, where no more than the id of the version is known."""
    return _read_once(session.get_bind(), version_id)


@lru_cache(maxsize=256)
def _read_once(_database: Engine | Connection, version_id: int) -> FormDefinition:
    """By the database, too: a process may know two, as one that copies or tests does."""
    return from_json(session.scalars(select(FormVersion.definition).where(FormVersion.id == version_id)).one())


def unfinished(definition: FormDefinition, published: Collection[str]) -> dict[str, list[Any]]:
    """Why the definition cannot be published: messages by id of the field or page; what is hidden may stay unfinished.

    `published`: ids of the fields of the current version, which may be of a kind that is not known here.
    """
    faults = {field.id: list(field_type(field).faults()) for field in definition.fields if not field.hidden}
    for key, messages in logic_faults(definition).items():
        faults[key] = [*faults.get(key, ()), *messages]
    for field in definition.fields:
        if field.kind not in REGISTRY.kinds() and field.id not in published:
            faults[field.id] = [_l("There is no such kind of field.")]
    return {key: messages for key, messages in faults.items() if messages}


def is_accepted(version: FormVersion, now: datetime) -> bool:
    """May a card that shows this version still save at `now`?"""
    return version.superseded_at is None or now - version.superseded_at <= GRACE


def _name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > NAME or "\0" in name:
        raise Invalid(
            _l("A form has a name of at most %(limit)s characters.", limit=NAME),
            {"name": [_l("Give the form a name.")]},
        )
    return name


def _check_kept(definition: FormDefinition, earlier: FormDefinition) -> None:
    """No id of the former version is gone or means something else; so those of all earlier versions are kept, too."""
    for field in earlier.fields:
        kept = definition.by_id.get(field.id)
        if kept is None:
            raise Refused(_l("The field “%(title)s” was published: hide it instead of removing it.", title=field.title))
        if kept.kind != field.kind and (answer_type(field) is None or answer_type(kept) is None):
            raise Refused(_l("The kind of the field “%(title)s” was published and stays.", title=field.title))
        _check_choices_kept(kept, field)


def _check_choices_kept(kept: Field, field: Field) -> None:
    if isinstance(field.config, WithChoices) and isinstance(kept.config, WithChoices):
        ids = {choice.id for choice in kept.config.choices}
        for choice in field.config.choices:
            if choice.id not in ids:
                raise Refused(
                    _l("The choice “%(title)s” was published: hide it instead of removing it.", title=choice.title)
                )


def _add_version(
    form: Form, definition: FormDefinition, former: FormVersion | None, *, comment: str, actor: AppUser | None
) -> FormVersion:
    now = clock.now()
    if former:
        former.superseded_at = now
    version = FormVersion(
        form_id=form.id,
        number=form.published + 1,
        definition=to_json(definition),
        comment=comment,
        published_at=now,
        published_by_id=actor.id if actor else None,
    )
    session.add(version)
    form.published = version.number
    session.flush()
    before, after = _differences(definition_of(former) if former else empty_definition(), definition)
    record_change(
        "form",
        form.id,
        "publish",
        actor=actor,
        before={"number": version.number - 1, "fields": before},
        after={"number": version.number, "comment": comment, "fields": after},
    )
    announce(FormPublished(form_id=form.id, version=version.number))
    return version


def _hold_draft(form: Form, seen: datetime | None, actor: AppUser) -> FormDraft | None:
    """Lock the form, and give the actor's draft, if it is the one that the editor saw."""
    session.refresh(form, with_for_update=True)
    draft = session.get(FormDraft, (form.id, actor.id), populate_existing=True)
    if (draft.at if draft else None) != seen:
        raise Conflict(_l("You changed this draft on another screen meanwhile. Nothing was overwritten."))
    return draft


def _forget(draft: FormDraft) -> None:
    session.delete(draft)
    session.flush()


def _differences(former: FormDefinition, definition: FormDefinition) -> tuple[dict[str, Any], dict[str, Any]]:
    """Per field id what differs, on both sides."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field in definition.fields:
        old = former.by_id.get(field.id)
        if old != field:
            was, became = changes(field_json(old) if old else {}, field_json(field))
            before[field.id], after[field.id] = was, became
    return before, after
