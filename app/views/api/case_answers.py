"""Answers of a case in requests and answers: JSON values by field id, as they are stored; never without the rights."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.cases.answers import document_of, field_of, form_of, language_of, profile_of
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.field_types.base import AnswerType
from app.formbuilder.form import Submission
from app.formbuilder.registry import answer_type
from app.formbuilder.versions import definition_of
from app.models import AppUser, Case


def shown_answers(case: Case, actor: AppUser) -> dict[str, Any]:
    """The answers of the fields that the actor may see and that are in use."""
    version = form_of(case.campaign)
    if version is None:
        return {}
    definition = definition_of(version)
    visible = profile_of(actor, definition).visible
    document = document_of(case)
    return {
        field.id: document[field.id]
        for field in definition.answer_fields()
        if field.id in document and field.id in visible and not field.hidden
    }


def submitted(case: Case, answers: Mapping[str, Any], actor: AppUser) -> Submission:
    """The answers as the form reads them. Invalid for a field that is not there, not the actor's, or misfit."""
    version = form_of(case.campaign)
    definition = definition_of(version) if version else None
    profile = profile_of(actor, definition) if definition else None
    errors: dict[str, list[Any]] = {}
    made: dict[str, str | list[str]] = {}
    for field_id, value in answers.items():
        field = definition.by_id.get(field_id) if definition else None
        kind = answer_type(field) if field else None
        if field is None or kind is None or profile is None or field.hidden or field_id not in profile.visible:
            errors[f"answers.{field_id[:80]}"] = [_l("The form of this case has no such field.")]
        elif field_id not in profile.editable:
            errors[f"answers.{field_id}"] = [_l("You may not change this field.")]
        else:
            try:
                made[field_id] = "" if value is None else _typed(kind, value, language_of(actor))
            except Invalid as error:
                errors[f"answers.{field_id}"] = [error.message]
    if errors:
        raise Invalid(_l("Some values do not fit; see the errors by field."), fields=errors)
    return made


@contextmanager
def by_path() -> Iterator[None]:
    """Name answers in errors as they stand in the body: `answers.<field id>`."""
    try:
        yield
    except Invalid as error:
        error.fields = {_path(key): messages for key, messages in error.fields.items()}
        raise


def _typed(kind: AnswerType[Any, Any], value: Any, language: str) -> str | list[str]:
    """What a person would have typed. A number may come as a number of JSON, though it is stored as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return kind.to_input(kind.from_document(value), language)
        except Invalid:
            value = str(value)
    return kind.to_input(kind.from_document(value), language)


def _path(key: str) -> str:
    field_id = field_of(key)
    return f"answers.{field_id}" if field_id is not None else {"date": "when", "owner": "owner_id"}.get(key, key)
