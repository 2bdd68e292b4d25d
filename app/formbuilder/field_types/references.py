"""Answers that name a row of the product: a contact, a case, files. Ids are stored, never names.

Whether the row exists and the person may see it is asked by the form (`find`), for only a door knows who asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import Config
from app.formbuilder.entries import KIND, entry_called, entry_of, entry_text
from app.formbuilder.field_types.base import AnswerType, C, Column, Group, Operator, TypedValue, V
from app.formbuilder.rules import Maybe, RowId, Whole

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class FileConfig(Config):
    """How many files one answer may hold."""

    largest_count: Annotated[int, Whole(1, 20)] = 5


@dataclass(frozen=True, kw_only=True)
class DictionaryConfig(Config):
    """Which dictionary."""

    dictionary_id: Annotated[int | None, Maybe(RowId(kind="dictionary"))] = None


class _Reference(AnswerType[V, C]):
    """What the kinds share."""

    group = Group.LINKS
    operators = (Operator.EQUALS, Operator.EMPTY)
    column = Column.NUMBER
    macro = "look_up"
    limit: ClassVar[int] = 24


class _LookUp(_Reference[int, Config]):
    """One row, by its id."""

    def read(self, text: str, language: str, before: int | None) -> int:
        """The id that the control sends."""
        return _row_id(text)

    def from_document(self, stored: Any) -> int:
        """The id."""
        return _stored_id(stored)

    def typed_rows(self, value: int) -> list[TypedValue]:
        """The id."""
        return [TypedValue(words=str(value), number=Decimal(value))]

    def references(self, value: int) -> list[int]:
        """The row."""
        return [value]


class ContactLookUpType(_LookUp):
    """Another contact."""

    kind = "contact_look_up"
    title = _l("Contact look-up")
    icon = "address-book"
    reference = "contact"


class CaseLookUpType(_LookUp):
    """Another case."""

    kind = "case_look_up"
    title = _l("Case look-up")
    icon = "link"
    reference = "case"


class DictionaryType(_Reference[int, DictionaryConfig]):
    """An entry of a list that administrators keep, by its id. A hidden one stays where it was chosen."""

    kind = "dictionary"
    title = _l("Dictionary look-up")
    icon = "book-2"
    config_type = DictionaryConfig
    fixed_settings = frozenset({"dictionary_id"})

    @property
    def reference(self) -> str:
        """Of the one dictionary."""
        return f"{KIND}:{self.config.dictionary_id or 0}"

    @property
    def has_default(self) -> bool:
        """Everybody sees the entries."""
        return True

    def read(self, text: str, language: str, before: int | None) -> int:
        """The id that the control sends; or the entry with just that code or title."""
        if text.isascii() and text.isdigit():
            return _row_id(text)
        entry_id = entry_called(self.config.dictionary_id, text)
        return _row_id(text) if entry_id is None else entry_id

    def from_document(self, stored: Any) -> int:
        """The id."""
        return _stored_id(stored)

    def typed_rows(self, value: int) -> list[TypedValue]:
        """The id."""
        return [TypedValue(words=str(value), number=Decimal(value))]

    def display(self, value: int, language: str) -> str:
        """The title."""
        return entry_text(self.config.dictionary_id, value, language)

    def to_input(self, value: int, language: str) -> str:
        """The id."""
        return str(value)

    def references(self, value: int) -> list[int]:
        """The entry."""
        return [value]

    def is_offered(self, row_id: int) -> bool:
        """Unless it is hidden."""
        entry = entry_of(self.config.dictionary_id, row_id)
        return entry is not None and not entry.hidden

    def faults(self) -> list[Any]:
        """It has a dictionary."""
        return super().faults() + ([] if self.config.dictionary_id else [_l("The field names no dictionary.")])


class FileType(_Reference[tuple[int, ...], FileConfig]):
    """Files of the case."""

    kind = "file"
    sort = "list"
    title = _l("File")
    icon = "paperclip"
    is_several = True
    macro = "file"
    config_type = FileConfig
    reference = "file"

    @property
    def has_placeholder(self) -> bool:
        """Nothing to write in."""
        return False

    def parse(
        self, raw: str | Sequence[str], *, language: str = "pl", before: tuple[int, ...] | None = None
    ) -> tuple[int, ...] | None:
        """The ids of files that were uploaded to the case, in order."""
        texts = [raw] if isinstance(raw, str) else list(raw)
        ids = tuple(dict.fromkeys(_row_id(text) for text in texts if text))
        if len(ids) > self.config.largest_count:
            raise Invalid(_l("At most %(limit)s files fit here.", limit=self.config.largest_count))
        return ids or None

    def to_document(self, value: tuple[int, ...]) -> list[int]:
        """The ids."""
        return list(value)

    def from_document(self, stored: Any) -> tuple[int, ...]:
        """The ids."""
        if not isinstance(stored, list) or not stored:
            raise Invalid(_l("This is not an answer of the field's kind."))
        return tuple(_stored_id(entry) for entry in stored)

    def typed_rows(self, value: tuple[int, ...]) -> list[TypedValue]:
        """A row for each file."""
        return [TypedValue(words=str(file_id), number=Decimal(file_id)) for file_id in value]

    def display(self, value: tuple[int, ...], language: str) -> str:
        """The ids; whoever shows names looks them up."""
        return ", ".join(map(str, value))

    def to_input(self, value: tuple[int, ...], language: str) -> list[str]:
        """The ids."""
        return [str(file_id) for file_id in value]

    def references(self, value: tuple[int, ...]) -> list[int]:
        """The files."""
        return list(value)


def _row_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID)) and 0 < int(text) <= LARGEST_ID):
        raise Invalid(_l("Choose an entry of the list."))
    return int(text)


def _stored_id(stored: Any) -> int:
    if not isinstance(stored, int) or isinstance(stored, bool):
        raise Invalid(_l("This is not an answer of the field's kind."))
    return stored
