"""What screens may ask for over the socket: to hear of lists, cases and long work, each by the rights of the user."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.access.permissions import Permission, may
from app.access.visible import assigned_campaigns, cases_of
from app.cases.form_state import Audience, audiences_of
from app.core.db import session
from app.core.errors import NotFound
from app.core.i18n import DEFAULT_LANGUAGE
from app.core.i18n import lazy_gettext as _l
from app.live import presence, rooms
from app.live.payloads import Beat, Incoming, WatchCase, WatchList, WatchWork
from app.models import AppUser, Campaign, Case, Work

MOST_CARDS = 50
"""Cards that one screen may follow at once."""


@dataclass
class Screen:
    """One connection: whose it is, and what it follows."""

    sid: str
    user_id: int
    key: str
    """Of the session of its browser; when that ends, so does the connection."""
    cases: dict[int, Audience] = field(default_factory=dict)
    """Cards that it follows, and whom they show their form to."""
    language: str = DEFAULT_LANGUAGE
    """Of its pages."""


@dataclass(frozen=True)
class Moves:
    """Rooms to enter, cases whose people are others now, and what the screen is to be told alone."""

    enter: tuple[str, ...] = ()
    tell_people: tuple[int, ...] = ()
    shows: tuple[Audience, WatchCase] | None = None
    """Whom a card belongs to, and what it has of its form: it is told what is newer."""


def watch_list(asked: WatchList, screen: Screen, user: AppUser) -> Moves:
    """Hear of the cases of these campaigns, as far as the user works in them."""
    return Moves(enter=tuple(sorted(_rooms_of_list(asked.campaigns, user))))


def watch_case(asked: WatchCase, screen: Screen, user: AppUser) -> Moves:
    """Hear of one case and of its form, and be seen at it."""
    case_id = session.scalar(select(Case.id).where(Case.id == asked.case, cases_of(user)))
    if case_id is None or len(screen.cases) >= MOST_CARDS:
        raise NotFound(_l("There is no such case, or you may not see it."))
    screen.language = asked.language
    audience = screen.cases[case_id] = audiences_of([case_id], user, asked.language)[case_id]
    presence.arrive(case_id, user.id, screen.sid)
    return Moves(
        enter=(rooms.of_case(case_id), rooms.of_form(audience)),
        tell_people=(case_id,),
        shows=(audience, asked),
    )


def watch_work(asked: WatchWork, screen: Screen, user: AppUser) -> Moves:
    """Hear of the progress of one's own long work."""
    work = session.get(Work, asked.work)
    if work is None or (work.created_by_id != user.id and not may(user, Permission.WORK_SEE_ALL)):
        raise NotFound(_l("There is no such work, or it is not yours."))
    return Moves(enter=(rooms.of_work(work.id),))


def beat(asked: Beat, screen: Screen, user: AppUser) -> Moves:
    """Still here."""
    return Moves(tell_people=tuple(case for case in screen.cases if presence.arrive(case, user.id, screen.sid)))


Handler = Callable[[Any, Screen, AppUser], Moves]

EVENTS: dict[str, tuple[type[Incoming], Handler]] = {
    "watch_list": (WatchList, watch_list),
    "watch_case": (WatchCase, watch_case),
    "watch_work": (WatchWork, watch_work),
    "beat": (Beat, beat),
}
"""Every event that a screen may send; anything else is refused."""


def rooms_now(names: Iterable[str], user: AppUser) -> set[str]:
    """The rooms of lists that the user should be in, who is in these."""
    parts = [name.split(":") for name in names]
    campaigns = {int(number) for kind, number, *_rest in parts if kind == "list"}
    return _rooms_of_list(campaigns, user)


def cards_now(screen: Screen, user: AppUser) -> dict[int, Audience]:
    """Which of its cards the user may still have open, and whom they show their form to now."""
    if not screen.cases:
        return {}
    still = session.scalars(select(Case.id).where(Case.id.in_(screen.cases), cases_of(user))).all()
    return audiences_of(still, user, screen.language)


def _rooms_of_list(campaign_ids: Collection[int], user: AppUser) -> set[str]:
    """All cases of a campaign, or the user's own and the unowned ones, as `cases_of` says; nothing of any other."""
    if not may(user, Permission.CASE_READ):
        return set()
    if may(user, Permission.CASE_SEE_ALL):
        whole, own_only = set(session.scalars(select(Campaign.id).where(Campaign.id.in_(campaign_ids)))), set[int]()
    else:
        assigned = assigned_campaigns(user)
        whole, own_only = ({*each}.intersection(campaign_ids) for each in (assigned.whole, assigned.own_only))
    return {
        *(rooms.of_list(each) for each in whole | own_only),
        *(rooms.of_campaign(each) for each in whole),
        *(rooms.of_owner(each, owner_id) for each in own_only for owner_id in (user.id, None)),
    }
