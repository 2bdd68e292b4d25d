"""The WTForms form of a version and a rights profile, and the one check that every door uses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from wtforms import Form
from wtforms.meta import DefaultMeta

from app.core import clock
from app.core.i18n import DEFAULT_LANGUAGE
from app.formbuilder.answer_field import AnswerField
from app.formbuilder.definition import FormDefinition
from app.formbuilder.expression import Instant
from app.formbuilder.logic import LogicState, instant, state
from app.formbuilder.profile import Profile
from app.formbuilder.registry import answer_type

Document = Mapping[str, Any]
Submission = Mapping[str, str | list[str]]
Find = Callable[[str, int], str | None]
"""Title of the `contact`, `case` or `file` with that id, or None when there is none that the person may see."""


def nothing_found(kind: str, row_id: int) -> None:
    """Where nobody looks rows up, no row may be named."""


class AnswerMeta(DefaultMeta):
    """What the fields need to know about the request. CSRF is the doors' concern, for the page as a whole."""

    csrf = False
    language: str = DEFAULT_LANGUAGE
    closing: bool = False
    find: Find = staticmethod(nothing_found)


class AnswerForm(Form):
    """Base of the forms that are built from definitions."""

    Meta = AnswerMeta


@dataclass(frozen=True)
class Checked:
    """What a submission comes to. With errors nothing should be saved."""

    document: dict[str, Any]
    """All answers after it, those that were not touched included."""
    changed: set[str]
    """Ids of the fields whose answer is another one than before."""
    errors: dict[str, list[str]]
    """Messages by field id, in the reader's language."""
    logic: LogicState
    """What the answers after it make of the form."""


def form_class(definition: FormDefinition, profile: Profile) -> type[AnswerForm]:
    """A form with one field for each answer that the profile sees and that is not hidden; named by field id."""
    if profile not in definition.kept:
        definition.kept[profile] = _form_class(definition, profile)
    return cast("type[AnswerForm]", definition.kept[profile])


def _form_class(definition: FormDefinition, profile: Profile) -> type[AnswerForm]:
    fields = {}
    for field_id, kind in definition.kinds.items():
        if not kind.field.hidden and field_id in profile.visible:
            fields[field_id] = kind.wtforms_field(editable=field_id in profile.editable)
    return cast("type[AnswerForm]", type("VersionForm", (AnswerForm,), fields))


def check(
    definition: FormDefinition,
    submitted: Submission,
    *,
    before: Document,
    profile: Profile,
    closing: bool,
    language: str = DEFAULT_LANGUAGE,
    find: Find = nothing_found,
    at: Instant | None = None,
) -> Checked:
    """Check what was submitted against the version, its logic and the rights.

    Only shown fields that the profile may edit are taken; whatever else was submitted is ignored, and all other answers
    stay as they were. What a condition hides, or the path of pages leaves out, is neither checked nor required.
    Calculated answers are those of the moment `at`, this one by default. Numbers and dates are read as `language`
    writes them.
    """
    meta = {"language": language, "closing": closing, "find": find}
    form = form_class(definition, profile)(_Submitted(submitted), data=dict(before), meta=meta)
    answers = _answers(form)
    logic = state(definition, _document(answers, before), at or instant(clock.now()))
    for name, field in answers:
        field.settle(is_shown=name in logic.visible, is_required=name in logic.required)
    form.validate()
    document = _filled({**_document(answers, before), **logic.calculated})
    return Checked(
        document=document,
        changed={name for name in {**before, **document} if before.get(name) != document.get(name)},
        errors={name: [str(message) for message in field.errors] for name, field in answers if field.errors},
        logic=logic,
    )


def starting_document(definition: FormDefinition) -> dict[str, Any]:
    """The answers of a new case: the defaults, and what is calculated from them."""
    defaults = {
        field.id: field.default
        for field in definition.answer_fields()
        if field.default is not None and not field.hidden
    }
    return _filled({**defaults, **state(definition, defaults, instant(clock.now())).calculated})


def form_values(
    definition: FormDefinition, document: Document, profile: Profile, language: str
) -> dict[str, str | list[str]]:
    """What the controls of the card show: the answers of every field that the profile sees, as `check` reads them."""
    values: dict[str, str | list[str]] = {}
    for field in definition.answer_fields():
        kind = answer_type(field)
        if not kind or field.hidden or field.id not in profile.visible:
            continue
        value = kind.stored(document.get(field.id))
        values[field.id] = "" if value is None else kind.to_input(value, language)
    return values


def references(definition: FormDefinition, document: Document) -> dict[str, set[int]]:
    """Ids of the rows that the answers name, by kind (`contact`, `case`, `file`): a door fetches their titles."""
    named: dict[str, set[int]] = {}
    for field in definition.answer_fields():
        kind = answer_type(field)
        value = kind.stored(document.get(field.id)) if kind else None
        if kind and kind.reference and value is not None:
            named.setdefault(kind.reference, set()).update(kind.references(value))
    return named


class _Submitted:
    """A mapping as WTForms reads it. An empty list is an answer too: none of the choices."""

    def __init__(self, values: Submission) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> Sequence[str]:
        """All texts of one field."""
        value = self._values[name]
        return ([value] if isinstance(value, str) else list(value)) or [""]


def _document(answers: Sequence[tuple[str, AnswerField]], before: Document) -> dict[str, Any]:
    """All answers, with those of the form's fields in the place of the earlier ones."""
    return _filled({**before, **{name: field.document_value for name, field in answers}})


def _filled(document: Document) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}


def _answers(form: AnswerForm) -> list[tuple[str, AnswerField]]:
    return [(name, cast("AnswerField", field)) for name, field in form._fields.items()]
