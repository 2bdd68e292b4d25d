"""A new case by its dialog: of a contact that was found, or of a person who is new, too."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.access.permissions import Permission, may, require
from app.access.visible import campaigns_of, the_campaign, the_contact
from app.cases.opening import open_case
from app.contacts.changing import create_contact
from app.contacts.similar import similar_contacts
from app.core.db import session
from app.core.errors import Invalid, SplotError
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Campaign, Case, Contact
from app.models.campaigns import CampaignState
from app.models.cases import Source
from app.models.contacts import ContactKind
from app.views.contact_forms import SentForm
from app.views.sent import sent_number


class SimilarContact(SplotError):
    """There may be such a contact already; `details["similar"]` names them."""

    status = 409
    slug = "similar-contacts"


def dialog_of(user: AppUser, *, contact_id: int | None, campaign_id: int | None) -> dict[str, Any]:
    """What the dialog offers: campaigns that the user works in, and the right to make a contact in it."""
    campaigns = select(Campaign.id, Campaign.name).where(campaigns_of(user), Campaign.state == CampaignState.ACTIVE)
    offered = session.execute(campaigns.order_by(Campaign.name)).all()
    return {
        "campaigns": offered,
        "chosen": offered[0].id if len(offered) == 1 else campaign_id,
        "contact": the_contact(contact_id, actor=user) if contact_id else None,
        "may_create_contact": may(user, Permission.CONTACT_CREATE),
    }


def open_from_dialog(sent: Mapping[str, Any], *, actor: AppUser) -> Case:
    """Open the case that the dialog sent, in the door's transaction; a person who is new becomes a contact in it, too.

    When one like them is there already, that is told first: `anyway` makes it all the same.
    """
    campaign = the_campaign(sent_number(sent["campaign_id"]), actor=actor)
    if "contact_id" in sent:
        contact = the_contact(sent_number(sent["contact_id"]), actor=actor)
    else:
        contact = _new_contact(sent, actor)
    return open_case(contact, campaign, source=Source.OUTBOUND_CAMPAIGN, actor=actor)


def _new_contact(sent: Mapping[str, Any], actor: AppUser) -> Contact:
    require(actor, Permission.CONTACT_CREATE)
    form = SentForm(sent)
    values = form.values(ContactKind.PERSON)
    if sent.get("anyway") is not True and (similar := similar_contacts(values, user=actor)):
        rows = [{**_shown(each.contact), "reason": str(each.reason)} for each in similar]
        raise SimilarContact(_l("There may be such a contact already."), similar=rows)
    try:
        return create_contact(values, actor=actor)
    except Invalid as error:
        raise form.placed(error) from error


def _shown(contact: Contact) -> dict[str, Any]:
    return {"id": contact.id, "name": contact.name, "number": f"K-{contact.number}"}
