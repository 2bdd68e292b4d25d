"""Verbs on webhooks: add, change, renew the secret, turn off and on."""

import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.core import clock
from app.core.db import session
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy_gettext as _l
from app.core.sealing import seal, unseal
from app.history.record import changes, record_change
from app.models import AppUser, Webhook

NAME = 160
_ADDRESS = re.compile(r"https?://[^\s/?#@\\]+(?:[/?][^\s#]*)?")
_SECRET_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class WebhookValues:
    """What an administrator sets."""

    name: str
    address: str
    allows_private: bool = False


def add_webhook(values: WebhookValues, *, actor: AppUser | None) -> Webhook:
    """A webhook with a secret of its own."""
    values = _checked(values)
    webhook = Webhook(
        **vars(values),
        sealed_secret=seal(new_secret()),
        created_at=clock.now(),
        created_by_id=actor.id if actor else None,
    )
    session.add(webhook)
    session.flush()
    record_change("webhook", webhook.id, "add", actor=actor, after=vars(values))
    return webhook


def change_webhook(webhook: Webhook, values: WebhookValues, *, expected_version: int, actor: AppUser | None) -> Webhook:
    """Other values; calls that wait go to the new address. Conflict when somebody else changed it meanwhile."""
    _hold(webhook, expected_version)
    values = _checked(values)
    before, after = changes({key: getattr(webhook, key) for key in vars(values)}, vars(values))
    if after:
        for key, value in after.items():
            setattr(webhook, key, value)
        webhook.failures, webhook.rests_until = 0, None
        _note(webhook, "change", before, after, actor)
    return webhook


def renew_secret(webhook: Webhook, *, expected_version: int, actor: AppUser | None) -> None:
    """Another secret, from the next attempt on; the history does not say which."""
    _hold(webhook, expected_version)
    webhook.sealed_secret = seal(new_secret())
    _note(webhook, "renew_secret", {}, {}, actor)


def turn_webhook(webhook: Webhook, *, is_active: bool, expected_version: int, actor: AppUser | None) -> None:
    """Off: calls wait. On: they go out."""
    _hold(webhook, expected_version)
    if webhook.is_active != is_active:
        webhook.is_active = is_active
        _note(webhook, "turn", {"is_active": not is_active}, {"is_active": is_active}, actor)


def secret_of(webhook: Webhook) -> str:
    """The secret in plain text; Unreadable when another key of the installation sealed it."""
    return unseal(webhook.sealed_secret)


def new_secret() -> str:
    """256 bits that nobody guesses."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def _hold(webhook: Webhook, expected_version: int) -> None:
    session.refresh(webhook, with_for_update=True)
    if webhook.version != expected_version:
        raise Conflict(_l("Somebody else changed this meanwhile. Load the page again; nothing was overwritten."))


def _note(
    webhook: Webhook, action: str, before: dict[str, object], after: dict[str, object], actor: AppUser | None
) -> None:
    webhook.version += 1
    record_change("webhook", webhook.id, action, actor=actor, before=before, after=after)
    session.flush()


def _checked(values: WebhookValues) -> WebhookValues:
    name, address = " ".join(values.name.replace("\0", "").split()), values.address.strip()
    errors = {}
    if not name or len(name) > NAME:
        errors["name"] = [_l("Give it a name of at most %(limit)s characters.", limit=NAME)]
    if (fault := _address_fault(address, allows_private=values.allows_private)) is not None:
        errors["address"] = [fault]
    if errors:
        raise Invalid(_l("Some values do not fit."), errors)
    return WebhookValues(name=name, address=address, allows_private=values.allows_private)


def _address_fault(address: str, *, allows_private: bool) -> object | None:
    try:
        parts = urlsplit(address)
        fits = bool(_ADDRESS.fullmatch(address) and parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or len(address) > 2000 or not (address.isascii() and address.isprintable()):  # noqa: PLR2004 - the column's
        return _l("Write a web address, such as https://example.com/hook.")
    if not address.startswith("https://") and not allows_private:
        return _l("Use https: what is sent holds personal data. Only in a private network http will do.")
    return None
