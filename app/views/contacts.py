"""Pages of contacts: the list, the card, the form, and what is done to one contact or many."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import redirect, request, url_for
from flask_appbuilder import expose
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as AnyResponse

from app.access.fields import may_edit_custom_field, may_see_custom_field
from app.access.permissions import Permission, may
from app.access.visible import campaigns_of, cases_of, contacts_of, history_of, the_campaign, the_contact
from app.cases.bulk import ContactSelection, start_open_for_contacts
from app.contacts.changing import change_contact, create_contact, mark_number
from app.contacts.columns import keep_columns, kept_columns
from app.contacts.exporting import Format, start_export
from app.contacts.fields import custom_fields, hidden_keys
from app.contacts.listing import NOBODY, ContactQuery, contact_page, parameters_of, query_from
from app.contacts.similar import similar_contacts
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.i18n import ngettext
from app.models import Activity, AppUser, Campaign, Case, Contact, HistoryEntry
from app.models.campaigns import CampaignState, DuplicateRule
from app.models.contacts import ContactKind
from app.views.base import Page, answer, body, page, problem, the_user
from app.views.card import shown_activities
from app.views.contact_columns import chosen_columns, column_choices, heads_of
from app.views.contact_forms import SentForm, clash_rows, in_words, label_text, part_titles
from app.views.crud import CrudView
from app.views.duplicate_rules import DUPLICATE_RULES
from app.views.numbers import number_in
from app.views.rows import Interface
from app.views.sent import sent_list, sent_member, sent_number, sent_numbers

CASES = 50
ACTIVITIES = 100
CHANGES = 100
PEOPLE = 100
OPEN_CASE_WORDS = {True: _l("yes"), False: _l("no")}


class ContactView(CrudView):
    """Contacts: the list in pages by key, the card, and the form on our verbs."""

    route_base = "/contacts"
    datamodel = Interface(Contact)
    reads = Permission.CONTACT_READ
    changes = Permission.CONTACT_EDIT
    adds = Permission.CONTACT_CREATE
    can_delete = False
    list_columns = ["name"]
    show_columns = ["name"]
    edit_columns = ["name"]

    @expose("/list/")
    def list(self) -> Any:
        """The contacts that the user may see. `?open_in=<campaign>` chooses those that get a case there."""
        return self.guarded(self.reads, self._list_page)

    @expose("/show/<pk>")
    def show(self, pk: str) -> Any:
        """The card."""
        return self.guarded(self.reads, lambda: self._show_page(the_contact(number_in(pk) or 0, actor=the_user())))

    @expose("/add", methods=["GET"])
    def add(self) -> Any:
        """The form of a new contact; it is sent to ContactActions."""
        return self.guarded(self.adds, lambda: self._form_page(None))

    @expose("/edit/<pk>", methods=["GET"])
    def edit(self, pk: str) -> Any:
        """The form of a contact; it is sent to ContactActions."""
        return self.guarded(self.changes, lambda: self._form_page(the_contact(number_in(pk) or 0, actor=the_user())))

    def _list_page(self) -> str:
        user = the_user()
        query = query_from(request.args.to_dict(flat=False))
        shown = contact_page(query, user=user)
        campaign = _campaign(request.args.get("open_in"), user)
        columns = chosen_columns(query.columns or kept_columns(user), user)
        return self.render_template(
            "contacts/list.html",
            query=query,
            rows=shown.rows,
            columns=columns,
            column_choices=column_choices(columns, user),
            chips=_chips(query),
            cleared=_address(ContactQuery(sort=query.sort, descending=query.descending, columns=query.columns)),
            count=_count_text(shown.count, is_estimate=shown.is_estimate),
            next=_address(replace(query, cursor=shown.next)) if shown.next else None,
            previous=_address(replace(query, cursor=shown.previous)) if shown.previous else None,
            parameters=parameters_of(replace(query, cursor=None)),
            heads=heads_of(columns, _sort_addresses(query)),
            owners=_owners(),
            campaign=campaign,
            campaigns=_campaigns(user) if may(user, Permission.CASE_BULK) else [],
            rules=DUPLICATE_RULES,
            nobody=NOBODY,
            **_rights(user),
        )

    def _show_page(self, contact: Contact) -> str:
        user = the_user()
        of_contact = (Case.contact_id == contact.id, cases_of(user))
        cases = select(Case).where(*of_contact).order_by(Case.created_at.desc())
        people = select(Contact).where(Contact.company_id == contact.id, contacts_of(user)).order_by(Contact.sort_name)
        # Entries that belong to no case are the contact's own; the others are as secret as their case.
        visible = Activity.case_id.is_(None) | Activity.case_id.in_(select(Case.id).where(*of_contact))
        activities = session.scalars(
            select(Activity)
            .where(Activity.contact_id == contact.id, visible)
            .order_by(Activity.at.desc(), Activity.id.desc())
            .limit(ACTIVITIES + 1)
            .options(selectinload(Activity.author), selectinload(Activity.revisions))
        ).all()
        return self.render_template(
            "contacts/show.html",
            contact=contact,
            cases=session.scalars(
                cases.limit(CASES).options(
                    selectinload(Case.status), selectinload(Case.campaign), selectinload(Case.owner)
                )
            ).all(),
            cases_count=session.scalar(select(func.count()).select_from(Case).where(*of_contact)),
            people=session.scalars(people.limit(PEOPLE)).all() if contact.kind == ContactKind.COMPANY else [],
            custom=[
                {"label": field.title, "value": in_words(f"custom.{field.key}", contact.custom[field.key])}
                for field in custom_fields()
                if may_see_custom_field(user, field) and field.key in contact.custom
            ],
            entries=shown_activities(activities[:ACTIVITIES][::-1], user),
            newest_first=False,
            cut_at=ACTIVITIES if len(activities) > ACTIVITIES else None,
            changes=_history(contact, user),
            label_text=label_text,
            **_rights(user),
        )

    def _form_page(self, contact: Contact | None) -> str:
        user = the_user()
        is_company = contact.kind == ContactKind.COMPANY if contact else request.args.get("kind") == "company"
        return self.render_template(
            "contacts/form.html",
            contact=contact,
            kind="company" if is_company else "person",
            fields=[
                (field, may_edit_custom_field(user, field))
                for field in custom_fields()
                if may_see_custom_field(user, field)
            ],
            owners=_owners(),
            label_text=label_text,
        )


class ContactActions(Page):
    """What is done to contacts. A page of its own, because its answers are for scripts."""

    route_base = "/contacts"
    class_permission_name = "Contact"

    @page("/", permission=Permission.CONTACT_READ)
    def index(self) -> AnyResponse:
        """The list."""
        return redirect(url_for("ContactView.list"))

    @page("/columns", permission=Permission.CONTACT_READ, methods=("POST",))
    def keep_columns(self) -> Any:
        """Show these columns from now on."""
        chosen = [str(each) for each in sent_list(body("columns")["columns"])]
        with transaction():
            keep_columns(chosen, actor=the_user())
        return answer({})

    @page("/save", permission=Permission.CONTACT_CREATE, methods=("POST",))
    def create(self) -> Any:
        """A new contact. When one like it is there already, that is told first; `anyway` makes it all the same."""
        user, sent = the_user(), body("kind")
        form = SentForm(sent)
        values = form.values(_kind(sent["kind"]))
        if sent.get("anyway") is not True and (similar := similar_contacts(values, user=user)):
            rows = [
                {
                    "name": one.contact.name,
                    "number": f"K-{one.contact.number}",
                    "url": url_for("ContactView.show", pk=one.contact.id),
                    "reason": str(one.reason),
                }
                for one in similar
            ]
            return problem(409, "similar-contacts", _l("There may be such a contact already."), similar=rows)
        try:
            with transaction():
                contact = create_contact(values, actor=user)
                go = url_for("ContactView.show", pk=contact.id)
        except Invalid as error:
            raise form.placed(error) from error
        return answer({"go": go})

    @page("/<int:contact_id>/save", permission=Permission.CONTACT_EDIT, methods=("POST",))
    def change(self, contact_id: int) -> Any:
        """A changed contact. Where somebody else changed the same field since, both sides are shown."""
        user, sent = the_user(), body("version")
        contact = the_contact(contact_id, actor=user)
        form = SentForm(sent)
        try:
            with transaction():
                change_contact(
                    contact,
                    form.values(ContactKind(contact.kind)),
                    expected_version=sent_number(sent["version"]),
                    actor=user,
                    choices=form.choices(),
                )
        except Conflict as error:
            version = error.details.get("version")
            return problem(409, "conflict", error.message, clash=clash_rows(error), version=version)
        except Invalid as error:
            raise form.placed(error) from error
        return answer({"go": url_for("ContactView.show", pk=contact_id)})

    @page("/<int:contact_id>/number", permission=Permission.CONTACT_EDIT, methods=("POST",))
    def mark(self, contact_id: int) -> Any:
        """Mark a telephone number as wrong, or as right again."""
        user, sent = the_user(), body("number", "is_wrong")
        contact = the_contact(contact_id, actor=user)
        with transaction():
            mark_number(contact, str(sent["number"]), is_wrong=sent["is_wrong"] is True, actor=user)
        return answer({})

    @page("/open-cases", permission=Permission.CASE_BULK, methods=("POST",))
    def open_cases(self) -> Any:
        """Open a case in a campaign for the chosen contacts, or for all that the list shows; as long work."""
        user, sent = the_user(), body("campaign_id")
        campaign = the_campaign(sent_number(sent["campaign_id"]), actor=user)
        ids = sent_numbers(sent.get("ids"))
        query = parameters_of(_sent_query(sent)) if sent.get("all") is True else None
        owners = session.scalars(select(AppUser).where(AppUser.id.in_(sent_numbers(sent.get("owners"))))).all()
        rule = sent_member(sent["rule"], DuplicateRule) if sent.get("rule") else None
        with transaction():
            selection = ContactSelection(ids=ids, query=query)
            work = start_open_for_contacts(selection, campaign, owners=owners, rule=rule, actor=user)
        return answer({"work": work.id, "go": url_for("CaseListView.list", campaign=campaign.id)}, 202)

    @page("/export", permission=Permission.CONTACT_EXPORT, methods=("POST",))
    def export(self) -> Any:
        """Begin an export of all that the list shows; the answer names the work to follow."""
        sent = body("format")
        kind = sent_member(sent["format"], Format)
        with transaction():
            work = start_export(_sent_query(sent), kind, actor=the_user())
        return answer({"work": work.id}, 202)


def _rights(user: AppUser) -> dict[str, bool]:
    asked = {
        "may_create": Permission.CONTACT_CREATE,
        "may_edit": Permission.CONTACT_EDIT,
        "may_import": Permission.CONTACT_IMPORT,
        "may_export": Permission.CONTACT_EXPORT,
        "may_open": Permission.CASE_BULK,
    }
    return {name: may(user, permission) for name, permission in asked.items()}


def _history(contact: Contact, user: AppUser) -> list[dict[str, Any]]:
    """What was changed, newest first: one line for each field."""
    entries = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.record == "contact", HistoryEntry.record_id == contact.id, history_of(user))
        .order_by(HistoryEntry.id.desc())
        .limit(CHANGES)
    )
    titles, hidden = part_titles(), {f"custom.{key}" for key in hidden_keys(user)}
    return [
        {
            "at": entry.at,
            "who": _("system") if entry.actor_id is None else entry.actor_name,
            "field": titles.get(key, key),
            "before": in_words(key, (entry.before or {}).get(key)),
            "after": in_words(key, (entry.after or {}).get(key)),
        }
        for entry in entries
        for key in {**(entry.before or {}), **(entry.after or {})}
        if key not in hidden
    ]


def _chips(query: ContactQuery) -> list[dict[str, Any]]:
    """The filters that hold, each with the address without it."""
    found: list[tuple[Any, Any, dict[str, Any]]] = []
    if query.text:
        found.append((_l("Search"), query.text, {"text": ""}))
    if query.tag:
        found.append((_l("Tag"), query.tag, {"tag": ""}))
    if query.owner:
        owner = session.get(AppUser, int(query.owner)) if query.owner != NOBODY else None
        found.append((_l("Caretaker"), owner.full_name if owner else _l("nobody"), {"owner": ""}))
    if query.kind:
        found.append((_l("Kind"), in_words("kind", query.kind.value), {"kind": None}))
    if query.has_open_case is not None:
        found.append((_l("Open case"), OPEN_CASE_WORDS[query.has_open_case], {"has_open_case": None}))
    if query.import_id is not None:
        found.append((_l("Import"), query.import_id, {"import_id": None}))
    return [
        {"name": name, "value": value, "remove": _address(replace(query, **{**without, "cursor": None}))}
        for name, value, without in found
    ]


def _sort_addresses(query: ContactQuery) -> dict[str, str]:
    """Column → the address that sorts by it, or turns the order."""
    return {
        sort.value: _address(
            replace(query, sort=sort, descending=not query.descending if query.sort == sort else False, cursor=None)
        )
        for sort in type(query.sort)
    }


def _count_text(count: int, *, is_estimate: bool) -> str:
    text = ngettext("%(num)s contact", "%(num)s contacts", count)
    return _("about %(count)s", count=text) if is_estimate else text


def _owners() -> list[AppUser]:
    users = select(AppUser).where(AppUser.active.is_(True)).order_by(AppUser.last_name, AppUser.first_name)
    return list(session.scalars(users))


def _campaigns(user: AppUser) -> list[Campaign]:
    rows = select(Campaign).where(campaigns_of(user), Campaign.state != CampaignState.ARCHIVED).order_by(Campaign.name)
    return list(session.scalars(rows.limit(500)))


def _campaign(given: str | None, user: AppUser) -> Campaign | None:
    if not given or not may(user, Permission.CASE_BULK):
        return None
    return the_campaign(number_in(given) or 0, actor=user)


def _sent_query(sent: dict[str, Any]) -> ContactQuery:
    text = sent.get("query")
    return replace(query_from(parse_qs(text if isinstance(text, str) else "", keep_blank_values=True)), cursor=None)


def _address(query: ContactQuery) -> str:
    parameters = parameters_of(query)
    if open_in := request.args.get("open_in"):
        parameters["open_in"] = open_in
    return url_for("ContactView.list") + (f"?{urlencode(parameters)}" if parameters else "")


def _kind(given: Any) -> ContactKind:
    if not isinstance(given, str) or given not in set(ContactKind):
        raise Invalid(_l("Choose whether it is a person or a company."))
    return ContactKind(given)
