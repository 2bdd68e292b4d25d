"""The table of endpoints, filled by the decorator; routes and the OpenAPI document are both made from it."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, TypeVar, get_type_hints

from app.access.permissions import Permission
from app.people.tokens import TokenScope

Function = TypeVar("Function", bound=Callable[..., Any])

PATH_PART = re.compile(r"\{(\w+)\}")

TABLE: list["Endpoint"] = []


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One method of one address."""

    method: str
    path: str
    """As OpenAPI writes it: /cases/{number}. Every part in braces is a whole number."""
    function: Callable[..., Any]
    summary: str
    group: str
    permissions: tuple[Permission, ...]
    scope: TokenScope
    status: int
    public: bool
    """Needs no token: the description of the API."""
    query: Any
    body: Any
    answer: Any
    upload: bool
    keeps_answer: bool
    """False where the answer holds a secret: a repeat with the same idempotency key gets it without the secret."""

    @property
    def name(self) -> str:
        """Name of the operation, unique."""
        return self.function.__name__

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return PATH_PART.sub(r"<int:\1>", self.path)

    @property
    def takes_actor(self) -> bool:
        """Whether the function asks who calls; some rows are the same for everybody who may read them."""
        return "actor" in inspect.signature(self.function).parameters

    @property
    def changes(self) -> bool:
        """Whether it writes."""
        return self.method != "GET"


@dataclass(frozen=True)
class Download:
    """Bytes that go out instead of JSON."""

    stream: IO[bytes]
    headers: Mapping[str, str]


def endpoint(  # noqa: PLR0913  (columns of the table)
    method: str,
    path: str,
    *,
    summary: str,
    permission: Permission | Sequence[Permission] = (),
    scope: TokenScope | None = None,
    status: int = 200,
    public: bool = False,
    upload: bool = False,
    keeps_answer: bool = True,
) -> Callable[[Function], Function]:
    """Make a function an endpoint.

    It takes the caller as `actor` if it asks, the parts of the path by name, and, if it has them, `query` and `body`,
    whose type hints are their shapes. Its return hint is the shape of the answer; None answers nothing.
    """

    def enter(function: Function) -> Function:
        hints = get_type_hints(function, include_extras=True)
        answer = hints["return"]
        entry = Endpoint(
            method=method,
            path=path,
            function=function,
            summary=summary,
            group=path.split("/")[1],
            permissions=(permission,) if isinstance(permission, Permission) else tuple(permission),
            scope=scope or (TokenScope.READ if method == "GET" else TokenScope.WRITE),
            status=204 if answer is type(None) else status,
            public=public,
            query=hints.get("query"),
            body=hints.get("body"),
            answer=None if answer is type(None) else answer,
            upload=upload,
            keeps_answer=keeps_answer,
        )
        _check(entry)
        TABLE.append(entry)
        return function

    return enter


def _check(entry: Endpoint) -> None:
    """A slip in the table fails at start, not at the first request."""
    taken = set(inspect.signature(entry.function).parameters) - {"actor", "query", "body"}
    if taken != set(PATH_PART.findall(entry.path)):
        message = f"{entry.name}: its parameters {sorted(taken)} are not those of {entry.path}"
        raise TypeError(message)
    if any(other.name == entry.name or (other.method, other.path) == (entry.method, entry.path) for other in TABLE):
        message = f"{entry.method} {entry.path} ({entry.name}) stands in the table twice"
        raise TypeError(message)
    if not (entry.permissions or entry.public or entry.group == "me"):
        message = f"{entry.name}: an endpoint names a permission"
        raise TypeError(message)
