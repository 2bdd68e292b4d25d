"""YAML of unknown origin as plain values, within limits that hold before anything is built.

Of YAML this takes what a person writes by hand: mappings, lists, texts, whole numbers, true, false and null. Aliases,
which a few lines can blow up to gigabytes, tags, which name classes, and several documents in one are refused; so is
a key that stands twice. A decimal number is read as a text, so that no digit is lost; `yes` and `no` are texts, too.
"""

import re
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from app.core.errors import Invalid, TooLarge
from app.core.i18n import lazy_gettext as _l

SIZE = 2**20
"""Bytes of one file."""
NODES = 100_000
DEPTH = 60

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Only its parser is used, which makes events and no objects; the one in C is there wherever a wheel is installed."""
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_FLOAT = "tag:yaml.org,2002:float"
_UNFIT = re.compile("[\0\ud800-\udfff]")
_NO_KEY = object()


def read_yaml(raw: bytes) -> Any:
    """The value of a YAML file. TooLarge above a limit, Invalid with the line for what does not fit."""
    if len(raw) > SIZE:
        raise TooLarge(_l("The file is larger than %(limit)s MB.", limit=SIZE // 2**20))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_l("The file is not text in UTF-8.")) from error
    tree = _Tree()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            tree.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, why = (mark.line + 1 if mark else 1), getattr(error, "problem", None) or ""
        raise Invalid(_l("Line %(line)s: this is not YAML (%(why)s).", line=line, why=why)) from error
    return tree.root


class _Tree:
    """Builds the value event by event, and stops at the first that goes too far."""

    def __init__(self) -> None:
        self.root: Any = None
        self._open: list[Any] = []
        self._keys: list[Any] = []
        """For each open mapping the key that waits for its value; nothing of use for a list."""
        self._nodes = 0
        self._documents = 0

    def take(self, event: Event) -> None:
        """One event of the parser."""
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _fault(event, _l("anchors and aliases are not allowed here"))
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _fault(event, _l("one file holds one document"))
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._begin(event)
        elif isinstance(event, ScalarEvent):
            self._count()
            self._put(event, _scalar(event))

    def _begin(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        self._count()
        if event.tag is not None:
            raise _fault(event, _l("tags are not allowed here"))
        if len(self._open) >= DEPTH:
            raise TooLarge(_l("The file is nested more than %(limit)s levels deep.", limit=DEPTH))
        inner: Any = {} if isinstance(event, MappingStartEvent) else []
        self._put(event, inner)
        self._open.append(inner)
        self._keys.append(_NO_KEY)

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > NODES:
            raise TooLarge(_l("The file has more than %(limit)s parts.", limit=NODES))

    def _put(self, event: Event, value: Any) -> None:
        if not self._open:
            self.root = value
            return
        outer = self._open[-1]
        if isinstance(outer, list):
            outer.append(value)
        elif self._keys[-1] is not _NO_KEY:
            outer[self._keys[-1]] = value
            self._keys[-1] = _NO_KEY
        else:
            self._keys[-1] = _key(event, outer)


def _key(event: Event, outer: dict[str, Any]) -> str:
    """A key of a mapping is always a text: `on` and `2` are names like any other."""
    if not isinstance(event, ScalarEvent):
        raise _fault(event, _l("a key is a text"))
    if event.value in outer:
        raise _fault(event, _l("the key “%(key)s” stands twice", key=event.value[:80]))
    return event.value


def _scalar(event: ScalarEvent) -> Any:
    if _UNFIT.search(event.value):
        raise _fault(event, _l("the text contains a character that cannot be stored"))
    if event.tag == _FLOAT:
        try:
            return float(event.value)
        except ValueError:
            raise _fault(event, _l("this is not a number")) from None
    if event.tag is not None and not event.implicit[1]:
        raise _fault(event, _l("tags are not allowed here"))
    is_plain = event.implicit[0] and event.style in {None, ""}
    if is_plain and event.value in _WORDS:
        return _WORDS[event.value]
    return int(event.value) if is_plain and _WHOLE.fullmatch(event.value) else event.value


def _fault(event: Event, what: Any) -> Invalid:
    line = event.start_mark.line + 1 if event.start_mark else 1
    return Invalid(_l("Line %(line)s: %(what)s.", line=line, what=what))
