"""A signature: drawn with a pen, a finger or a mouse, or typed as a name; with the moment at which it was given.

It is kept as lines in the document of the case, not as a file: it is saved, merged and undone with the other answers,
drafts hold it, and no bytes are left over from those that were never saved.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from app.core import clock
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.i18n import in_language
from app.core.i18n import lazy_gettext as _l
from app.core.text import fold
from app.formbuilder.config import Config
from app.formbuilder.field_types.base import AnswerType, Operator, TypedValue
from app.formbuilder.moments import write_moment

WIDTH, HEIGHT = 600, 200
"""The pad, in its own units: lines keep their shape on every screen."""
STROKES = 200
NUMBERS = 6000
"""Coordinates of all lines together: a signature has some hundreds."""
NAME = 120


@dataclass(frozen=True)
class Signature:
    """Who signed, when, and the lines: x, y, x, y … each. Lines or name may be missing, not both."""

    name: str
    at: datetime
    strokes: tuple[tuple[int, ...], ...]


class SignatureType(AnswerType[Signature, Config]):
    """A signature, with the moment that the server saw it."""

    kind = "signature"
    title = _l("Signature")
    icon = "signature"
    macro = "signature"
    operators = (Operator.CONTAINS, Operator.EMPTY)
    limit: ClassVar[int] = 40_000

    @property
    def has_placeholder(self) -> bool:
        """Its control says what to do."""
        return False

    @property
    def has_default(self) -> bool:
        """Nobody has signed a new case."""
        return False

    def read(self, text: str, language: str, before: Signature | None) -> Signature:
        """What the pad sends: JSON with `name` and `strokes`. The moment is the server's, and stays with the lines."""
        try:
            sent = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Invalid(_l("Sign by drawing, or by typing the name.")) from error
        if not isinstance(sent, dict):
            raise Invalid(_l("Sign by drawing, or by typing the name."))
        name, strokes = _name(sent.get("name", "")), _strokes(sent.get("strokes", []))
        if not name and not strokes:
            raise Invalid(_l("Sign by drawing, or by typing the name."))
        if before is not None and (name, strokes) == (before.name, before.strokes):
            return before
        return Signature(name=name, at=clock.now().astimezone(UTC).replace(microsecond=0), strokes=strokes)

    def to_document(self, value: Signature) -> dict[str, Any]:
        """Name, moment in UTC (ISO 8601), lines."""
        return {
            "name": value.name,
            "at": value.at.astimezone(UTC).isoformat(timespec="seconds"),
            "strokes": [list(stroke) for stroke in value.strokes],
        }

    def from_document(self, stored: Any) -> Signature:
        """The signature."""
        try:
            at = datetime.fromisoformat(stored["at"])
            name, strokes = _name(stored["name"]), _strokes(stored["strokes"])
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(_l("This is not an answer of the field's kind.")) from error
        if at.tzinfo is None or not (name or strokes):
            raise Invalid(_l("This is not an answer of the field's kind."))
        return Signature(name=name, at=at.astimezone(UTC), strokes=strokes)

    def typed_rows(self, value: Signature) -> list[TypedValue]:
        """The name and the moment."""
        return [TypedValue(words=fold(value.name), moment=value.at)]

    def display(self, value: Signature, language: str) -> str:
        """When, and by whom: "signed 22.11.2026 10:31 by Anna Nowak"."""
        time = write_moment(value.at, language)
        with in_language(language):
            return (
                _("signed %(time)s by %(name)s", time=time, name=value.name)
                if value.name
                else _("signed %(time)s", time=time)
            )

    def to_input(self, value: Signature, language: str) -> str:
        """What the pad draws again, with the words that it shows."""
        shown = {**self.to_document(value), "said": self.display(value, language)}
        return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))

    def in_formulas(self, stored: Any) -> Any:
        """The name; of a drawing without one a word that it is there."""
        value = self.stored(stored)
        return None if value is None else value.name or "signed"


def _name(sent: object) -> str:
    name = " ".join(sent.replace("\0", "").split()) if isinstance(sent, str) else ""
    if len(name) > NAME:
        raise Invalid(_l("At most %(limit)s characters fit here.", limit=NAME))
    return name


def _strokes(sent: object) -> tuple[tuple[int, ...], ...]:
    """Lines of whole numbers on the pad; Invalid for what is none, or too much."""
    if not isinstance(sent, list) or len(sent) > STROKES or not all(isinstance(each, list) and each for each in sent):
        raise Invalid(_l("This drawing was not made in the field for signatures."))
    numbers = [number for stroke in sent for number in stroke]
    whole = all(isinstance(number, int) and not isinstance(number, bool) for number in numbers)
    if not whole or len(numbers) > NUMBERS or any(len(stroke) % 2 for stroke in sent):
        raise Invalid(_l("This drawing was not made in the field for signatures."))
    if any(
        not 0 <= number <= (HEIGHT if place % 2 else WIDTH) for stroke in sent for place, number in enumerate(stroke)
    ):
        raise Invalid(_l("This drawing was not made in the field for signatures."))
    return tuple(tuple(stroke) for stroke in sent)
