"""/cases: lists, cases with their answers, changes that overwrite nothing unseen, statuses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from app.access.permissions import Permission
from app.access.visible import the_campaign, the_case, the_contact
from app.cases.listing import CaseRow as ListedCase
from app.cases.listing import case_page
from app.cases.listing_query import cursor_text, query_from
from app.cases.moving import change_campaign
from app.cases.opening import open_case
from app.cases.saving import UNCHANGED, CaseChanges, save_case
from app.cases.status import change_status
from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser
from app.models.callbacks import CallbackKind
from app.models.cases import Source
from app.models.scripts import StatusKind
from app.scripts.editing import the_status
from app.scripts.rules import When
from app.scripts.statuses import status_choices
from app.views.api.case_answers import by_path, submitted
from app.views.api.case_query import CaseList, parameters_of_list
from app.views.api.case_shown import CaseShown, shown
from app.views.api.cursors import Page
from app.views.api.endpoints import endpoint
from app.views.api.kinds import Whole, Words
from app.views.api.shapes import Document, Identity, Local
from app.views.api.unset import UNSET, Unset
from app.views.api.versions import seen_version

Subject = Annotated[str, Words(300, least=1)]
Version = Annotated[int, Whole(1, 2**31 - 1)]
UserId = Annotated[int, Whole(1, 2**31 - 1)]


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case in a list."""

    id: int
    number: int
    subject: str
    source: Source
    contact_id: int
    contact_name: str
    campaign_id: int
    campaign_name: str
    status_id: int
    status_name: str
    status_kind: StatusKind
    owner_id: int | None
    created_at: datetime
    touched_at: datetime
    status_at: datetime
    due_at: datetime | None
    is_overdue: bool
    is_unread: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class AgreedTime:
    """A local time as agreed with a person. `fold` 1 means the second of two equal ones when the clocks go back."""

    local: Local
    zone: Annotated[str, Words(64, least=1)] | None = None
    fold: Annotated[int, Whole(0, 1)] = 0


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """A case of a contact in a campaign. Without a status it begins in the script's initial one."""

    contact_id: Identity
    campaign_id: Identity
    source: Source = Source.OUTBOUND_CAMPAIGN
    subject: Subject | None = None
    owner_id: UserId | None = None
    status_id: Identity | None = None
    when: AgreedTime | None = None
    answers: Document | None = None


@dataclass(frozen=True, kw_only=True)
class CaseEdit:
    """What is not sent stays as it is; of `answers` only the fields that are sent, null empties one."""

    version: Version | Unset = UNSET
    subject: Subject | Unset = UNSET
    source: Source | Unset = UNSET
    owner_id: UserId | Unset | None = UNSET
    answers: Document | Unset = UNSET
    form_version: Version | None = None


@dataclass(frozen=True, kw_only=True)
class NewStatusOfCase:
    """A status of the campaign's script. `when` is the time of a dated one. With `version`, refused when stale."""

    status_id: Identity
    when: AgreedTime | None = None
    version: Version | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class NewCampaignOfCase:
    """A campaign that the case moves to."""

    campaign_id: Identity


@dataclass(frozen=True, kw_only=True)
class StatusChoice:
    """A status that may be chosen."""

    id: int
    name: str
    kind: StatusKind
    parent_id: int | None
    takes_date: bool
    promises: CallbackKind | None


@dataclass(frozen=True, kw_only=True)
class StatusChoices:
    """What the case may be put into."""

    items: list[StatusChoice]


@endpoint("GET", "/cases", permission=Permission.CASE_READ, summary="Cases that the user may see.")
def list_cases(query: CaseList, *, actor: AppUser) -> Page[CaseRow]:
    """The list of the desk: the same views, filters and orders."""
    found = case_page(query_from(parameters_of_list(query)), user=actor, columns=())
    following = cursor_text(found.next) if found.next else None
    return Page([_row(row) for row in found.rows], following)


@endpoint("GET", "/cases/{number}", permission=Permission.CASE_READ, summary="A case with its answers.")
def show_case(number: int, *, actor: AppUser) -> CaseShown:
    """Reading changes nothing: no owner, no read mark. Answers that the user may not see are absent."""
    return shown(the_case(number, actor=actor), actor)


@endpoint(
    "POST", "/cases", permission=(Permission.CASE_READ, Permission.CASE_CREATE), status=201, summary="Open a case."
)
def create_case(body: NewCase, *, actor: AppUser) -> CaseShown:
    """An owner other than oneself needs the right to assign."""
    contact = the_contact(body.contact_id, actor=actor)
    campaign = the_campaign(body.campaign_id, actor=actor)
    status = the_status(campaign.script, body.status_id) if body.status_id is not None else None
    case = open_case(
        contact,
        campaign,
        source=body.source,
        owner=_owner(body.owner_id),
        status=status,
        subject=body.subject,
        date=_when(body.when, actor),
        actor=actor,
    )
    if body.answers:
        changes = CaseChanges(answers=submitted(case, body.answers, actor))
        with by_path():
            save_case(case, changes, loaded_version=case.version, actor=actor)
    return shown(case, actor)


@endpoint("PATCH", "/cases/{number}", permission=(Permission.CASE_READ, Permission.CASE_EDIT), summary="Change a case.")
def change_case(number: int, body: CaseEdit, *, actor: AppUser) -> CaseShown:
    """What others changed since `version` is kept; a field that both changed is a conflict, with both sides."""
    version = seen_version(body.version)
    case = the_case(number, actor=actor)
    changes = CaseChanges(
        subject=None if isinstance(body.subject, Unset) else body.subject,
        source=None if isinstance(body.source, Unset) else body.source,
        owner_id=UNCHANGED if isinstance(body.owner_id, Unset) else body.owner_id,
        answers={} if isinstance(body.answers, Unset) else submitted(case, body.answers, actor),
        form_version=body.form_version,
    )
    with by_path():
        save_case(case, changes, loaded_version=version, actor=actor)
    return shown(case, actor)


@endpoint(
    "POST",
    "/cases/{number}/status",
    permission=(Permission.CASE_READ, Permission.CASE_EDIT),
    summary="Put a case into a status.",
)
def set_status(number: int, body: NewStatusOfCase, *, actor: AppUser) -> CaseShown:
    """Asks the rules of the script, as the card does. A dated status makes the promise."""
    case = the_case(number, actor=actor)
    date = _when(body.when, actor)
    with by_path():
        if isinstance(body.version, Unset):
            change_status(case, the_status(case.campaign.script, body.status_id), date=date, actor=actor)
        else:
            changes = CaseChanges(status_id=body.status_id, date=date)
            save_case(case, changes, loaded_version=body.version, actor=actor)
    return shown(case, actor)


@endpoint(
    "GET", "/cases/{number}/statuses", permission=Permission.CASE_READ, summary="Statuses that a case may be put into."
)
def list_statuses_of_case(number: int, *, actor: AppUser) -> StatusChoices:
    """In the order of the script."""
    choices = status_choices(the_case(number, actor=actor).campaign.script)
    return StatusChoices(
        items=[
            StatusChoice(
                id=choice.id,
                name=choice.name,
                kind=choice.kind.code,
                parent_id=choice.parent_id,
                takes_date=choice.takes_date,
                promises=choice.kind.callback,
            )
            for choice in choices
        ]
    )


@endpoint(
    "POST",
    "/cases/{number}/campaign",
    permission=(Permission.CASE_READ, Permission.CASE_MOVE),
    summary="Move a case to another campaign.",
)
def move_case(number: int, body: NewCampaignOfCase, *, actor: AppUser) -> CaseShown:
    """Its answers are parked with it and come back when the case does."""
    case = the_case(number, actor=actor)
    change_campaign(case, the_campaign(body.campaign_id, actor=actor), actor=actor)
    return shown(case, actor)


def _row(row: ListedCase) -> CaseRow:
    values: dict[str, Any] = {key: getattr(row, key) for key in CaseRow.__dataclass_fields__ if key != "status_kind"}
    return CaseRow(**values, status_kind=row.kind)


def _when(when: AgreedTime | None, actor: AppUser) -> When | None:
    return When(when.local, when.zone or actor.time_zone, when.fold) if when else None


def _owner(user_id: int | None) -> AppUser | None:
    if user_id is None:
        return None
    user = session.get(AppUser, user_id)
    if user is None:
        message = _l("There is no such user.")
        raise Invalid(_l("Some values do not fit; see the errors by field."), fields={"owner_id": [message]})
    return user
