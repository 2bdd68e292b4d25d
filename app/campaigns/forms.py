"""Verbs on the form of a script, and who may change what campaigns share: scripts and forms know nothing of these."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, select

from app.access.visible import campaigns_of
from app.core.db import session
from app.core.errors import Forbidden
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import versions
from app.formbuilder.converting import start_converting
from app.formbuilder.definition import FormDefinition
from app.formbuilder.versions import create_form
from app.models import AppUser, Campaign, Form, FormVersion, Script
from app.scripts.changing import FormGiven, ScriptChanged
from app.scripts.editing import set_form


def create_form_of(script: Script, name: str, *, expected_version: int, actor: AppUser | None) -> Form:
    """A new form that is the script's from now on. Conflict when the script is not at that version any more."""
    form = create_form(name, actor=actor)
    set_form(script, form, expected_version=expected_version, actor=actor)
    return form


def form_given(event: FormGiven) -> None:
    """Reaction inside the transaction: what cases answered to this form before is of the kinds that it has now."""
    start_converting(event.form_id)


def publish_form(
    form: Form,
    definition: FormDefinition,
    *,
    base: int,
    comment: str = "",
    converts: Collection[str] = (),
    actor: AppUser | None,
) -> FormVersion:
    """Make the definition the current version (`versions.publish`) in every campaign that has the form.

    Forbidden when the actor may not see one of them.
    """
    require_every_campaign(form, actor=actor)
    return versions.publish(form, definition, base=base, comment=comment, converts=converts, actor=actor)


def publish_form_draft(
    form: Form,
    *,
    base: int,
    seen: datetime | None,
    comment: str = "",
    converts: Collection[str] = (),
    actor: AppUser,
) -> FormVersion:
    """The same with the actor's draft (`versions.publish_draft`)."""
    require_every_campaign(form, actor=actor)
    return versions.publish_draft(form, base=base, seen=seen, comment=comment, converts=converts, actor=actor)


def require_every_campaign(form: Form, *, actor: AppUser | None) -> None:
    """Forbidden when a campaign has the form that is none of the actor's: agents there would get the change, too."""
    if actor is None:
        return
    others = hidden_campaigns(form, actor=actor)
    if others:
        raise Forbidden(
            _l(
                "This form is shared with campaigns that are not yours (%(number)s). Ask somebody who runs them all to "
                "publish it.",
                number=others,
            )
        )


def script_changed(event: ScriptChanged) -> None:
    """Reaction inside the transaction, so that no door forgets it: the right on every campaign with the script.

    Forbidden when the actor may not see one of them: agents there would get other statuses, rules or another form.
    """
    actor = session.get(AppUser, event.actor_id) if event.actor_id else None
    others = _hidden(select(Campaign.id).where(Campaign.script_id == event.script_id), actor) if actor else 0
    if others:
        raise Forbidden(
            _l(
                "This script is shared with campaigns that are not yours (%(number)s). Ask somebody who runs them all "
                "to change it.",
                number=others,
            )
        )


def hidden_campaigns(form: Form, *, actor: AppUser) -> int:
    """How many campaigns have the form that the actor may not see."""
    using = select(Campaign.id).join(Script, Script.id == Campaign.script_id).where(Script.form_id == form.id)
    return _hidden(using, actor)


def _hidden(using: Select[int], actor: AppUser) -> int:
    return len(set(session.scalars(using)) - set(session.scalars(using.where(campaigns_of(actor)))))
