"""The channels that cases come in by: names and icons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.i18n import lazy_gettext as _l
from app.models.cases import Source


@dataclass(frozen=True, kw_only=True)
class SourceLook:
    """How a source is shown."""

    title: Any
    icon: str


SOURCES: Mapping[Source, SourceLook] = {
    Source.OUTBOUND_CAMPAIGN: SourceLook(title=_l("Outbound campaign"), icon="speakerphone"),
    Source.INBOUND_CALL: SourceLook(title=_l("Inbound call"), icon="phone-incoming"),
    Source.EMAIL: SourceLook(title=_l("E-mail"), icon="mail"),
    Source.CHAT: SourceLook(title=_l("Chat"), icon="message-circle"),
    Source.WEB_FORM: SourceLook(title=_l("Web form"), icon="world"),
    Source.SMS: SourceLook(title=_l("SMS"), icon="device-mobile-message"),
    Source.FAX: SourceLook(title=_l("Fax"), icon="printer"),
}


def source_title(source: Source) -> Any:
    """Name of the source, for people (lazy)."""
    return SOURCES[source].title
