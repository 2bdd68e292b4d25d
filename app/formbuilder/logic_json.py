"""The logic of a form for the browser, as far as a profile may know it (frontend/form/logic.js).

A condition that reads a field which the profile may not see stays here: the browser is given its result with the
answers of each case, under a name (`given`), and never the field, the value or what it is compared with.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.expression import Formula, Instant, evaluate_by, fields_in, is_true, to_json
from app.formbuilder.field_types.calculated import CalculatedType
from app.formbuilder.logic import formula_of, has_logic, order_of, state
from app.formbuilder.moments import HOME
from app.formbuilder.profile import Profile
from app.formbuilder.registry import answer_type

_TRUTHS = frozenset({"and", "or", "not"})
"""Operators whose parts are conditions themselves: each is known or given by itself."""


def logic_json(definition: FormDefinition, profile: Profile) -> dict[str, Any] | None:
    """What the fragment carries; None when answers make no difference to the form."""
    if not has_logic(definition):
        return None
    secret = _secret(definition, profile)
    shown = {field.id: field for field in definition.fields if not field.hidden and field.id in profile.visible}
    read = _read(definition, shown)
    fields = {field_id: _field_json(field, secret) for field_id, field in shown.items() if field_id in read}
    pages = [
        {
            "id": page.id,
            "branches": [
                {"when": _known(branch.when, secret, f"{page.id}.{place}"), "page": branch.page}
                for place, branch in enumerate(page.branches)
            ],
        }
        for page in definition.pages
    ]
    order = [step for step in order_of(definition) if step[0] == "page" or step[1] in fields]
    return {"zone": str(HOME), "order": order, "fields": fields, "pages": pages}


def given(definition: FormDefinition, profile: Profile, document: Mapping[str, Any], at: Instant) -> dict[str, bool]:
    """The results that the browser cannot know, by name: those of what is stored."""
    secret = _secret(definition, profile)
    found: dict[str, Formula] = {}
    for name, formula in _conditions(definition, profile) if secret else ():
        _known(formula, secret, name, found)
    if not found:
        return {}
    read = state(definition, document, at).read
    return {name: is_true(evaluate_by(formula, read, at)) for name, formula in found.items()}


def _secret(definition: FormDefinition, profile: Profile) -> frozenset[str]:
    """Ids of the fields that answers may be kept in, and that the profile may not see."""
    return frozenset(field.id for field in definition.fields if not field.hidden and field.id not in profile.visible)


def _conditions(definition: FormDefinition, profile: Profile) -> Iterator[tuple[str, Formula]]:
    """Every condition of what the profile sees, with the name that its secret parts are given under."""
    for field in definition.fields:
        if field.hidden or field.id not in profile.visible:
            continue
        if field.visible_if:
            yield f"{field.id}.visible", field.visible_if
        if field.required_if:
            yield f"{field.id}.required", field.required_if
    for page in definition.pages:
        for place, branch in enumerate(page.branches):
            yield f"{page.id}.{place}", branch.when


def _known(formula: Formula, secret: frozenset[str], name: str, found: dict[str, Formula] | None = None) -> list[Any]:
    """The formula with a place for each part that reads a secret field; such parts go to `found`, by name."""
    found = {} if found is None else found
    if secret.isdisjoint(fields_in(formula)):
        return to_json(formula)
    if formula[0] in _TRUTHS:
        return [formula[0], *(_known(part, secret, f"{name}.{place}", found) for place, part in enumerate(formula[1:]))]
    found[name] = formula
    return ["field", f"given:{name}"]


def _read(definition: FormDefinition, shown: Mapping[str, Field]) -> frozenset[str]:
    """Ids of the fields that the browser must know of: they have conditions or formulas, or are read by some."""
    read = {field_id for page in definition.pages for branch in page.branches for field_id in fields_in(branch.when)}
    for field in shown.values():
        formulas = [each for each in (field.visible_if, field.required_if, formula_of(field)) if each]
        read.update(field_id for formula in formulas for field_id in fields_in(formula))
        if formulas:
            read.add(field.id)
    return frozenset(read)


def _field_json(field: Field, secret: frozenset[str]) -> dict[str, Any]:
    kind = answer_type(field)
    entry: dict[str, Any] = {"kind": field.kind, "sort": kind.sort if kind else None, "page": field.page}
    if field.visible_if:
        entry["visible"] = _known(field.visible_if, secret, f"{field.id}.visible")
    if field.required_if:
        entry["required"] = _known(field.required_if, secret, f"{field.id}.required")
    if isinstance(kind, CalculatedType):
        entry["decimals"] = kind.config.decimals
        formula = kind.config.formula
        # One that reads what the profile may not see shows what was stored last.
        if formula and secret.isdisjoint(fields_in(formula)):
            entry["formula"] = to_json(formula)
    units = {getattr(kind, "unit", ""), getattr(field.config, "unit", ""), getattr(field.config, "currency", "")} - {""}
    return {**entry, "units": sorted(units)} if units else entry
