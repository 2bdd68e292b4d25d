"""What travels over the socket, both ways: typed, and refused when anything unknown is in it.

What goes out are ids, versions and names of users, and forms as they are for everybody with the same rights, never
contents of cases: whoever hears of a change asks the pages, which know the rights.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, TypeVar, get_args, get_origin, get_type_hints

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l

P = TypeVar("P", bound="Incoming")
Language = Literal["pl", "en"]
MOST_IDS = 2000
"""Numbers in one list."""
LONGEST = 200
"""Characters of one text."""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What a screen sends."""


@dataclass(frozen=True, kw_only=True)
class WatchList(Incoming):
    """Tell of cases of these campaigns; those that the user may not see are left out."""

    campaigns: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class WatchCase(Incoming):
    """Tell of this case, and tell the others who looks at it that I am here.

    The rest is what the card shows, as the page was made: the answer brings its form when it should be another.
    """

    case: int
    language: Language
    audience: str
    form_version: int
    script_version: int


@dataclass(frozen=True, kw_only=True)
class WatchWork(Incoming):
    """Tell of the progress of long work that I started."""

    work: int


@dataclass(frozen=True, kw_only=True)
class Beat(Incoming):
    """I am still here; the answer says the same."""


def read(kind: type[P], raw: object) -> P:
    """The payload, checked. Raises Invalid for anything missing, unknown or of another type."""
    if raw is None:
        raw = {}
    expected = get_type_hints(kind)
    if not isinstance(raw, Mapping) or set(raw) != set(expected):
        raise Invalid(_l("The message has other parts than it should."))
    return kind(**{name: _checked(expected[name], raw[name]) for name in expected})


def _checked(kind: Any, value: object) -> Any:
    if get_origin(kind) is tuple:
        if not isinstance(value, list) or len(value) > MOST_IDS:
            raise Invalid(_l("The message has other parts than it should."))
        return tuple(_checked(get_args(kind)[0], each) for each in value)
    if kind is str or get_origin(kind) is Literal:
        fits = isinstance(value, str) and (len(value) <= LONGEST if kind is str else value in get_args(kind))
        if not fits:
            raise Invalid(_l("The message has other parts than it should."))
        return value
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise Invalid(_l("The message has other parts than it should."))
    return value


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What the server sends; `event` names it."""

    event: ClassVar[str]

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class CaseHint:
    """A case and its version as of now; None = ask, whatever you have."""

    id: int
    version: int | None


@dataclass(frozen=True, kw_only=True)
class Cases(Outgoing):
    """Cases of a campaign were opened or changed."""

    event: ClassVar[str] = "cases"
    cases: tuple[CaseHint, ...]
    kind: Literal["opened", "changed"]


@dataclass(frozen=True, kw_only=True)
class CaseMoved(Outgoing):
    """A case that the screen shows has another version; None = only its timeline has more."""

    event: ClassVar[str] = "case"
    id: int
    version: int | None
    by: int | None
    """Who did it; None = the system."""
    name: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """A user at a card."""

    user: int
    name: str


@dataclass(frozen=True, kw_only=True)
class People(Outgoing):
    """Who looks at a case now, all of them."""

    event: ClassVar[str] = "people"
    case: int
    people: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class WorkHint(Outgoing):
    """Long work moved on."""

    event: ClassVar[str] = "work"
    id: int


@dataclass(frozen=True, kw_only=True)
class FormNow(Outgoing):
    """What cards of one audience show of a form and of the statuses of its script: all of it, packed once for all."""

    event: ClassVar[str] = "form"
    form: int | None
    form_version: int
    script: int
    script_version: int
    audience: str
    packed: bytes
    """gzip of the JSON of a FormState. Packed for each connection by itself it would cost as many times the work."""
