"""What the verbs of cases announce: ids and plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.announce import Event


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """A case was made."""

    case_id: int
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class CasesOpened(Event):
    """Many were made at once, all in one campaign."""

    case_ids: tuple[int, ...]
    campaign_id: int


@dataclass(frozen=True, kw_only=True)
class CasesChanged(Event):
    """One bulk step changed many at once."""

    case_ids: tuple[int, ...]
    actor_id: int | None
    former_owners: Mapping[int, int | None]
    former_campaigns: Mapping[int, int]
    """Whose each case was before, and which campaign's, by case."""


@dataclass(frozen=True, kw_only=True)
class StatusChanged(Event):
    """A case stands in another status, or the promise in it has another time."""

    case_id: int
    version: int
    before: int
    after: int
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class CaseSaved(Event):
    """A card or a REST call saved; `fields` as in `saving.py`: `subject`, `answer:<field id>` …"""

    case_id: int
    version: int
    fields: tuple[str, ...]
    former_owner_id: int | None
    """Who owned it before."""
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class OwnerChanged(Event):
    """A case has another owner, or none."""

    case_id: int
    version: int
    former_owner_id: int | None
    owner_id: int | None
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class ActivityAdded(Event):
    """A note or a file was added to a case's timeline, or a note was edited."""

    case_id: int
    activity_id: int
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class NoteAdded(ActivityAdded):
    """A note was written."""


@dataclass(frozen=True, kw_only=True)
class NoteEdited(ActivityAdded):
    """A note has another text."""


@dataclass(frozen=True, kw_only=True)
class FileAttached(ActivityAdded):
    """A file was attached."""

    file_id: int


@dataclass(frozen=True, kw_only=True)
class CaseLinked(ActivityAdded):
    """A case was linked to another one."""


@dataclass(frozen=True, kw_only=True)
class CaseTold(ActivityAdded):
    """A webhook is told of the case."""


@dataclass(frozen=True, kw_only=True)
class CaseMoved(Event):
    """A case belongs to another campaign or contact."""

    case_id: int
    version: int
    campaign_id: int
    contact_id: int
    former_owner_id: int | None
    former_campaign_id: int
    """Whose it was before, and which campaign's."""
    actor_id: int | None
