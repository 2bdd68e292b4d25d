"""Saving a card: what one side touched is merged, what both touched is shown to choose, nothing is overwritten.

A save names the version of the case that the card shows. Fields that others changed since come from the case's
history; a field that both sides changed to different values is a conflict, and then nothing is written. Whoever saves
resends with the version from the conflict and with the values that were chosen.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from app.cases.answers import by_field, history_key, write_answers
from app.cases.changes import add_activity, hold, id_of, note_change, refuse_archived
from app.cases.drafts import discard_saved
from app.cases.events import CaseSaved
from app.cases.merging import Conflicting, MergedAnswers, Wish, answer_wishes, conflicts, merge_answers, status_text
from app.cases.notes import add_note
from app.cases.opening import checked_subject
from app.cases.ownership import apply_owner
from app.cases.sources import source_title
from app.cases.status import StatusOutcome, apply_status
from app.cases.timeline import changed_since
from app.core.announce import announce
from app.core.db import session
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Case, Status
from app.models.activities import ActivityKind
from app.models.cases import Source
from app.scripts.editing import the_status
from app.scripts.kinds import KINDS
from app.scripts.rules import When


class Unchanged(Enum):
    """Stands for a value that the save does not touch, where None means nobody."""

    YES = "unchanged"


UNCHANGED = Unchanged.YES


@dataclass(frozen=True, kw_only=True)
class CaseChanges:
    """What a card or a REST call wants to save: only what its user touched."""

    subject: str | None = None
    source: Source | None = None
    answers: Mapping[str, str | list[str]] = field(default_factory=dict)
    """By field id, as typed."""
    form_version: int | None = None
    """Number of the form version that the card shows; None = the current one."""
    owner_id: int | Unchanged | None = UNCHANGED
    status_id: int | None = None
    date: When | None = None
    """The time of a dated status."""
    note: str = ""
    """Added to the timeline together with the rest."""

    @property
    def touches_case(self) -> bool:
        """Whether more than a note is to be saved."""
        return replace(self, note="", form_version=None) != CaseChanges()

    @property
    def keys(self) -> frozenset[str]:
        """The fields by the keys of drafts and conflicts."""
        has = {
            "subject": self.subject is not None,
            "source": self.source is not None,
            "owner": not isinstance(self.owner_id, Unchanged),
            "status": self.status_id is not None or self.date is not None,
            "when": self.status_id is not None or self.date is not None,
            "note": bool(self.note),
        }
        return frozenset({*(key for key, is_there in has.items() if is_there), *map(history_key, self.answers)})


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What a save did."""

    version: int
    changed: tuple[str, ...]
    """What this save changed: `subject`, `source`, `owner`, `status`, `answer:<field id>`."""
    merged: tuple[str, ...]
    """What others had changed since the card was loaded: the card shows it anew."""
    status: StatusOutcome | None = None


def save_case(case: Case, changes: CaseChanges, *, loaded_version: int, actor: AppUser | None) -> Saved:
    """Save what a card changed, all or nothing, and drop the actor's draft.

    Conflict with `details["conflicts"]` (see `merging.FieldConflict`, as dicts) and `details["version"]`; OutdatedForm;
    Invalid with messages by field; Refused by a rule. The door then keeps what was typed as a draft, in a
    transaction of its own.
    """
    hold(case)
    refuse_archived(case.campaign)
    theirs = changed_since(case, loaded_version)
    if changes.answers and "campaign" in theirs:
        raise Conflict(
            _l("The case was moved to another campaign meanwhile, and has another form now. What you typed is kept."),
            conflicts=[],
            version=case.version,
        )
    status = _chosen_status(case, changes)
    closing = actor is not None and KINDS[(status or case.status).kind].ends
    # A note alone asks nothing of the form.
    answers = (
        merge_answers(case, changes.answers, changes.form_version, theirs, closing=closing, actor=actor)
        if changes.touches_case or not changes.note
        else None
    )
    wishes = [*_case_wishes(changes, status, actor), *(answer_wishes(answers, actor) if answers else ())]
    now = _values_now(case, answers)
    both = conflicts(wishes, theirs, now, answers, actor)
    if both:
        raise Conflicting(both, version=case.version)
    if answers and answers.errors:
        raise Invalid(
            _l("Some answers do not fit. Nothing was saved yet; mend what is marked."), by_field(answers.errors)
        )
    mine = [wish for wish in wishes if wish.is_news(theirs, now)]
    outcome = _write(case, mine, answers, status, changes, actor)
    if changes.note.strip():
        add_note(case, changes.note, actor=actor)
    if actor is not None:
        discard_saved(case, changes.keys, actor=actor)
    changed = tuple(wish.key for wish in mine)
    if changed:
        announce(
            CaseSaved(
                case_id=case.id,
                version=case.version,
                fields=changed,
                former_owner_id=now["owner"],
                actor_id=id_of(actor),
            )
        )
    return Saved(version=case.version, changed=changed, merged=tuple(theirs), status=outcome)


def _chosen_status(case: Case, changes: CaseChanges) -> Status | None:
    """The status to be set; None when it is the one that the case has and no new time was chosen."""
    if changes.status_id is None:
        return None
    status = the_status(case.campaign.script, changes.status_id)
    return None if status.id == case.status_id and changes.date is None else status


def _case_wishes(changes: CaseChanges, status: Status | None, actor: AppUser | None) -> list[Wish]:
    wishes = []
    if changes.subject is not None:
        subject = checked_subject(changes.subject)
        wishes.append(Wish(key="subject", title=_l("Subject"), value=subject, text=subject))
    if changes.source is not None:
        text = str(source_title(changes.source))
        wishes.append(Wish(key="source", title=_l("Source"), value=changes.source.value, text=text))
    if not isinstance(changes.owner_id, Unchanged):
        owner = _user(changes.owner_id)
        text = owner.full_name if owner else ""
        wishes.append(Wish(key="owner", title=_l("Owner"), value=changes.owner_id, text=text))
    if status is not None:
        again = changes.date is not None
        wishes.append(
            Wish(
                key="status",
                title=_l("Status"),
                value=status.id,
                text=status_text(status, changes.date.local if changes.date else None, actor),
                always=again,
                beside="due_at" if again else None,
            )
        )
    return wishes


def _values_now(case: Case, answers: MergedAnswers | None) -> dict[str, Any]:
    """The stored values of every field that may be saved, by key, before this save."""
    return {
        "subject": case.subject,
        "source": case.source.value,
        "owner": case.owner_id,
        "status": case.status_id,
        "due_at": case.due_at,
        **(answers.stored_by_key if answers else {}),
    }


def _write(
    case: Case,
    mine: Collection[Wish],
    answers: MergedAnswers | None,
    status: Status | None,
    changes: CaseChanges,
    actor: AppUser | None,
) -> StatusOutcome | None:
    """The case's own fields and the answers in one entry of the history, then the owner, then the status."""
    keys = {wish.key for wish in mine}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if "subject" in keys:
        before["subject"], after["subject"] = case.subject, checked_subject(changes.subject or "")
        case.subject = after["subject"]
        add_activity(case, ActivityKind.SUBJECT, {"from": before["subject"], "to": after["subject"]}, actor=actor)
    if "source" in keys and changes.source is not None:
        before["source"], after["source"] = case.source.value, changes.source.value
        case.source = changes.source
        add_activity(case, ActivityKind.SOURCE, {"from": before["source"], "to": after["source"]}, actor=actor)
    if answers and (answers.changed or answers.calculated):
        old, new = write_answers(case, answers.stored, answers.document, answers.version)
        before, after = {**before, **old}, {**after, **new}
        # Values stay in the history, where the rights of each reader are asked: the timeline names fields only.
        payload = {"fields": sorted(answers.changed | answers.calculated), "version": case.version + 1}
        add_activity(case, ActivityKind.FORM, payload, actor=actor)
    if after:
        note_change(case, "save", before, after, actor=actor)
    if "owner" in keys and not isinstance(changes.owner_id, Unchanged):
        apply_owner(case, _user(changes.owner_id), actor=actor)
    if "status" not in keys or status is None:
        return None
    return apply_status(case, status, date=changes.date, actor=actor, form_checked=True)


def _user(user_id: int | None) -> AppUser | None:
    if user_id is None:
        return None
    user = session.get(AppUser, user_id)
    if user is None:
        message = _l("There is no such user.")
        raise Invalid(message, {"owner": [message]})
    return user
