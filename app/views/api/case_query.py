"""The query of a list of cases: the parameters of the desk's list, each described."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Annotated

from app.cases.listing_query import QuickView
from app.models.cases import Source
from app.models.scripts import StatusKind
from app.views.api.cursors import Cursor, Limit
from app.views.api.kinds import Words
from app.views.api.shapes import Identity, Items

Days = Annotated[str, Words(24, pattern=r"(\d{4}-\d\d-\d\d)?(\.\.(\d{4}-\d\d-\d\d)?)?")]
Ids = Annotated[list[Identity], Items(200)]


class Order(StrEnum):
    """What a list is ordered by; with a minus sign the greatest first."""

    CREATED = "created"
    NEWEST = "-created"
    TOUCHED = "touched"
    LAST_TOUCHED = "-touched"
    STATUS_AGE = "status_age"
    LAST_STATUS = "-status_age"
    DUE = "due"
    LAST_DUE = "-due"
    NUMBER = "number"
    LAST_NUMBER = "-number"


@dataclass(frozen=True, kw_only=True)
class CaseList:
    """All filters hold together; several values of one are alternatives. `view` is `all` unless another is named.

    `owner` takes user ids, `me` and `nobody`; `created` and `touched` a day or two days as `2030-01-01..2030-01-31`;
    `answer` takes `<field id>=<operator>:<value>` and `custom` `<key>=<operator>:<value>`, with the operators
    `eq`, `contains`, `range` (a..b), `one_of` (a|b) and `empty`.
    """

    view: QuickView = QuickView.ALL
    campaign: Ids | None = None
    status: Ids | None = None
    kind: Annotated[list[StatusKind], Items(20)] | None = None
    owner: Annotated[list[Annotated[str, Words(19, pattern="me|nobody|[0-9]+")]], Items(200)] | None = None
    source: Annotated[list[Source], Items(10)] | None = None
    created: Days | None = None
    touched: Days | None = None
    overdue: bool = False
    text: Annotated[str, Words(120)] = ""
    pasted: Annotated[list[Annotated[str, Words(40)]], Items(1000)] | None = None
    answer: Annotated[list[Annotated[str, Words(1000, pattern="[0-9a-fA-F-]{36}=.*")]], Items(20)] | None = None
    custom: Annotated[list[Annotated[str, Words(1000, pattern="[a-z][a-z0-9_]{0,39}=.*")]], Items(20)] | None = None
    sort: Order | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


_RENAMED = {"limit": "size"}
_KEYED = ("answer", "custom")


def parameters_of_list(query: CaseList) -> dict[str, list[str]]:
    """The parameters as `app/cases/listing_query.py` reads them."""
    made: dict[str, list[str]] = {}
    for field in fields(query):
        value = getattr(query, field.name)
        if field.name in _KEYED:
            for each in value or ():
                key, _, comparison = each.partition("=")
                made.setdefault(f"{field.name}.{key}", []).append(comparison)
        elif field.name == "overdue":
            made["overdue"] = ["1"] if value else []
        elif value:
            values = value if isinstance(value, list) else [value]
            made[_RENAMED.get(field.name, field.name)] = [str(each) for each in values]
    return made
