"""Rows of the list, ready to be written: fifty of them come with every page, so that each text is made once.

The template only puts texts into their places: what is the same in every row (icons, names of sources, the way days
are written) is looked up once for the page, and full texts for the hover are made by the browser when it hovers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache

from babel.dates import format_date
from flask import url_for
from flask_babel import get_timezone

from app.cases.listing import CaseRow
from app.cases.listing_columns import ListColumn
from app.cases.sources import SOURCES
from app.core import clock
from app.core.i18n import LOCALES, ngettext
from app.core.i18n import gettext as _
from app.models.scripts import status_look
from app.scripts.kinds import KINDS
from app.views.formats import phone_text
from app.views.shell import asset, language

MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 365 * 86_400
_TONES = "abcde"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its kind (a part of the template) and what it shows."""

    kind: str
    text: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row."""

    id: int
    version: int
    number: int
    classes: str
    is_unread: bool
    icon: str
    source: str
    kind_icon: str
    kind: str
    tone: str
    initials: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Shown:
    """Rows, and what is the same in all of them."""

    rows: tuple[Row, ...]
    icons: str
    """Address of the sprite."""
    cards: str
    """Address of a card without its number."""
    words: dict[str, str]


def shown_rows(cases: Sequence[CaseRow], columns: Sequence[ListColumn]) -> Shown:
    """The cases as the template writes them, in the reader's language and time zone."""
    writer = _Writer()
    keys = [column.key for column in columns]
    return Shown(
        rows=tuple(writer.row(case, keys) for case in cases),
        icons=asset("icons.svg"),
        cards=url_for("CaseView.card", number=0).removesuffix("0"),
        words={"unread": _("unread"), "nobody": _("nobody"), "late": _("Overdue")},
    )


class _Writer:
    """Texts of one page."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.zone: tzinfo = get_timezone()
        self.today = self.now.astimezone(self.zone).date()
        self.language = language()
        self.sources = {source: str(look.title) for source, look in SOURCES.items()}
        self.units = {"min": _("%(minutes)s min", minutes="%s"), "h": _("%(hours)s h", hours="%s"),
                      "d": _("%(days)s d", days="%s"), "now": _("just now"),
                      "late": _("%(span)s late", span="%s"), "in": _("in %(span)s", span="%s")}  # fmt: skip

    def row(self, case: CaseRow, keys: Sequence[str]) -> Row:
        """One case."""
        first, last = case.owner_first_name or "", case.owner_last_name or ""
        return Row(
            id=case.id,
            version=case.version,
            number=case.number,
            classes=" ".join([*(["is-unread"] if case.is_unread else []), *(["is-late"] if case.is_overdue else [])]),
            is_unread=case.is_unread,
            icon=SOURCES[case.source].icon,
            source=self.sources[case.source],
            kind_icon=KINDS[case.kind].icon,
            kind=status_look(case.kind, case.colour),
            tone=_TONES[(case.owner_id or 0) % len(_TONES)],
            initials=(first[:1] + last[:1]).upper(),
            cells=tuple(self._cell(key, case) for key in keys),
        )

    def _cell(self, key: str, case: CaseRow) -> Cell:
        if (write := getattr(self, f"_{key}", None)) is not None and key in _WRITTEN:
            cell: Cell = write(case)
            return cell
        text = case.values.get(key, "")
        return Cell("more", phone_text(text) if key == "phone" and text else text)

    def _number(self, case: CaseRow) -> Cell:
        return Cell("number", str(case.number))

    def _subject(self, case: CaseRow) -> Cell:
        return Cell("subject", case.subject)

    def _contact(self, case: CaseRow) -> Cell:
        return Cell("contact", case.contact_name)

    def _campaign(self, case: CaseRow) -> Cell:
        return Cell("campaign", case.campaign_name)

    def _status(self, case: CaseRow) -> Cell:
        return Cell("status", case.status_name)

    def _owner(self, case: CaseRow) -> Cell:
        name = case.owner_last_name or case.owner_first_name or ""
        return Cell("owner", name)

    def _due(self, case: CaseRow) -> Cell:
        if case.due_at is None:
            return Cell("due")
        left = int((case.due_at - self.now).total_seconds())
        state = "late" if case.is_overdue else "soon" if 0 <= left < HOUR else "ok"
        return Cell("due", self._due_text(case.due_at, left), state)

    def _age(self, case: CaseRow) -> Cell:
        return self._moment("age", case.created_at)

    def _touched(self, case: CaseRow) -> Cell:
        return self._moment("moment", case.touched_at)

    def _status_age(self, case: CaseRow) -> Cell:
        return self._moment("moment", case.status_at)

    def _source(self, case: CaseRow) -> Cell:
        return Cell("more", self.sources[case.source])

    def _moment(self, kind: str, moment: datetime) -> Cell:
        seconds = max(0, int((self.now - moment).total_seconds()))
        text = self._span(seconds) if seconds >= MINUTE else self.units["now"]
        return Cell(kind, text, moment.isoformat(timespec="seconds"))

    def _due_text(self, moment: datetime, left: int) -> str:
        if left < 0:
            return self.units["late"] % self._span(max(-left, MINUTE))
        if left < HOUR:
            return self.units["in"] % self._span(max(left, MINUTE))
        local = moment.astimezone(self.zone)
        time = f"{local:%H:%M}"
        return time if local.date() == self.today else f"{_short_day(local.date(), self.language)} {time}"

    def _span(self, seconds: int) -> str:
        if seconds >= YEAR:
            return ngettext("%(num)s year", "%(num)s years", seconds // YEAR)
        if seconds >= DAY:
            return self.units["d"] % (seconds // DAY)
        if seconds >= HOUR:
            return self.units["h"] % (seconds // HOUR)
        return self.units["min"] % (seconds // MINUTE)


_WRITTEN = frozenset(
    {"number", "subject", "contact", "campaign", "status", "owner", "due", "age", "touched", "status_age", "source"}
)


@lru_cache(maxsize=4096)
def _short_day(day: date, language: str) -> str:
    return format_date(day, "d MMM", locale=LOCALES[language])
