"""The case card: opening it, saving it, its notes and files, and moving the case."""

from datetime import datetime
from typing import Any

from flask import Response, current_app, request, send_file, url_for
from sqlalchemy import select

from app.access.permissions import Permission, may
from app.access.visible import the_campaign, the_case, the_contact, the_file
from app.cases import drafts, moving, notes, open_cards, ownership
from app.cases.answers import case_title, contact_title
from app.cases.entries import entries_offered
from app.cases.merging import Conflicting, OutdatedForm
from app.cases.saving import UNCHANGED, CaseChanges, save_case
from app.cases.timeline import changed_since
from app.contacts.search import search_cases, search_contacts
from app.core.db import session, transaction
from app.core.errors import Invalid, SplotError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.files.store import download_headers, open_file
from app.formbuilder.entries import dictionary_named
from app.models import Activity, AppUser, Case, HistoryEntry
from app.models.cases import Source
from app.views.base import Page, answer, body, page, problem, the_user
from app.views.card import ON_CARD, FormShown, card_context, card_data, header_of, timeline
from app.views.formats import clock_time
from app.views.new_case import dialog_of, open_from_dialog
from app.views.sent import sent_member, sent_number, sent_object, sent_when

_ANSWER = "answer:"
_FORM_SHOWN = ("form_version", "script_version", "audience")
"""What a card says of the form that it shows."""
HISTORY = 200


class CaseView(Page):
    """One case."""

    route_base = "/cases"
    class_permission_name = "Case"

    @page("/<int:number>", permission=Permission.CASE_READ)
    def card(self, number: int) -> str:
        """The card. An agent who opens an unowned case becomes its owner."""
        user = the_user()
        # The page is made before the commit, after which everything would have to be read once more.
        with transaction():
            case = the_case(number, actor=user, options=ON_CARD)
            ownership.open_card(case, actor=user)
            open_cards.keep_open(case, actor=user)
            contact = {
                "contact_url": url_for("ContactView.show", pk=case.contact_id),
                "contact_edit_url": url_for("ContactView.edit", pk=case.contact_id),
                "contact_new_url": url_for("ContactView.add"),
                "contact_search_url": url_for("SearchView.contacts"),
            }
            return self.render("cases/card.html", **card_context(case, user), **contact, open_case=case.id)

    @page("/new", permission=Permission.CASE_CREATE)
    def new(self) -> str:
        """The dialog for a new case, as a fragment. `contact`, `campaign`: what it is opened from."""
        dialog = dialog_of(
            the_user(),
            contact_id=request.args.get("contact", type=int),
            campaign_id=request.args.get("campaign", type=int),
        )
        urls = {"search_url": url_for("SearchView.contacts"), "contact_new_url": url_for("ContactView.add")}
        return self.render("cases/new.html", **dialog, **urls)

    @page("/add", permission=Permission.CASE_CREATE, methods=("POST",))
    def add(self) -> Any:
        """A new case of a contact in a campaign; the contact may be new, too."""
        user, sent = the_user(), body("campaign_id")
        with transaction():
            number = open_from_dialog(sent, actor=user).number
        return answer({"number": number, "go": url_for("CaseView.card", number=number)})

    @page("/<int:number>/save", permission=Permission.CASE_EDIT, methods=("POST",))
    def save(self, number: int) -> Any:
        """Save what the card changed. On a refusal what was typed is kept as a draft."""
        user, sent = the_user(), body("changes", "loaded_version")
        case = the_case(number, actor=user, options=ON_CARD)
        try:
            changes = _changes(sent, user)
            with transaction():
                saved = save_case(case, changes, loaded_version=sent_number(sent["loaded_version"]), actor=user)
                form = FormShown(case, user)
                card, facts = card_data(case, user, form), self._facts(case, form)
        except SplotError as error:
            _keep(number, sent, user)
            return self._refused(error, number, user)
        outcome = saved.status
        note = _("Saved. The earlier promise was replaced.") if outcome and outcome.replaced else ""
        # Among what others did are notes, which the card has no field for: its timeline shows them.
        merged = [key for key in saved.merged if key in card["titles"]]
        return answer({"card": card, "facts": facts, "merged": merged, "note": note})

    @page("/<int:number>/state", permission=Permission.CASE_READ)
    def state(self, number: int) -> Any:
        """The case as it is now, for a card that was away or that heard of a change.

        `version`, `form_version`, `script_version` and `audience` are what the card shows; `form` is a FormState when
        these are others now. `who` names the others who changed the case since.
        """
        user = the_user()
        case = the_case(number, actor=user, options=ON_CARD)
        form = FormShown(case, user)
        data = card_data(case, user, form)
        shown = (request.args.get(name) for name in _FORM_SHOWN)
        is_shown = all(value == str(data[name]) for name, value in zip(_FORM_SHOWN, shown, strict=True))
        since = changed_since(case, request.args.get("version", case.version, type=int))
        changes = [change for change in since.values() if change.field != "note" and change.actor_id != user.id]
        who = {change.actor_name if change.actor_id else _("system"): None for change in changes}
        facts = self._facts(case, form)
        return answer(
            {"card": data, "facts": facts, "who": ", ".join(who), "form": None if is_shown else form.state().as_json()}
        )

    @page("/<int:number>/draft", permission=Permission.CASE_EDIT, methods=("PUT", "DELETE"))
    def draft(self, number: int) -> Any:
        """Keep what is typed and not saved, or forget it."""
        user = the_user()
        case = the_case(number, actor=user)
        with transaction():
            if request.method == "DELETE":
                drafts.discard_draft(case, actor=user)
            else:
                sent = body("content", "base_version")
                base = sent_number(sent["base_version"])
                drafts.save_draft(case, sent_object(sent["content"]), base_version=base, actor=user)
        return answer({})

    @page("/<int:number>/leave", permission=Permission.CASE_READ, methods=("POST",))
    def leave(self, number: int) -> Any:
        """The user closed the card: its tab goes. What was typed and not saved is offered at the next opening."""
        user = the_user()
        case = the_case(number, actor=user)
        with transaction():
            open_cards.close_card(case, actor=user)
        return answer({})

    @page("/<int:number>/activities", permission=Permission.CASE_READ)
    def activities(self, number: int) -> str:
        """The timeline as a fragment: `kind`, `text`, `order=newest`."""
        user = the_user()
        wanted = {"kind": request.args.get("kind", ""), "text": request.args.get("text", "").strip()}
        newest = request.args.get("order") == "newest"
        shown = timeline(the_case(number, actor=user), user, **wanted, newest_first=newest)
        return self.render("cases/timeline.html", **shown)

    @page("/<int:number>/notes", permission=Permission.CASE_EDIT, methods=("POST",))
    def add_note(self, number: int) -> Any:
        """A note."""
        user, sent = the_user(), body("text")
        with transaction():
            note = notes.add_note(the_case(number, actor=user), str(sent["text"]), actor=user)
            note_id = note.id
        return answer({"id": note_id}, 201)

    @page("/<int:number>/notes/<int:note_id>", permission=Permission.CASE_EDIT, methods=("PUT",))
    def edit_note(self, number: int, note_id: int) -> Any:
        """Another text of a note; the earlier one is kept. `seen` is the text that the editor showed."""
        user, sent = the_user(), body("text", "seen")
        case = the_case(number, actor=user)
        note = session.scalar(select(Activity).where(Activity.id == note_id, Activity.case_id == case.id))
        if note is None:
            return problem(404, "not-found", _("There is no such note on this case."))
        with transaction():
            notes.edit_note(note, str(sent["text"]), seen=str(sent["seen"]), actor=user)
        return answer({})

    @page("/<int:number>/files", permission=Permission.CASE_EDIT, methods=("POST",))
    def attach(self, number: int) -> Any:
        """A file, as `file` of a multipart form."""
        user = the_user()
        case = the_case(number, actor=user)
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            raise Invalid(_l("Choose a file first."))
        with transaction():
            file = notes.attach_file(case, upload.filename, upload.stream, actor=user)
            stored = {"id": file.id, "name": file.name, "size": file.size}
        return answer(stored, 201)

    @page("/<int:number>/look-up", permission=Permission.CASE_READ)
    def look_up(self, number: int) -> Any:
        """Contacts, cases or entries of a dictionary that a field of the form may name: `kind`, `q`."""
        user = the_user()
        case = the_case(number, actor=user)
        words, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
        if (dictionary_id := dictionary_named(kind)) is not None:
            return answer({"results": entries_offered(case, dictionary_id, words, actor=user)})
        if kind == "contact":
            found = search_contacts(words, user=user, limit=10)
            rows = [{"id": contact.id, "title": contact_title(contact)} for contact in found]
        else:
            rows = [{"id": each.id, "title": case_title(each)} for each in search_cases(words, user=user)]
        return answer({"results": rows})

    @page("/<int:number>/move", permission=Permission.CASE_MOVE)
    def preview_move(self, number: int) -> str:
        """What a change of the campaign would do, as a fragment."""
        user = the_user()
        campaign = the_campaign(request.args.get("campaign_id", 0, type=int), actor=user)
        preview = moving.preview_move(the_case(number, actor=user), campaign, actor=user)
        return self.render("cases/move.html", preview=preview)

    @page("/<int:number>/move", permission=Permission.CASE_MOVE, methods=("POST",))
    def move(self, number: int) -> Any:
        """To another campaign."""
        user, sent = the_user(), body("campaign_id")
        campaign = the_campaign(sent_number(sent["campaign_id"]), actor=user)
        with transaction():
            moving.change_campaign(the_case(number, actor=user), campaign, actor=user)
        return answer({})

    @page("/<int:number>/source", permission=Permission.CASE_EDIT, methods=("POST",))
    def change_source(self, number: int) -> Any:
        """Another channel that it came in by."""
        user, sent = the_user(), body("source")
        with transaction():
            moving.change_source(the_case(number, actor=user), sent_member(sent["source"], Source), actor=user)
        return answer({})

    @page("/<int:number>/contact", permission=Permission.CASE_EDIT, methods=("POST",))
    def change_contact(self, number: int) -> Any:
        """To another contact."""
        user, sent = the_user(), body("contact_id")
        contact = the_contact(sent_number(sent["contact_id"]), actor=user)
        with transaction():
            moving.change_contact_of_case(the_case(number, actor=user), contact, actor=user)
        return answer({})

    @page("/<int:number>/history", permission=Permission.CASE_READ)
    def history(self, number: int) -> str:
        """Who changed what, as a fragment. Answers are shown by the rights of the reader."""
        user = the_user()
        case = the_case(number, actor=user)
        entries = session.scalars(
            select(HistoryEntry)
            .where(HistoryEntry.record == "case", HistoryEntry.record_id == case.id)
            .order_by(HistoryEntry.id.desc())
            .limit(HISTORY)
        ).all()
        return self.render("cases/history.html", rows=_history_rows(case, user, entries))

    def _facts(self, case: Case, form: FormShown) -> str:
        """What the header says and nobody types there, as a fragment."""
        return self.render("cases/card_facts.html", case=case, header=header_of(case, form))

    def _refused(self, error: SplotError, number: int, user: AppUser) -> Response:
        """The refusal with what the card needs to go on from it."""
        details: dict[str, Any] = {}
        if isinstance(error, Conflicting | OutdatedForm):
            case = the_case(number, actor=user)
            form = FormShown(case, user)
            data = card_data(case, user, form)
            details["card"] = data
            if isinstance(error, OutdatedForm):
                details["form"] = form.state().as_json()
            else:
                conflicts = error.details["conflicts"]
                details["who"] = conflicts[0]["who"]
                details["at"] = clock_time(datetime.fromisoformat(conflicts[0]["when"]))
                details["clashes"] = [
                    {"key": each["field"], "title": each["title"], "theirs": each["theirs_text"],
                     "mine": each["mine_text"], "value": data["values"].get(each["field"], "")}
                    for each in conflicts
                ]  # fmt: skip
        if isinstance(error, Invalid):
            details["fields"] = {key: [str(text) for text in texts] for key, texts in error.fields.items()}
        return problem(error.status, error.slug, str(error), **details)


class FileView(Page):
    """Stored files, by the rights of the case that they belong to."""

    route_base = "/files"
    class_permission_name = "Case"

    @page("/<int:file_id>", permission=Permission.CASE_READ)
    def download(self, file_id: int) -> Any:
        """The bytes, to be saved by the browser and never shown or run by it."""
        file = the_file(file_id, actor=the_user())
        response = send_file(open_file(file), mimetype=file.media_type)
        response.headers.update(download_headers(file))
        return response


def _changes(sent: dict[str, Any], user: AppUser) -> CaseChanges:
    """What the card sends by key, as the verb takes it."""
    raw = sent_object(sent["changes"])
    answers = {key.removeprefix(_ANSWER): value for key, value in raw.items() if key.startswith(_ANSWER)}
    for value in answers.values():
        if not isinstance(value, str) and not (
            isinstance(value, list) and all(isinstance(each, str) for each in value)
        ):
            raise Invalid(_l("An answer is a text or a list of texts."))
    status = sent_number(raw["status"]) if raw.get("status") else None
    when = raw.get("when")
    owner = raw.get("owner")
    return CaseChanges(
        subject=str(raw["subject"]) if "subject" in raw else None,
        answers=answers,
        form_version=sent.get("form_version"),
        owner_id=UNCHANGED if owner is None else (sent_number(owner) if owner else None),
        status_id=status if status is not None or not when else None,
        date=sent_when(when, user) if when else None,
        note=str(raw.get("note", "")),
    )


def _keep(number: int, sent: dict[str, Any], user: AppUser) -> None:
    """What was typed outlives the refusal, in a transaction of its own."""
    try:
        with transaction():
            drafts.save_draft(
                the_case(number, actor=user),
                sent_object(sent["changes"]),
                base_version=sent_number(sent["loaded_version"]),
                actor=user,
            )
    except SplotError as error:
        current_app.logger.info("no draft of case %s was kept: %s", number, error)


def _history_rows(case: Case, user: AppUser, entries: Any) -> list[dict[str, Any]]:
    """One row for each field that an entry changed; answers by the rights of the reader."""
    form = FormShown(case, user)
    titles = {
        "subject": _("Subject"), "owner": _("Owner"), "status": _("Status"), "source": _("Source"), "due_at": _("Due"),
        "campaign": _("Campaign"), "contact": _("Contact"), "note": _("Note"), "name": _("File"), **form.titles(),
    }  # fmt: skip
    hidden = form.unseen()
    sees_all = may(user, Permission.HISTORY_READ)
    rows = []
    for entry in entries:
        before, after = entry.before or {}, entry.after or {}
        for key in {**before, **after}:
            # An answer of a form that the case has left has no title here, and whether it may be seen is not known.
            if key in hidden or (key not in titles and not (sees_all and key.startswith(_ANSWER))):
                continue
            shown = [form.text(key, side.get(key), entry.at) for side in (before, after)]
            if any(shown):
                title = titles.get(key, _("answer of an earlier form"))
                rows.append(
                    {"at": entry.at, "who": entry.actor_name, "field": title, "before": shown[0], "after": shown[1]}
                )
    return rows
