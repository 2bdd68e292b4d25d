"""What an edit of a form would mean for the answers of a case: what would be missing, and what would not fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import Invalid
from app.core.i18n import DEFAULT_LANGUAGE
from app.formbuilder.conversion import convert
from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.form import check
from app.formbuilder.profile import Profile
from app.formbuilder.registry import answer_type


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Ids of fields, as the edit and not the present form would have it."""

    missing: frozenset[str]
    """Required to save or to close, and empty."""
    unfit: Mapping[str, Any]
    """Stored answers that would not be taken, or would not convert, by field id."""


def try_answers(now: FormDefinition, edited: FormDefinition, document: Mapping[str, Any]) -> Tried:
    """How the answers of one case, stored in `now`, would do in `edited`. What is wrong already is not told."""
    unfit, after = {}, dict(document)
    for field in edited.fields:
        raw, former = document.get(field.id), now.by_id.get(field.id)
        if raw is None or former is None or field.hidden or former == field:
            continue
        converted = convert(raw, former, field)
        if converted is None:
            after.pop(field.id)
        else:
            after[field.id] = converted
        if converted is None or (not _is_taken(converted, field) and _is_taken(raw, former)):
            unfit[field.id] = raw
    missing = _missing(edited, after)
    return Tried(missing=missing - _missing(now, document) if missing else missing, unfit=unfit)


def _missing(definition: FormDefinition, document: Mapping[str, Any]) -> frozenset[str]:
    everything = frozenset(definition.by_id)
    profile = Profile(visible=everything, editable=everything)
    return frozenset(check(definition, {}, before=document, profile=profile, closing=True).errors)


def _is_taken(raw: Any, field: Field) -> bool:
    """Whether the field would take the answer if it were typed today."""
    kind = answer_type(field)
    value = kind.stored(raw) if kind else None
    if kind is None or value is None:
        return False
    if not kind.is_given or kind.reference:
        return True
    try:
        kind.parse(kind.to_input(value, DEFAULT_LANGUAGE), language=DEFAULT_LANGUAGE, before=value)
    except Invalid:
        return False
    return True
