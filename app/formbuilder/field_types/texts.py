"""Text of one line and of many."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import Config
from app.formbuilder.field_types.base import AnswerType, expect_text
from app.formbuilder.rules import Whole

LINE = 500
LONG = 20_000


@dataclass(frozen=True, kw_only=True)
class TextConfig(Config):
    """How long an answer may be."""

    limit: Annotated[int, Whole(1, LINE)] = LINE


@dataclass(frozen=True, kw_only=True)
class LongTextConfig(Config):
    """How long an answer may be, and how tall its box stands."""

    limit: Annotated[int, Whole(1, LONG)] = LONG
    rows: Annotated[int, Whole(2, 20)] = 3


class TextType(AnswerType[str, TextConfig]):
    """One line of text."""

    kind = "text"
    title = _l("Text")
    icon = "forms"
    macro = "line"
    config_type = TextConfig
    limit: ClassVar[int] = LINE

    def read(self, text: str, language: str, before: str | None) -> str:
        """The text on one line, within the limit of the field."""
        if len(text) > self.config.limit:
            raise Invalid(_l("At most %(limit)s characters fit here.", limit=self.config.limit))
        return " ".join(text.splitlines())

    def from_document(self, stored: Any) -> str:
        """The text."""
        return expect_text(stored)


class LongTextType(AnswerType[str, LongTextConfig]):
    """Text of many lines; line ends are kept as one sign."""

    kind = "long_text"
    title = _l("Long text")
    icon = "text-size"
    macro = "long_text"
    config_type = LongTextConfig
    limit: ClassVar[int] = LONG

    def read(self, text: str, language: str, before: str | None) -> str:
        """The text, within the limit of the field."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > self.config.limit:
            raise Invalid(_l("At most %(limit)s characters fit here.", limit=self.config.limit))
        return text

    def from_document(self, stored: Any) -> str:
        """The text."""
        return expect_text(stored)
