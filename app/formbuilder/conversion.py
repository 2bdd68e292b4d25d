"""A field gets another kind: which stored answers become answers of the new one, and what is kept of the others.

Nothing is ever lost: what an answer was before stays among the former answers of its case, with the version of the
form that says how it was meant.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.core.errors import Invalid
from app.core.i18n import DEFAULT_LANGUAGE
from app.core.text import fold
from app.formbuilder.config import WithChoices
from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.field_types.base import AnswerType
from app.formbuilder.field_types.choices import MultipleChoiceType, SingleChoiceType, YesNoType
from app.formbuilder.moments import HOME
from app.formbuilder.numbers import write_number
from app.formbuilder.registry import answer_type, field_type

Document = Mapping[str, Any]
Former = Mapping[str, list[dict[str, Any]]]
"""Former answers by field id, oldest first: `version` (id of the form version), `value`, `converted`."""
FieldOf = Callable[[int, str], Field | None]
"""A field as a form version, named by its id, knew it."""

_LANGUAGE = DEFAULT_LANGUAGE
_YES = frozenset({"tak", "yes", "true", "1", "t", "y"})
_NO = frozenset({"nie", "no", "false", "0", "n"})


@dataclass(frozen=True, kw_only=True)
class Brought:
    """The answers of a case as the fields of another version mean them."""

    document: dict[str, Any]
    former: dict[str, list[dict[str, Any]]]


def means_the_same(old: Field, new: Field) -> bool:
    """Whether stored answers keep their meaning: the same kind, and the settings that give it (a currency)."""
    if old.kind != new.kind:
        return False
    fixed = field_type(old).fixed_settings
    return all(getattr(old.config, name) == getattr(new.config, name) for name in fixed)


def changed_meanings(before: FormDefinition, after: FormDefinition) -> list[tuple[Field, Field]]:
    """The fields whose stored answers mean something else afterwards, in both shapes."""
    if before is after:
        return []
    both = ((field, after.by_id.get(field.id)) for field in before.answer_fields())
    return [(old, new) for old, new in both if new is not None and not means_the_same(old, new)]


def convert(raw: Any, old: Field, new: Field) -> Any:
    """The stored answer as one of the new kind, as its document holds it; None when it is none."""
    was, becomes = answer_type(old), answer_type(new)
    if raw is None or was is None or becomes is None:
        return None
    if means_the_same(old, new):
        return raw
    if old.kind == new.kind or was.reference or becomes.reference or not becomes.is_given:
        # 100 zł are not 100 €, and the number of a file is not the number of a contact.
        return None
    value = was.stored(raw)
    if value is None:
        return None
    for typed, before in _as_typed(value, was, becomes):
        try:
            read = becomes.parse(typed, language=_LANGUAGE, before=before)
        except Invalid:
            continue
        if read is not None:
            return becomes.to_document(read)
    return None


def bring_forward(
    document: Document,
    former: Former,
    *,
    written: FormDefinition,
    now: FormDefinition,
    version: int,
    field_of: FieldOf,
) -> Brought:
    """Answers that were given in the definition `written` (form version `version`), as `now` means them.

    What does not convert leaves the document and waits among the former answers: it comes back by itself when the
    field is of a kind again that it fits.
    """
    after = dict(document)
    kept = {field_id: list(entries) for field_id, entries in former.items()}
    for old, new in changed_meanings(written, now):
        raw, entries = after.pop(new.id, None), kept.get(new.id, [])
        last = entries[-1] if entries else None
        origin = field_of(last["version"], new.id) if last else None
        if raw is None:
            value = convert(last["value"], origin, new) if last and origin and not last["converted"] else None
            if last and value is not None:
                entries[-1] = {**last, "converted": True}
        else:
            value = _untouched(raw, old, new, last, origin)
            value = convert(raw, old, new) if value is None else value
            entry = {"version": version, "value": raw, "converted": value is not None}
            kept[new.id] = entries if entry == last else [*entries, entry]
        if value is not None:
            after[new.id] = value
    return Brought(document=after, former=kept)


def _untouched(raw: Any, old: Field, new: Field, last: Mapping[str, Any] | None, origin: Field | None) -> Any:
    """What was stored before the last conversion: the field is again what it was, and nobody answered since."""
    if last is None or origin is None or not last["converted"] or not means_the_same(origin, new):
        return None
    return last["value"] if convert(last["value"], origin, old) == raw else None


def _as_typed(value: Any, was: AnswerType[Any, Any], becomes: AnswerType[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """The answer as somebody might type it into the new field, the likeliest first; beside it the earlier answer."""
    if isinstance(becomes, SingleChoiceType | MultipleChoiceType):
        ids = _chosen(value, was, becomes.choices)
        if ids:
            yield (ids, tuple(ids)) if isinstance(becomes, MultipleChoiceType) else (ids, ids[0])
        return
    if isinstance(becomes, YesNoType):
        word = fold(_text(value, was))
        if word in _YES | _NO:
            yield ["yes" if word in _YES else "no"], None
        return
    yield from ((text, None) for text in _texts(value, was))


def _chosen(value: Any, was: AnswerType[Any, Any], choices: WithChoices) -> list[str]:
    """Ids of the choices that the answer names, all or none: by their ids, else by their titles."""
    if isinstance(was, SingleChoiceType | MultipleChoiceType):
        ids = [value] if isinstance(value, str) else list(value)
        named = [(each, _title(each, was.choices)) for each in ids]
    else:
        text = _text(value, was)
        whole = [("", text)]
        named = whole if _by_title(text, choices) else [("", part.strip()) for part in text.split(",") if part.strip()]
    found = [each if choices.choice(each) else _by_title(title, choices) for each, title in named]
    return [each for each in found if each] if all(found) else []


def _by_title(title: str, choices: WithChoices) -> str | None:
    return next((choice.id for choice in choices.choices if fold(choice.title) == fold(title)), None)


def _title(choice_id: str, choices: WithChoices) -> str:
    choice = choices.choice(choice_id)
    return choice.title if choice else choice_id


def _texts(value: Any, was: AnswerType[Any, Any]) -> Iterator[str]:
    if isinstance(value, datetime):
        local = value.astimezone(HOME)
        yield from (was.display(value, _LANGUAGE), f"{local:%Y-%m-%d}", f"{local:%H:%M}")
    elif isinstance(value, Decimal):
        # Then without the unit, or the sign of the currency: the new field may have others.
        yield from (was.display(value, _LANGUAGE), write_number(value, _LANGUAGE))
    else:
        yield _text(value, was)


def _text(value: Any, was: AnswerType[Any, Any]) -> str:
    """Without the word that marks a hidden choice."""
    if isinstance(was, SingleChoiceType | MultipleChoiceType):
        ids = [value] if isinstance(value, str) else value
        return ", ".join(_title(each, was.choices) for each in ids)
    return was.display(value, _LANGUAGE)
