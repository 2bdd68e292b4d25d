"""The kinds of statuses and their behaviour: the one table that everything else asks."""

from dataclasses import dataclass
from typing import Any

from app.core.i18n import lazy_gettext as _l
from app.core.i18n import lazy_pgettext as _lp
from app.models.callbacks import CallbackKind
from app.models.scripts import StatusKind


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a status of one kind does."""

    code: StatusKind
    title: Any
    """Name of the kind, for people (lazy)."""
    icon: str
    """Name of the Tabler icon. The colour is that of the class `k-<code>`, see `frontend/css/status.css`."""
    ends: bool = False
    """Ends the handling: the case is closed and its clocks stop."""
    is_current: bool = True
    """Cases in it are among the current ones (not closed, merged or postponed)."""
    is_success: bool = False
    """Counted as a success."""
    revokes_success: bool = False
    """Takes a success back, from the day that it is set."""
    dated: bool = False
    """Has a time: chosen by the agent, relative or absolute, as its status says."""
    needs_owner: bool = False
    allowed_in_bulk: bool = True
    set_by_people: bool = True
    """May be chosen for a case; the others are set by what happens to it."""
    clears_answers: bool = False
    """A bulk change to it clears the answers (as does one to the script's initial status, whatever its kind)."""
    waits: bool = False
    """It is somebody else's turn: no agent is expected to choose anything, so an event must lead on from it."""
    pauses_clocks: bool = False
    """The clocks of the priority stand still: it is not our turn."""
    rounds_to_grid: bool = False
    """Its time is moved to the next point of the script's grid."""
    callback: CallbackKind | None = None
    """The promise that setting it makes."""


_TABLE = (
    Kind(
        code=StatusKind.UNUSED,
        title=_l("Unused"),
        icon="circle-dashed",
        clears_answers=True,
    ),
    Kind(code=StatusKind.PLAIN, title=_l("Plain"), icon="point", allowed_in_bulk=False),
    Kind(code=StatusKind.NEW, title=_lp("kind of status", "New"), icon="message-circle-down"),
    Kind(code=StatusKind.TAKEN, title=_l("Taken"), icon="user-check"),
    Kind(code=StatusKind.IN_PROGRESS, title=_l("In progress"), icon="player-play"),
    Kind(
        code=StatusKind.AWAITING_CUSTOMER,
        title=_l("Awaiting customer"),
        icon="mail-forward",
        waits=True,
        pauses_clocks=True,
    ),
    Kind(code=StatusKind.WAITING, title=_l("Waiting"), icon="hourglass", waits=True),
    Kind(
        code=StatusKind.CONSULTATION,
        title=_l("Consultation"),
        icon="messages",
        waits=True,
        pauses_clocks=True,
    ),
    Kind(
        code=StatusKind.POSTPONED,
        title=_lp("kind of status", "Postponed"),
        icon="zzz",
        is_current=False,
        dated=True,
        waits=True,
        pauses_clocks=True,
        rounds_to_grid=True,
    ),
    Kind(
        code=StatusKind.PRIVATE_CALLBACK,
        title=_l("Private callback"),
        icon="user-pin",
        dated=True,
        needs_owner=True,
        callback=CallbackKind.PRIVATE,
    ),
    Kind(
        code=StatusKind.PUBLIC_CALLBACK,
        title=_l("Public callback"),
        icon="users",
        dated=True,
        callback=CallbackKind.PUBLIC,
    ),
    Kind(
        code=StatusKind.QUEUE_END_CALLBACK,
        title=_l("Callback, end of queue"),
        icon="arrow-bar-to-down",
    ),
    Kind(
        code=StatusKind.SUCCESS_TO_CONFIRM,
        title=_l("Success to confirm"),
        icon="checkup-list",
        dated=True,
        callback=CallbackKind.PUBLIC,
    ),
    Kind(
        code=StatusKind.CLOSED,
        title=_lp("kind of status", "Closed"),
        icon="circle-check",
        ends=True,
        is_current=False,
    ),
    Kind(
        code=StatusKind.SUCCESS,
        title=_l("Success"),
        icon="trophy",
        ends=True,
        is_current=False,
        is_success=True,
    ),
    Kind(
        code=StatusKind.CANCEL_SUCCESS,
        title=_l("Cancel success and close"),
        icon="receipt-refund",
        ends=True,
        is_current=False,
        revokes_success=True,
    ),
    Kind(
        code=StatusKind.MERGED,
        title=_l("Merged"),
        icon="arrow-merge",
        ends=True,
        is_current=False,
        allowed_in_bulk=False,
        set_by_people=False,
    ),
)

KINDS: dict[StatusKind, Kind] = {kind.code: kind for kind in _TABLE}
