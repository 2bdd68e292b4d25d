"""Buttons: what one does when it is pressed, and how it looks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import Config
from app.formbuilder.field_types.base import FieldType, Group
from app.formbuilder.merge_fields import unknown_names
from app.formbuilder.rules import Maybe, OneOf, RowId, Token, Words

ADDRESS = 2000
COPIED = 5000
_ADDRESS = re.compile(r"https?://[^\s/?#@{}\\]+(?:[/?#].*)?")


class Action(StrEnum):
    """What a button does."""

    SET_STATUS = "set_status"
    GO_TO_PAGE = "go_to_page"
    OPEN_ADDRESS = "open_address"
    COPY_TEXT = "copy_text"
    CREATE_CASE = "create_case"
    CALL_WEBHOOK = "call_webhook"


PRESSED_ON_SERVER = frozenset({Action.CREATE_CASE, Action.CALL_WEBHOOK})
"""Actions that `cases/pressing.py` carries out; the others happen on the card."""
COLOURS = ("neutral", "accent", "ok", "warn", "bad", "info")
"""Names of colour tokens (frontend/css/tokens.css). A button that sets a status bears the colour of its kind."""


_SHOWN_SETTINGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "colour": ("action", tuple(each.value for each in Action if each is not Action.SET_STATUS)),
    "status_id": ("action", (Action.SET_STATUS.value,)),
    "page_id": ("action", (Action.GO_TO_PAGE.value,)),
    "address": ("action", (Action.OPEN_ADDRESS.value,)),
    "copied": ("action", (Action.COPY_TEXT.value,)),
    "campaign_id": ("action", (Action.CREATE_CASE.value,)),
    "webhook_id": ("action", (Action.CALL_WEBHOOK.value,)),
}


@dataclass(frozen=True, kw_only=True)
class ButtonConfig(Config):
    """What the button does, with the settings of every action: those of the others are kept and not used."""

    action: Annotated[str, OneOf(tuple(each.value for each in Action))] = Action.SET_STATUS.value
    colour: Annotated[str, OneOf(COLOURS)] = "neutral"
    status_id: Annotated[int | None, Maybe(RowId(kind="status"))] = None
    page_id: Annotated[str | None, Maybe(Token())] = None
    address: Annotated[str, Words(ADDRESS)] = ""
    """A web address with merge fields behind its host."""
    copied: Annotated[str, Words(COPIED)] = ""
    """A text with merge fields."""
    campaign_id: Annotated[int | None, Maybe(RowId(kind="campaign"))] = None
    """Of the linked case."""
    webhook_id: Annotated[int | None, Maybe(RowId(kind="webhook"))] = None


class ButtonType(FieldType[ButtonConfig]):
    """A button. One that sets a status and has no title bears the status's name."""

    kind = "button"
    title = _l("Button")
    icon = "click"
    group = Group.ACTIONS
    macro = "button"
    config_type = ButtonConfig
    shown_settings = _SHOWN_SETTINGS

    @property
    def action(self) -> Action:
        """What it does."""
        return Action(self.config.action)

    def faults(self) -> list[Any]:
        """It has what its action needs, and words of its own unless a status gives them."""
        if self.action is Action.SET_STATUS:
            return [] if self.config.status_id else [_l("The button sets no status.")]
        faults = [] if self.field.title.strip() else [_l("The button has no title.")]
        return faults + self._faults_of_action()

    def _faults_of_action(self) -> list[Any]:
        config = self.config
        if self.action is Action.OPEN_ADDRESS:
            return _address_faults(config.address)
        if self.action is Action.COPY_TEXT:
            return _merge_faults(config.copied) if config.copied.strip() else [_l("The button copies no text.")]
        missing = {
            Action.GO_TO_PAGE: None if config.page_id else _l("The button leads to no page."),
            Action.CREATE_CASE: None if config.campaign_id else _l("The button names no campaign for the new case."),
            Action.CALL_WEBHOOK: None if config.webhook_id else _l("The button names no webhook."),
        }[self.action]
        return [missing] if missing else []


def _address_faults(address: str) -> list[Any]:
    """A web address whose scheme and host are written out: no value of a contact may choose where one is sent."""
    try:
        fits = bool(_ADDRESS.fullmatch(address) and urlsplit(address).hostname)
    except ValueError:
        fits = False
    if not fits:
        return [_l("Write a web address with its host, such as https://example.com/search.")]
    return _merge_faults(address)


def _merge_faults(text: str) -> list[Any]:
    return [_l("The merge field “%(name)s” is not known.", name=name) for name in unknown_names(text)]
