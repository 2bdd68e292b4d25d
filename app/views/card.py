"""What the case card shows and its script needs, gathered from the subjects."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.access.fields import may_see_custom_field
from app.access.permissions import Permission, may
from app.access.visible import campaigns_of, cases_of
from app.cases.answers import Finder, document_of, field_of, form_of, former_answers, history_key, language_of
from app.cases.drafts import draft_of
from app.cases.form_state import Audience, FormState, audience_of, may_edit_case, state_of
from app.cases.linking import linked_cases
from app.cases.notes import may_edit_note
from app.cases.ownership import possible_owners
from app.cases.sources import source_title
from app.cases.timeline import field_then
from app.contacts.fields import custom_text
from app.core import clock
from app.core.db import session
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.formbuilder.definition import FormDefinition
from app.formbuilder.form import form_values, references
from app.formbuilder.logic import instant
from app.formbuilder.logic_json import given
from app.formbuilder.profile import Profile
from app.formbuilder.registry import answer_type
from app.formbuilder.versions import definition_of
from app.models import Activity, AppUser, Campaign, Case, Contact, CustomField, FormVersion, Script, Status
from app.models.activities import ActivityKind
from app.models.campaigns import CampaignState
from app.models.cases import Source
from app.views.builder_head import live_edit_url
from app.views.formats import clock_time, day, exact, phone_text, short, size_text
from app.views.header_fields import header_rows
from app.views.shell import language

ENTRIES = 200
"""Entries of the timeline that a card shows at once; older ones are found by its filters."""
OTHERS = 8

ICONS = {
    ActivityKind.NOTE: "note", ActivityKind.FILE: "file", ActivityKind.CREATED: "plus", ActivityKind.STATUS: "route",
    ActivityKind.OWNER: "user", ActivityKind.CAMPAIGN: "arrows-exchange", ActivityKind.CONTACT: "replace",
    ActivityKind.FORM: "forms", ActivityKind.SUBJECT: "pencil", ActivityKind.SOURCE: "route",
    ActivityKind.LINKED: "link", ActivityKind.WEBHOOK: "webhook",
}  # fmt: skip


ON_CARD = (
    joinedload(Case.campaign).joinedload(Campaign.script).selectinload(Script.statuses),
    joinedload(Case.owner),
    joinedload(Case.contact).options(
        selectinload(Contact.phones), selectinload(Contact.emails), selectinload(Contact.addresses)
    ),
)
"""What a card shows of its case's neighbours, loaded with the case."""


class FormShown:
    """The form of a case as one user sees it; nothing when its script has none."""

    def __init__(self, case: Case, user: AppUser) -> None:
        self.case, self.user = case, user
        self.version: FormVersion | None = form_of(case.campaign)
        self.definition: FormDefinition | None = definition_of(self.version) if self.version else None
        self.audience: Audience = audience_of(case, user, language())
        self.profile: Profile | None = self.audience.profile(self.definition) if self.definition else None
        self.document: Mapping[str, Any] = document_of(case) if self.definition else {}

    def state(self) -> FormState:
        """The form without values and the statuses, made once for everybody with these rights."""
        return state_of(self.case.campaign.script, self.version, self.audience, current_app.jinja_env)

    def values(self) -> dict[str, str | list[str]]:
        """What its controls hold, by key."""
        if self.definition is None or self.profile is None:
            return {}
        values = form_values(self.definition, self.document, self.profile, language_of(self.user))
        return {history_key(field_id): value for field_id, value in values.items()}

    def given(self) -> dict[str, bool]:
        """Results of conditions that read what the user may not see."""
        if self.definition is None or self.profile is None:
            return {}
        return given(self.definition, self.profile, self.document, instant(clock.now()))

    def titles(self) -> dict[str, str]:
        """Titles of the fields that the user may see, those that a manager has hidden among them, by key."""
        if self.definition is None or self.profile is None:
            return {}
        fields = (field for field in self.definition.answer_fields() if field.id in self.profile.visible)
        return {history_key(field.id): field.title for field in fields}

    def unseen(self) -> set[str]:
        """Keys of the answers that the form does not show the user."""
        fields = self.definition.answer_fields() if self.definition else ()
        return {history_key(field.id) for field in fields} - set(self.values())

    def names(self) -> dict[str, str]:
        """Titles of the rows that answers name, by "contact:7"; of those that the user may not see nothing."""
        if self.definition is None or self.profile is None:
            return {}
        find = Finder(self.case, self.user)
        visible = {key: value for key, value in self.document.items() if key in self.profile.visible}
        named = references(self.definition, visible)
        found = {f"{kind}:{row_id}": find(kind, row_id) for kind, ids in named.items() for row_id in ids}
        return {key: title for key, title in found.items() if title}

    def text(self, key: str, value: Any, at: datetime | None = None) -> str:
        """A value of the case's history, as a person reads it; an answer of `at` as its field was then."""
        if value is None:
            return ""
        field = self.definition.by_id.get(field_of(key) or "") if self.definition else None
        kind = answer_type(field_then(field, self.version, at)) if field and self.version else None
        if kind:
            return kind.show(value, language_of(self.user))
        if key == "due_at":
            return short(datetime.fromisoformat(value))
        if key == "source":
            return str(source_title(Source(value)))
        if key == "note":
            return _("written")
        row = {"owner": AppUser, "status": Status, "campaign": Campaign, "contact": Contact}.get(key)
        found = session.get(row, value) if row and isinstance(value, int) else None
        return str(getattr(found, "full_name", None) or getattr(found, "name", None) or value)

    def former(self) -> list[tuple[str, str, str]]:
        """Answers from before their field got another kind, which do not fit the new one: title, kind, text."""
        titles = self.titles()
        found = former_answers(self.case, actor=self.user).items()
        return [(titles.get(history_key(field_id), ""), kind, text) for field_id, (kind, text) in found]

    def header(self) -> list[dict[str, str]]:
        """The answers that the header shows."""
        if self.definition is None or self.profile is None:
            return []
        rows = []
        for field in self.definition.header_fields():
            kind = answer_type(field)
            if kind and field.id in self.profile.visible:
                shown = kind.show(self.document.get(field.id), language_of(self.user))
                rows.append({"label": field.title, "value": shown})
        return rows


def card_data(case: Case, user: AppUser, form: FormShown) -> dict[str, Any]:
    """What the script of the card works on, see `frontend/card/card.js`."""
    draft = draft_of(case, actor=user)
    return {
        "id": case.id,
        "number": case.number,
        "version": case.version,
        "form_version": form.version.number if form.version else 0,
        "script_version": case.campaign.script.version,
        "audience": form.audience.key,
        "belongs": [case.campaign_id, case.campaign.script_id, case.campaign.script.form_id, case.contact_id],
        "user": user.id,
        "may_edit": "edit" in what_may(case, user),
        "values": {
            "subject": case.subject,
            "owner": str(case.owner_id or ""),
            "status": str(case.status_id),
            "when": "",
            "note": "",
            **form.values(),
        },
        "status": {"id": case.status.id, "name": case.status.name, "kind": case.status.look},
        "owner_name": case.owner.full_name if case.owner else "",
        "titles": {"subject": _("Subject"), "owner": _("Owner"), "status": _("Status"), **form.titles()},
        "names": form.names(),
        "given": form.given(),
        "merge": merge_values(case, user),
        "draft": {"base_version": draft.base_version, "content": draft.content, "saved_at": draft.saved_at.isoformat()}
        if draft
        else None,
        "urls": _urls(case.number),
    }


def card_context(case: Case, user: AppUser) -> dict[str, Any]:
    """Everything that `cases/card.html` shows of a case that was loaded with ON_CARD."""
    form = FormShown(case, user)
    contact = case.contact
    campaigns = select(Campaign.id, Campaign.name).where(campaigns_of(user), Campaign.state != CampaignState.ARCHIVED)
    custom = custom_rows(contact, case.campaign_id, user)
    allowed = what_may(case, user)
    return {
        "case": case,
        "contact": contact,
        "card": card_data(case, user, form),
        "form_state": form.state(),
        "form_name": case.campaign.script.form.name if case.campaign.script.form else "",
        "form_url": url_for("FormView.show", form_id=case.campaign.script.form_id)
        if case.campaign.script.form_id
        else "",
        "live_edit_url": live_edit_url(case.campaign.script.form, user),
        "script_id": case.campaign.script_id,
        "owners": _owners(case),
        "campaigns": session.execute(campaigns.order_by(Campaign.name)).all() if "move" in allowed else [],
        "sources": [source.value for source in Source],
        "header": header_of(case, form),
        "former": form.former(),
        **timeline(case, user),
        "links": linked_cases(case, actor=user),
        **_others(case, user),
        "custom": custom,
        "may": allowed,
        "time_zone": user.time_zone,
    }


def what_may(case: Case, user: AppUser) -> frozenset[str]:
    """What the user may do on this card; an archived campaign is only read."""
    archived = case.campaign.state is CampaignState.ARCHIVED
    wanted = {
        "assign": Permission.CASE_ASSIGN,
        "move": Permission.CASE_MOVE,
        "edit_contact": Permission.CONTACT_EDIT,
        "edit_form": Permission.FORM_EDIT,
    }
    always = {"edit_contact", "edit_form"}
    allowed = {name for name, needed in wanted.items() if may(user, needed) and (not archived or name in always)}
    return frozenset({*allowed, "edit"} if may_edit_case(case, user) else allowed)


def merge_values(case: Case, user: AppUser) -> dict[str, str]:
    """Text of each merge field of script texts."""
    contact = case.contact
    return {
        "contact.name": contact.name,
        "contact.first_name": contact.first_name or contact.name,
        "contact.last_name": contact.last_name or "",
        "contact.company_name": contact.company_name or "",
        "contact.number": f"K-{contact.number}",
        "contact.phone": phone_text(contact.phones[0].number) if contact.phones else "",
        "contact.email": contact.emails[0].address if contact.emails else "",
        "contact.city": contact.addresses[0].city if contact.addresses else "",
        "case.number": str(case.number),
        "case.subject": case.subject,
        "campaign.name": case.campaign.name,
        "agent.name": user.full_name,
        "agent.first_name": user.first_name,
        "today": day(clock.now()).split(", ", 1)[-1],
    }


def header_of(case: Case, form: FormShown) -> list[dict[str, str]]:
    """The header fields of the campaign and of the form."""
    return [*header_rows(case, form.user), *form.header()]


def custom_rows(contact: Contact, campaign_id: int, user: AppUser) -> list[dict[str, str]]:
    """The centre's own fields of the contact that have a value and that the user may see."""
    fields = session.scalars(
        select(CustomField)
        .where(CustomField.retired_at.is_(None))
        .where((CustomField.campaign_id.is_(None)) | (CustomField.campaign_id == campaign_id))
        .order_by(CustomField.position, CustomField.id)
    )
    return [
        {"label": field.title, "value": custom_text(field.kind, contact.custom[field.key], language())}
        for field in fields
        if contact.custom.get(field.key) not in {None, ""} and may_see_custom_field(user, field)
    ]


def timeline(
    case: Case, user: AppUser, *, kind: str = "", text: str = "", newest_first: bool = False
) -> dict[str, Any]:
    """What `cases/timeline.html` shows: the newest ENTRIES that match, and whether there are older ones."""
    rows = select(Activity).where(Activity.case_id == case.id)
    if kind in set(ActivityKind):
        rows = rows.where(Activity.kind == ActivityKind(kind))
    if text:
        rows = rows.where(Activity.body.icontains(text, autoescape=True))
    rows = rows.order_by(Activity.at.desc(), Activity.id.desc()).limit(ENTRIES + 1)
    rows = rows.options(joinedload(Activity.author), selectinload(Activity.revisions))
    found: Sequence[Activity] = session.scalars(rows).all()
    entries = shown_activities(found[:ENTRIES], user)
    return {
        "entries": entries if newest_first else entries[::-1],
        "newest_first": newest_first,
        "cut_at": ENTRIES if len(found) > ENTRIES else None,
    }


def shown_activities(activities: Sequence[Activity], user: AppUser) -> list[dict[str, Any]]:
    """Entries as `cases/timeline.html` shows them, in the order given."""
    return [_entry(activity, user) for activity in activities]


def _entry(activity: Activity, user: AppUser) -> dict[str, Any]:
    payload = activity.payload
    file = None
    if activity.kind is ActivityKind.FILE:
        url = url_for("FileView.download", file_id=payload["file"])
        file = {"name": payload["name"], "size": size_text(payload["size"]), "url": url}
    return {
        "id": activity.id,
        "kind": activity.kind.value
        if activity.kind in {ActivityKind.NOTE, ActivityKind.FILE, ActivityKind.STATUS}
        else "event",
        "day": day(activity.at),
        "time": clock_time(activity.at),
        "exact": exact(activity.at),
        "icon": ICONS[activity.kind],
        "who": activity.author.full_name if activity.author else _("system"),
        "what": _what(activity),
        "body": activity.body,
        "before": payload.get("from") or {"kind": "plain", "name": "–"},
        "after": payload.get("to") or {"kind": "plain", "name": "–"},
        "file": file,
        "editable": activity.kind is ActivityKind.NOTE and may_edit_note(activity, actor=user),
        "revisions": activity.revisions,
    }


def _what(activity: Activity) -> str:
    """The entry in words."""
    return _WORDS[activity.kind](activity.payload)


def _status_words(due_at: str | None) -> str:
    return _("for %(time)s", time=short(datetime.fromisoformat(due_at))) if due_at else ""


def _form_words(count: int) -> str:
    return ngettext("Form: %(num)s answer changed", "Form: %(num)s answers changed", count)


def _name(value: Any) -> str:
    return str(value.get("name", "")) if isinstance(value, Mapping) else str(value or _("nobody"))


def _both(payload: Mapping[str, Any]) -> dict[str, str]:
    return {"before": _name(payload.get("from")), "after": _name(payload.get("to"))}


def _link_words(payload: Mapping[str, Any]) -> str:
    if not payload.get("opened"):
        return _("Linked to the case %(number)s", number=payload["case"])
    if payload.get("first"):
        return _("The case %(number)s was opened from this one", number=payload["case"])
    return _("Opened from the case %(number)s", number=payload["case"])


_WORDS: Mapping[ActivityKind, Callable[[Mapping[str, Any]], str]] = {
    ActivityKind.NOTE: lambda _payload: _("note"),
    ActivityKind.FILE: lambda _payload: _("file"),
    ActivityKind.STATUS: lambda payload: _status_words(payload.get("due_at")),
    ActivityKind.CREATED: lambda _payload: _("Case created"),
    ActivityKind.OWNER: lambda payload: _("Owner: %(before)s → %(after)s", **_both(payload)),
    ActivityKind.CAMPAIGN: lambda payload: _("Campaign: %(before)s → %(after)s", **_both(payload)),
    ActivityKind.CONTACT: lambda payload: _("Contact: %(before)s → %(after)s", **_both(payload)),
    ActivityKind.FORM: lambda payload: _form_words(len(payload.get("fields", ()))),
    ActivityKind.SUBJECT: lambda payload: _("Subject: %(after)s", after=_name(payload.get("to"))),
    ActivityKind.SOURCE: lambda _payload: _("The source was changed"),
    ActivityKind.LINKED: _link_words,
    ActivityKind.WEBHOOK: lambda payload: _("“%(name)s” is told of the case", name=payload["webhook"]),
}


def _owners(case: Case) -> list[AppUser]:
    """Who may own it; and who does, also when they could not be chosen any more."""
    owners = possible_owners(case.campaign)
    return owners if case.owner is None or case.owner in owners else [case.owner, *owners]


def _others(case: Case, user: AppUser) -> dict[str, Any]:
    """Other cases of the contact: the newest, how many there are, and the list that has them all."""
    wanted = (Case.contact_id == case.contact_id, Case.id != case.id, cases_of(user))
    rows = select(Case).where(*wanted).order_by(Case.created_at.desc()).options(joinedload(Case.status))
    shown = session.scalars(rows.limit(OTHERS)).all()
    count = len(shown)
    if count == OTHERS:
        count = session.scalar(select(func.count()).select_from(Case).where(*wanted)) or 0
    url = url_for("CaseListView.list", view="all", contact=case.contact_id)
    return {"others": shown, "others_count": count, "others_url": url}


def _urls(number: int) -> dict[str, str]:
    def url(name: str) -> str:
        return url_for(f"CaseView.{name}", number=number)

    return {
        "save": url("save"), "draft": url("draft"), "state": url("state"), "timeline": url("activities"),
        "note": url("add_note") + "/", "move": url("move"), "source": url("change_source"),
        "contact": url("change_contact"), "attach": url("attach"), "look": url("look_up"), "leave": url("leave"),
        "press": url_for("PressView.press", number=number),
        "history": url_for("AnswerHistoryView.answer_history", number=number, field_id="FIELD"),
        "list": url_for("CaseListView.list"),
    }  # fmt: skip
