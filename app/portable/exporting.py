"""A script as a file."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select

from app.core.db import session
from app.core.errors import TooLarge
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.definition import empty_definition
from app.formbuilder.versions import current_version, definition_of, draft_definition
from app.models import AppUser, Campaign, Dictionary, Script, Status, Webhook
from app.portable.document import FORMAT, FormEntry, RuleEntry, ScriptFile, StatusEntry, write_file
from app.portable.keys import free_key
from app.portable.layout import Names, write_layout
from app.portable.reading import SIZE
from app.scripts.kinds import KINDS
from app.scripts.ruling import values_of_rule
from app.scripts.statuses import in_order

_NAMED: Mapping[str, Any] = {"campaign": Campaign, "dictionary": Dictionary, "webhook": Webhook}


def export_script(script: Script, *, draft_of: AppUser | None = None) -> str:
    """The file of a script with the current version of its form; with `draft_of`, with that user's draft instead.

    What a form names elsewhere (campaigns, webhooks …) goes by its name; statuses of other scripts are left out.
    """
    statuses = [status for status in in_order(script.statuses) if KINDS[status.kind].set_by_people]
    keys: dict[int, str] = {}
    for status in statuses:
        keys[status.id] = free_key(status.name, set(keys.values()))
    text = write_file(
        ScriptFile(
            splot=FORMAT,
            id=str(script.portable_id),
            name=script.name,
            description=script.description,
            postpone_grid_minutes=script.postpone_grid_minutes,
            statuses=tuple(_status(status, keys) for status in statuses),
            rules=tuple(_rules(script, keys)),
            form=_form(script, keys, draft_of),
        )
    )
    if len(text.encode()) > SIZE:
        raise TooLarge(_l("This script is too large for one file of %(limit)s MB.", limit=SIZE // 2**20))
    return text


def _status(status: Status, keys: dict[int, str]) -> StatusEntry:
    return StatusEntry(
        key=keys[status.id],
        id=str(status.portable_id),
        name=status.name,
        kind=status.kind.value,
        initial=status.is_initial,
        parent=keys.get(status.parent_id or 0),
        hidden=status.is_hidden,
        colour=status.colour.value if status.colour else None,
        limit_minutes=status.limit_minutes,
        date=status.date_mode.value if status.date_mode else None,
        relative_minutes=status.relative_minutes,
        absolute_at=status.absolute_at.isoformat() if status.absolute_at else None,
    )


def _rules(script: Script, keys: dict[int, str]) -> Iterator[RuleEntry]:
    for rule in script.rules:
        values = values_of_rule(rule)
        if values.to_id in keys:
            sources = None if values.from_any else tuple(keys[each] for each in values.from_ids if each in keys)
            yield RuleEntry(event=values.event.value, sources=sources, to=keys[values.to_id], minutes=values.minutes)


def _form(script: Script, keys: dict[int, str], draft_of: AppUser | None) -> FormEntry | None:
    if script.form is None:
        return None
    if draft_of is not None:
        definition = draft_definition(script.form, actor=draft_of)
    else:
        version = current_version(script.form.id)
        definition = definition_of(version) if version else empty_definition()
    return FormEntry(name=script.form.name, pages=write_layout(definition, _names(keys)))


def _names(keys: dict[int, str]) -> Names:
    """What rows are called: statuses by their key in the file, all others by their name."""
    return {
        **{("status", row): key for row, key in keys.items()},
        **{(kind, row.id): row.name for kind, rows in named_rows().items() for row in session.execute(rows)},
    }


def named_rows() -> dict[str, Select[Any]]:
    """Id and name of the rows that a form may name, by kind; of two with one name the older comes first."""
    return {kind: select(model.id, model.name).order_by(model.id) for kind, model in _NAMED.items()}
