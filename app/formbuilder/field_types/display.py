"""Kinds that show something and hold no answer: heading, separator, script text, image."""

from dataclasses import dataclass
from typing import Annotated, Any

from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import Config
from app.formbuilder.field_types.base import FieldType
from app.formbuilder.merge_fields import unknown_names
from app.formbuilder.rules import Maybe, RowId, Words

SCRIPT = 20_000
"""Characters of one script text."""
PICTURES = "/files/pictures"
"""Path of the door that serves them; no request is at hand where forms are rendered for a socket."""


@dataclass(frozen=True, kw_only=True)
class ScriptTextConfig(Config):
    """What the agent reads aloud, with merge fields such as {{ contact.first_name }}."""

    text: Annotated[str, Words(SCRIPT)] = ""


@dataclass(frozen=True, kw_only=True)
class ImageConfig(Config):
    """An uploaded picture; without one the field shows nothing yet."""

    file_id: Annotated[int | None, Maybe(RowId(kind="picture"))] = None


class HeadingType(FieldType[Config]):
    """A heading between fields; its help text stands beside it."""

    kind = "heading"
    title = _l("Heading")
    icon = "heading"
    macro = "heading"

    def faults(self) -> list[Any]:
        """It has words."""
        return self._title_fault()


class SeparatorType(FieldType[Config]):
    """A line between fields; its title names it in the builder alone."""

    kind = "separator"
    title = _l("Separator")
    icon = "separator"
    macro = "separator"


class ScriptTextType(FieldType[ScriptTextConfig]):
    """Text that the agent reads aloud; its title names it in the builder alone."""

    kind = "script_text"
    title = _l("Script text")
    icon = "volume"
    macro = "script_text"
    config_type = ScriptTextConfig

    def faults(self) -> list[Any]:
        """It has words, and its merge fields are known."""
        if not self.config.text.strip():
            return [_l("The script text is empty.")]
        return [_l("The merge field “%(name)s” is not known.", name=name) for name in unknown_names(self.config.text)]


class ImageType(FieldType[ImageConfig]):
    """A picture. Its title is what a screen reader says in its place, its help text stands below it."""

    kind = "image"
    title = _l("Image")
    icon = "photo"
    macro = "image"
    config_type = ImageConfig

    @property
    def address(self) -> str:
        """Where a browser finds the picture; the same for everybody, so that a rendered form can be shared."""
        return f"{PICTURES}/{self.config.file_id}"

    def faults(self) -> list[Any]:
        """It has a picture, and words for those who do not see it."""
        missing = [] if self.config.file_id else [_l("The image has no picture yet: upload one.")]
        return self._title_fault() + missing
