"""Bringing a file in: as a new script, or into the one that has its id already. Nothing is ever taken away.

What the file does not know stays as it is. Statuses change at once, the form only as a draft, unless the script is new
and is to be published. The same code tells beforehand what it would do: the door undoes its transaction.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4, uuid5

from sqlalchemy import func, select, text

from app.core.db import session
from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.comparing import Words, compare
from app.formbuilder.definition import FormDefinition
from app.formbuilder.versions import (
    create_form,
    current_version,
    definition_of,
    draft_definition,
    draft_of,
    publish,
    save_draft,
    unfinished,
)
from app.models import AppUser, Form, FormVersion, Script
from app.portable.document import FormEntry, ScriptFile
from app.portable.exporting import named_rows
from app.portable.joining import join_forms
from app.portable.layout import read_layout
from app.portable.status_list import bring_statuses
from app.scripts.changing import hold_script
from app.scripts.editing import create_script, rename_script, set_form, set_postpone_grid

_LONGEST_NAME = 160


@dataclass
class Brought:
    """What bringing a file in did, or would do."""

    script: Script
    is_new: bool
    form: Form | None = None
    is_published: bool = False
    statuses: list[str] = field(default_factory=list)
    """What became of statuses and rules, in sentences."""
    fields: list[str] = field(default_factory=list)
    """The same of the form."""
    left_out: list[str] = field(default_factory=list)
    """What the file names and this installation does not have."""
    unfinished: list[str] = field(default_factory=list)
    """Why the form cannot be published as it is."""


def script_of(file: ScriptFile) -> Script | None:
    """The script that has the file's id here."""
    return session.scalar(select(Script).where(Script.portable_id == UUID(file.id)))


def bring_in(
    file: ScriptFile,
    *,
    as_new: bool = False,
    publish_form: bool = False,
    expected_version: int | None = None,
    words: Words | None = None,
    actor: AppUser,
) -> Brought:
    """Apply the file. `as_new` makes a script of its own even where there is one with its id.

    `publish_form` publishes the form of a new script; Invalid when it is unfinished. Conflict when the script that
    changes is not at `expected_version`. Without `words` nothing is told of the form.
    """
    script = None if as_new else script_of(file)
    if script is not None and expected_version is not None:
        hold_script(script, expected_version)
    brought = _begin(file, actor) if script is None else Brought(script=script, is_new=False)
    if not brought.is_new:
        _change_head(file, brought, actor)
    ids = bring_statuses(file, brought.script, is_new=brought.is_new, told=brought.statuses, actor=actor)
    if file.form is not None:
        _bring_form(file.form, brought, ids, words, publish_form=publish_form and brought.is_new, actor=actor)
    session.flush()
    return brought


def _begin(file: ScriptFile, actor: AppUser) -> Brought:
    script = create_script(_free_name(file.name), description=file.description, with_start_set=False, actor=actor)
    script.portable_id = uuid4() if script_of(file) else UUID(file.id)
    session.flush()
    set_postpone_grid(script, file.postpone_grid_minutes, expected_version=script.version, actor=actor)
    return Brought(script=script, is_new=True)


def _change_head(file: ScriptFile, brought: Brought, actor: AppUser) -> None:
    script = brought.script
    name = script.name if file.name.lower() == script.name.lower() else _free_name(file.name)
    if name != script.name:
        brought.statuses.append(_("The script is renamed: %(old)s → %(new)s", old=script.name, new=name))
    rename_script(script, name, description=file.description, expected_version=script.version, actor=actor)
    set_postpone_grid(script, file.postpone_grid_minutes, expected_version=script.version, actor=actor)


def _free_name(name: str) -> str:
    """The name, with a number behind it where another script has it."""
    name = " ".join(name.split())
    taken = set(session.scalars(select(func.lower(Script.name))))
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        suffix = f" ({number})"
        free = name[: _LONGEST_NAME - len(suffix)] + suffix
    return free


def _bring_form(
    entry: FormEntry,
    brought: Brought,
    ids: dict[str, int],
    words: Words | None,
    *,
    publish_form: bool,
    actor: AppUser,
) -> None:
    script = brought.script
    is_new = script.form is None
    form = script.form or create_form(entry.name, actor=actor)
    if is_new:
        set_form(script, form, expected_version=script.version, actor=actor)
    brought.form = form
    local = draft_definition(form, actor=actor)
    definition = _definition(entry, local, brought, ids, is_new=is_new)
    if is_new:
        counts = {"pages": len(definition.pages), "fields": len(definition.fields)}
        brought.fields.append(_("The form “%(name)s”: %(pages)s pages, %(fields)s fields.", name=form.name, **counts))
    elif words is not None:
        brought.fields += [each.sentence for each in compare(local, definition, words)]
    brought.unfinished += _unfinished(definition, form)
    if publish_form:
        if brought.unfinished:
            raise Invalid(_l("The form is not finished, so it can only be kept as a draft."))
        publish(form, definition, base=form.published, actor=actor)
        brought.is_published = True
    elif definition != local:
        draft = draft_of(form, actor)
        base = draft.base if draft else form.published
        save_draft(form, definition, base=base, seen=draft.at if draft else None, actor=actor)


def _definition(
    entry: FormEntry, local: FormDefinition, brought: Brought, ids: dict[str, int], *, is_new: bool
) -> FormDefinition:
    """The file's form with ids of this installation, and with everything that only this installation has."""
    namespace = brought.script.portable_id
    elsewhere = _field_ids_elsewhere(brought.form)

    def place(file_id: str) -> str:
        # An id names one field, or answers of two forms would mix: a copy gets ids of its own, always the same ones.
        own = str(uuid5(namespace, file_id))
        return own if own in local.by_id or (file_id not in local.by_id and file_id in elsewhere) else file_id

    def find(kind: str, name: str, title: str) -> int | None:
        row = ids.get(name) if kind == "status" else _row(kind, name)
        if row is None:
            brought.left_out.append(_("“%(field)s”: there is no “%(name)s” here.", field=title, name=name))
        return row

    incoming = read_layout(entry.pages, namespace=namespace, place=place, find=find)
    return incoming if is_new else join_forms(local, incoming)


def _row(kind: str, name: str) -> int | None:
    rows = named_rows().get(kind)
    named = {} if rows is None else {row.name: row.id for row in reversed(session.execute(rows).all())}
    return named.get(name)


def _field_ids_elsewhere(form: Form | None) -> frozenset[str]:
    """Ids of the fields of every other form that was published."""
    each = func.jsonb_array_elements(FormVersion.definition["fields"]).op("->>")(text("'id'"))
    rows = select(each).where(FormVersion.superseded_at.is_(None), FormVersion.form_id != (form.id if form else 0))
    return frozenset(session.scalars(rows))


def _unfinished(definition: FormDefinition, form: Form) -> Iterator[str]:
    """What keeps the form from being published, by the title of what it is about."""
    titles = {page.id: page.title for page in definition.pages} | {each.id: each.title for each in definition.fields}
    current = current_version(form.id)
    published = definition_of(current).by_id if current else ()
    for key, messages in unfinished(definition, published).items():
        for message in messages:
            yield f"{titles.get(key) or key}: {message}"
