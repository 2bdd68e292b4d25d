"""What the pages of one form share above their content: `forms/head.html` and `forms/head_dialogs.html`."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from app.access.permissions import Permission, may
from app.access.visible import campaigns_of, cases_of
from app.campaigns.forms import hidden_campaigns
from app.core.db import session
from app.core.errors import NotFound
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import versions
from app.models import AppUser, Campaign, Case, Form, FormVersion, Script
from app.models.campaigns import CampaignState
from app.views.base import the_user

_TABS = (
    # Each by its name, what people read, an icon and the view that shows it.
    ("layout", _l("Layout"), "layout-dashboard", "FormView.show"),
    ("preview", _l("Preview as agent"), "eye", "BuilderView.preview"),
    ("logic", _l("Page logic"), "git-branch", "BuilderView.logic"),
    ("versions", _l("Versions"), "history", "FormVersionView.versions"),
)


@dataclass(frozen=True)
class Tab:
    """One page of the form."""

    text: Any
    icon: str
    href: str
    current: bool
    count: int | None


@dataclass(frozen=True)
class Use:
    """Where the form is used, as far as the reader may go there."""

    script_id: int | None
    campaign_id: int | None
    case: int | None
    """Number of the newest case that shows it."""


@dataclass(frozen=True)
class Head:
    """What stands in the head of every page of a form."""

    tabs: list[Tab]
    trial: str | None
    """Address of the trial; None for who may not edit the form."""
    campaigns: list[str]
    """Names of the campaigns that use the form."""
    use: Use
    has_draft: bool
    seen: str
    """When the reader's draft was kept; empty: there is none."""
    base: int
    """The version that the draft began on."""
    may_edit: bool
    may_publish: bool


def form_head(form: Form, tab: str) -> dict[str, Any]:
    """For `render`: what the head of the page `tab` needs."""
    user = the_user()
    count = session.scalar(select(func.count()).where(FormVersion.form_id == form.id))
    tabs = [
        Tab(label, icon, url_for(endpoint, form_id=form.id), name == tab, count if name == "versions" else None)
        for name, label, icon, endpoint in _TABS
    ]
    may_edit = may(user, Permission.FORM_EDIT)
    draft = versions.draft_of(form, user)
    head = Head(
        tabs=tabs,
        trial=url_for("FormVersionView.trial", form_id=form.id) if may_edit else None,
        campaigns=campaigns_of_form(form),
        use=_use_of(form, user),
        has_draft=draft is not None,
        seen=draft.at.isoformat() if draft else "",
        base=draft.base if draft else form.published,
        may_edit=may_edit,
        may_publish=may(user, Permission.FORM_EDIT_LIVE),
    )
    return {"form": form, "head": head, "nav_current": "forms"}


def the_form(form_id: int) -> Form:
    """The form with that id, or NotFound."""
    form = session.get(Form, form_id)
    if form is None:
        raise NotFound(_l("There is no such form."))
    return form


def campaigns_of_form(form: Form) -> list[str]:
    """Names of the campaigns whose cases show the form."""
    rows = select(Campaign.name).join(Script, Script.id == Campaign.script_id).where(Script.form_id == form.id)
    return list(session.scalars(rows.order_by(Campaign.name)))


def _use_of(form: Form, user: AppUser) -> Use:
    """The newest of each: that is what whoever just made the form wants to see."""
    script = select(Script.id).where(Script.form_id == form.id).order_by(Script.id.desc()).limit(1)
    campaign = (
        select(Campaign.id)
        .join(Script, Script.id == Campaign.script_id)
        .where(Script.form_id == form.id, Campaign.state != CampaignState.ARCHIVED, campaigns_of(user))
        .order_by(Campaign.id.desc())
        .limit(1)
    )
    campaign_id = session.scalar(campaign)
    newest = (Case.created_at.desc(), Case.id.desc())  # as an index has it
    case = select(Case.number).where(Case.campaign_id == campaign_id, cases_of(user)).order_by(*newest).limit(1)
    return Use(
        script_id=session.scalar(script),
        campaign_id=campaign_id,
        case=session.scalar(case) if campaign_id else None,
    )


def live_edit_url(form: Form | None, user: AppUser) -> str:
    """Where editing the form on a card begins; empty for whoever may not publish it in every campaign that has it."""
    if form is None or not form.published:
        return ""
    if not (may(user, Permission.FORM_EDIT_LIVE) and may(user, Permission.FORM_EDIT)):
        return ""
    return "" if hidden_campaigns(form, actor=user) else url_for("FormLiveEditView.begin", form_id=form.id)
