"""Dictionaries: lists that many forms share, kept by administrators."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import func, select

from app.access.permissions import Permission, may
from app.core.db import session, transaction
from app.core.errors import Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.text import fold
from app.formbuilder import dictionaries as verbs
from app.models import Dictionary, DictionaryEntry
from app.views.base import Page, answer, body, page, the_user
from app.views.sent import sent_number, sent_text

ON_PAGE = 100
LARGEST_PASTE = 16 * 2**20
"""Bytes of one import of entries."""


class DictionaryView(Page):
    """The list of dictionaries, and the entries of one."""

    route_base = "/dictionaries"
    class_permission_name = "Dictionary"

    @page("/", permission=Permission.DICTIONARY_READ)
    def index(self) -> str:
        """All of them, with how many entries each has."""
        size = select(func.count()).where(DictionaryEntry.dictionary_id == Dictionary.id).scalar_subquery()
        rows = session.execute(select(Dictionary, size.label("size")).order_by(func.lower(Dictionary.name))).all()
        return self.render("dictionaries/list.html", rows=rows, may_edit=may(the_user(), Permission.DICTIONARY_EDIT))

    @page("/add", permission=Permission.DICTIONARY_EDIT, methods=("POST",))
    def add(self) -> Any:
        """An empty one."""
        sent = body("name")
        with transaction():
            row = verbs.add_dictionary(sent_text(sent["name"]), sent_text(sent.get("description")), actor=the_user())
            go = url_for("DictionaryView.show", dictionary_id=row.id)
        return answer({"go": go})

    @page("/<int:dictionary_id>", permission=Permission.DICTIONARY_READ)
    def show(self, dictionary_id: int) -> str:
        """Its entries in order: `q` = words in code or title, `after` = the position that a page ended with."""
        dictionary = the_dictionary(dictionary_id)
        words, after = request.args.get("q", "").strip(), request.args.get("after", 0, type=int)
        rows = select(DictionaryEntry).where(
            DictionaryEntry.dictionary_id == dictionary.id, DictionaryEntry.position > after
        )
        for word in fold(words).split()[:8]:
            rows = rows.where(DictionaryEntry.folded.contains(word, autoescape=True))
        rows = rows.order_by(DictionaryEntry.position, DictionaryEntry.id).limit(ON_PAGE + 1)
        entries = session.scalars(rows).all()
        return self.render(
            "dictionaries/show.html",
            dictionary=dictionary,
            entries=entries[:ON_PAGE],
            more=entries[ON_PAGE - 1].position if len(entries) > ON_PAGE else None,
            words=words,
            may_edit=may(the_user(), Permission.DICTIONARY_EDIT),
        )

    @page("/<int:dictionary_id>/change", permission=Permission.DICTIONARY_EDIT, methods=("POST",))
    def change(self, dictionary_id: int) -> Any:
        """Another name or description."""
        sent = body("name", "version")
        with transaction():
            verbs.change_dictionary(
                the_dictionary(dictionary_id),
                sent_text(sent["name"]),
                sent_text(sent.get("description")),
                expected_version=sent_number(sent["version"]),
                actor=the_user(),
            )
        return answer({})

    @page("/<int:dictionary_id>/entries", permission=Permission.DICTIONARY_EDIT, methods=("POST",))
    def add_entry(self, dictionary_id: int) -> Any:
        """A new entry at the end."""
        sent = body("title")
        with transaction():
            verbs.add_entry(
                the_dictionary(dictionary_id),
                sent_text(sent["title"]),
                sent_text(sent.get("code")),
                actor=the_user(),
            )
        return answer({})

    @page("/<int:dictionary_id>/import", permission=Permission.DICTIONARY_EDIT, methods=("POST",))
    def paste(self, dictionary_id: int) -> Any:
        """Entries by line, from the box `lines` or the file `file` of a form."""
        dictionary, upload = the_dictionary(dictionary_id), request.files.get("file")
        try:
            lines = _text_of(upload.stream.read(LARGEST_PASTE + 1)) if upload else request.form.get("lines", "")
            with transaction():
                done = verbs.import_entries(dictionary, lines, actor=the_user())
        except Invalid as error:
            flash(str(error), "danger")
        else:
            flash(_("%(added)s entries added, %(changed)s changed.", added=done.added, changed=done.changed), "success")
        return redirect(url_for("DictionaryView.show", dictionary_id=dictionary_id))

    @page("/<int:dictionary_id>/sort", permission=Permission.DICTIONARY_EDIT, methods=("POST",))
    def sort(self, dictionary_id: int) -> Any:
        """All entries in the order of their titles."""
        with transaction():
            verbs.sort_entries(the_dictionary(dictionary_id), actor=the_user())
        return answer({})

    @page("/entries/<int:entry_id>", permission=Permission.DICTIONARY_EDIT, methods=("POST",))
    def rename_entry(self, entry_id: int) -> Any:
        """Another title."""
        sent = body("title")
        with transaction():
            verbs.rename_entry(_the_entry(entry_id), sent_text(sent["title"]), actor=the_user())
        return answer({})

    @page("/entries/<int:entry_id>/<what>", permission=Permission.DICTIONARY_EDIT, methods=("POST",))
    def turn_entry(self, entry_id: int, what: str) -> Any:
        """Hide it, show it again, or move it up or down."""
        actor = the_user()
        turns: Mapping[str, Callable[[DictionaryEntry], Any]] = {
            "hide": lambda entry: verbs.turn_entry(entry, hidden=True, actor=actor),
            "show": lambda entry: verbs.turn_entry(entry, hidden=False, actor=actor),
            "up": lambda entry: verbs.move_entry(entry, -1, actor=actor),
            "down": lambda entry: verbs.move_entry(entry, 1, actor=actor),
        }
        if what not in turns:
            raise NotFound(_l("There is no such page."))
        with transaction():
            turns[what](_the_entry(entry_id))
        return answer({})


def the_dictionary(dictionary_id: int) -> Dictionary:
    """The dictionary with that id, or NotFound."""
    dictionary = session.get(Dictionary, dictionary_id)
    if dictionary is None:
        raise NotFound(_l("There is no such dictionary."))
    return dictionary


def _the_entry(entry_id: int) -> DictionaryEntry:
    entry = session.get(DictionaryEntry, entry_id)
    if entry is None:
        raise NotFound(_l("There is no such entry."))
    return entry


def _text_of(content: bytes) -> str:
    """A file as text: UTF-8, or as Polish Windows writes it."""
    if len(content) > LARGEST_PASTE:
        raise Invalid(_l("The file is larger than %(limit)s MB.", limit=LARGEST_PASTE // 2**20))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1250", "replace")
