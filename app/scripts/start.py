"""The statuses that a new script begins with, in the language of whoever creates it."""

from dataclasses import dataclass
from typing import Any

from app.core.i18n import lazy_gettext as _l
from app.core.i18n import lazy_pgettext as _lp
from app.models.scripts import DateMode, StatusKind


@dataclass(frozen=True, kw_only=True)
class StartStatus:
    """One row of the start set."""

    name: Any
    kind: StatusKind
    date_mode: DateMode | None = None
    is_initial: bool = False


START = (
    StartStatus(name=_l("Not started"), kind=StatusKind.UNUSED, is_initial=True),
    StartStatus(name=_l("In progress"), kind=StatusKind.IN_PROGRESS),
    StartStatus(name=_l("I will call back"), kind=StatusKind.PRIVATE_CALLBACK, date_mode=DateMode.AGENT),
    StartStatus(name=_l("Anyone calls back"), kind=StatusKind.PUBLIC_CALLBACK, date_mode=DateMode.AGENT),
    StartStatus(name=_lp("status", "Postponed"), kind=StatusKind.POSTPONED, date_mode=DateMode.AGENT),
    StartStatus(name=_lp("status", "Closed"), kind=StatusKind.CLOSED),
    StartStatus(name=_l("Closed with success"), kind=StatusKind.SUCCESS),
)
