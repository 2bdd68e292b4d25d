"""Kinds that show something and hold no answer: heading, script text, button."""

from dataclasses import dataclass
from typing import Annotated, Any

from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import Config
from app.formbuilder.field_types.base import FieldType, Group
from app.formbuilder.merge_fields import unknown_names
from app.formbuilder.rules import Maybe, OneOf, Whole, Words

SCRIPT = 20_000
"""Characters of one script text."""


@dataclass(frozen=True, kw_only=True)
class ScriptTextConfig(Config):
    """What the agent reads aloud, with merge fields such as {{ contact.first_name }}."""

    text: Annotated[str, Words(SCRIPT)] = ""


@dataclass(frozen=True, kw_only=True)
class ButtonConfig(Config):
    """What the button does: set that status."""

    action: Annotated[str, OneOf(("set_status",))] = "set_status"
    status_id: Annotated[int | None, Maybe(Whole(1, 2**63 - 1))] = None


class HeadingType(FieldType[Config]):
    """A heading between fields; its help text stands beside it."""

    kind = "heading"
    title = _l("Heading")
    icon = "heading"
    macro = "heading"

    def faults(self) -> list[Any]:
        """It has words."""
        return self._title_fault()


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


class ButtonType(FieldType[ButtonConfig]):
    """A button that sets a status. Without a title it bears the status's name."""

    kind = "button"
    title = _l("Status button")
    icon = "click"
    group = Group.ACTIONS
    macro = "button"
    config_type = ButtonConfig

    def faults(self) -> list[Any]:
        """It has a status."""
        return [] if self.config.status_id else [_l("The button sets no status.")]
