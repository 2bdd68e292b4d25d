"""The form of a script as it stands in a file: pages with their fields, readable keys, defaults left out.

A field has its lasting `id` and a `key` within the file; formulas name fields by key. Rows of the installation
(statuses, campaigns …) are named, never numbered. Fields stand under their page: a definition comes back with its
fields in the order of the pages.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any
from uuid import UUID, uuid5

from app.core.i18n import lazy_gettext as _l
from app.formbuilder import rules
from app.formbuilder.config import Config, UnknownConfig
from app.formbuilder.definition import Field, FormDefinition, Page, from_json, read_config, to_json
from app.formbuilder.expression import SORTS, Formula
from app.formbuilder.registry import config_type
from app.formbuilder.rules import Exact, Expression, Listed, Maybe, Nested, Path, RowId, Rule, misfit, rules_of
from app.portable.keys import free_key
from app.portable.writing import InLine, InLineMap

Names = Mapping[tuple[str, int], str]
"""What rows are called in the file, by their kind (as `RowId.kind`) and id."""
FindRow = Callable[[str, str, str], int | None]
"""The row of a kind that has that name here; the third text is the field that asks. None where there is none."""
PlaceField = Callable[[str], str]
"""The id that a field gets here, from its id in the file."""

_OWN = ("id", "page", "config")
"""Attributes of a field that stand in the file in a way of their own."""
_Convert = Callable[[Rule, Any, Path], Any]


def write_layout(definition: FormDefinition, names: Names) -> list[dict[str, Any]]:
    """The pages with their fields, for `write_yaml`. What `names` does not name is left out."""
    keys = _keys(definition)
    return [
        {
            **_lean(page, names, keys),
            "fields": [_field_tree(field, names, keys) for field in definition.fields if field.page == page.id],
        }
        for page in definition.pages
    ]


def read_layout(
    tree: object, *, namespace: UUID, place: PlaceField, find: FindRow, path: Path = ("form", "pages")
) -> FormDefinition:
    """The definition of such pages; Invalid with the place of what does not fit.

    A field without an id, as one writes it by hand, gets one that follows from `namespace` and its key.
    """
    entries = [*_entries(tree, path)]
    ids = _ids(entries, namespace, place)
    pages = [rules.read(Page, _page_json(page, ids, where), where) for page, where, _ in entries]
    read = [
        _field(field, page.id, ids, find, place_of)
        for page, (_, _, inner) in zip(pages, entries, strict=True)
        for field, place_of in inner
    ]
    return from_json(to_json(FormDefinition(pages=tuple(pages), fields=tuple(read))))


def by_page(definition: FormDefinition) -> FormDefinition:
    """The same with the fields in the order of the pages, as a file gives it back."""
    places = {page.id: number for number, page in enumerate(definition.pages)}
    return FormDefinition(
        pages=definition.pages, fields=tuple(sorted(definition.fields, key=lambda field: places[field.page]))
    )


# ----- writing -----


def _keys(definition: FormDefinition) -> dict[str, str]:
    """A key for each field, by its id: from its title, and never one that a formula uses for something else."""
    taken = set(_refs(to_json(definition)))
    keys: dict[str, str] = {}
    for field in by_page(definition).fields:
        keys[field.id] = free_key(field.title or field.kind, taken)
        taken.add(keys[field.id])
    return keys


def _refs(tree: Any) -> Iterator[str]:
    """Whatever a formula may name, anywhere in the JSON."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list):
        if len(tree) == 2 and tree[0] == "field" and isinstance(tree[1], str):  # noqa: PLR2004 (a pair)
            yield tree[1]
        for each in tree:
            yield from _refs(each)


def _field_tree(field: Field, names: Names, keys: Mapping[str, str]) -> dict[str, Any]:
    lean = _lean(field, names, keys)
    head = {"key": keys[field.id], "id": field.id, "kind": lean.pop("kind")}
    for own in _OWN:
        lean.pop(own, None)
    config = dict(field.config.raw) if isinstance(field.config, UnknownConfig) else _lean(field.config, names, keys)
    return {**head, **lean, **({"config": config} if config else {})}


def _lean(value: object, names: Names, keys: Mapping[str, str]) -> dict[str, Any]:
    """A dataclass without what has its default."""
    tree: dict[str, Any] = {}
    for entry, rule in zip(fields(value), rules_of(type(value)).values(), strict=True):  # type: ignore[arg-type]
        inner = getattr(value, entry.name)
        written = None if inner == _default(entry) else _tree(rule, inner, names, keys)
        if written is not None:
            tree[_file_name(entry.name, rule)] = written
    return tree


def _default(entry: Any) -> Any:
    return entry.default_factory() if entry.default_factory is not MISSING else entry.default


def _tree(rule: Rule, value: Any, names: Names, keys: Mapping[str, str]) -> Any:
    match rule:
        case Maybe(inner):
            return None if value is None else _tree(inner, value, names, keys)
        case Listed(inner, _):
            entries = [_tree(inner, each, names, keys) for each in value]
            return entries if isinstance(inner, Nested) else InLine(entries)
        case Nested():
            return InLineMap(_lean(value, names, keys))
        case Expression():
            return _formula_tree(value, keys)
        case RowId(kind=kind):
            return names.get((kind, value))
        case _:
            return rule.write(value)


def _formula_tree(formula: Formula, keys: Mapping[str, str]) -> InLine:
    operator, *parts = formula
    if operator == "field":
        return InLine([operator, keys.get(parts[0], parts[0])])
    if operator == "number":
        whole = parts[0].isascii() and parts[0].lstrip("-").isdigit() and str(int(parts[0])) == parts[0]
        return InLine([operator, int(parts[0]) if whole else parts[0]])
    if operator in SORTS:
        return InLine([operator, InLine(parts[0]) if operator == "list" else parts[0]])
    return InLine([operator, *(_formula_tree(part, keys) for part in parts)])


# ----- reading -----

_Entry = tuple[Mapping[str, Any], Path]


def _entries(tree: object, path: Path) -> Iterator[tuple[Mapping[str, Any], Path, list[_Entry]]]:
    """The pages, each with its place and its fields with theirs."""
    for number, page in enumerate(_listed(tree, path), 1):
        where = (*path, str(number))
        if not isinstance(page, Mapping):
            raise misfit(where, _l("an object is expected here"))
        inner: list[_Entry] = []
        for place, field in enumerate(_listed(page.get("fields", []), (*where, "fields")), 1):
            spot = (*where, "fields", str(place))
            if not isinstance(field, Mapping):
                raise misfit(spot, _l("an object is expected here"))
            inner.append((field, spot))
        yield {key: value for key, value in page.items() if key != "fields"}, where, inner


def _listed(tree: object, path: Path) -> list[Any]:
    if not isinstance(tree, list):
        raise misfit(path, _l("a list is expected here"))
    return tree


def _ids(
    entries: list[tuple[Mapping[str, Any], Path, list[_Entry]]], namespace: UUID, place: PlaceField
) -> dict[str, str]:
    """Ids here by what a formula of the file may say: the key of a field, or its id."""
    ids: dict[str, str] = {}
    for _, _, inner in entries:
        for field, where in inner:
            for name, reader in (("key", rules.Token()), ("id", rules.Uuid())):
                if name in field:
                    reader.read(field[name], (*where, name))
            if "key" not in field and "id" not in field:
                raise misfit(where, _l("the key “%(key)s” is missing", key="key"))
            file_id = field.get("id") or str(uuid5(namespace, field["key"]))
            for known_as in {field.get("key", file_id), file_id}:
                if known_as in ids:
                    raise misfit(where, _l("the id “%(id)s” stands twice", id=known_as))
                ids[known_as] = place(file_id)
    return ids


def _page_json(page: Mapping[str, Any], ids: Mapping[str, str], path: Path) -> dict[str, Any]:
    return _converted(Page, page, path, lambda rule, value, _: _plain(rule, value, ids))


def _field(tree: Mapping[str, Any], page: str, ids: Mapping[str, str], find: FindRow, path: Path) -> Field:
    named = next(name for name in (tree.get("key"), tree.get("id")) if name)
    if "page" in tree:
        raise misfit(path, _l("the key “%(key)s” is not known", key="page"))
    own = {key: value for key, value in tree.items() if key not in {"key", "id", "config"}}
    plain = _converted(Field, own, path, lambda rule, value, _: _plain(rule, value, ids))
    title = str(tree.get("title") or named)

    def row(rule: Rule, value: Any, where: Path) -> Any:
        if not isinstance(rule, RowId):
            return _plain(rule, value, ids)
        if not isinstance(value, str):
            raise misfit(where, _l("a name is expected here"))
        return find(rule.kind, value, title)

    raw, kind = tree.get("config", {}), plain.get("kind")
    if isinstance(kind, str) and isinstance(raw, Mapping) and config_type(kind) is not UnknownConfig:
        raw = _converted(config_type(kind), raw, (*path, "config"), row)
    config = read_config(kind, raw, (*path, "config")) if isinstance(kind, str) else Config()
    return rules.read(Field, {**plain, "id": ids[named], "page": page, "config": config}, path)


def _converted(kind: type, tree: Mapping[str, Any], path: Path, convert: _Convert) -> dict[str, Any]:
    """JSON for `rules.read`, from the tree of a file: names of rows and keys of fields are looked up."""
    known = {_file_name(name, rule): (name, rule) for name, rule in rules_of(kind).items()}
    for key in tree:
        if key not in known:
            raise misfit(path, _l("the key “%(key)s” is not known", key=str(key)[:80]))
    return {known[key][0]: _value(known[key][1], value, (*path, known[key][0]), convert) for key, value in tree.items()}


def _value(rule: Rule, value: Any, path: Path, convert: _Convert) -> Any:
    match rule:
        case Maybe(inner):
            return None if value is None else _value(inner, value, path, convert)
        case Listed(inner, _) if isinstance(value, list):
            return [_value(inner, each, (*path, str(place)), convert) for place, each in enumerate(value, 1)]
        case Nested(kind) if isinstance(value, Mapping):
            return _converted(kind, value, path, convert)
        case _:
            return convert(rule, value, path)


def _plain(rule: Rule, value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(rule, Expression):
        return _formula_json(value, ids)
    if isinstance(rule, Exact) and type(value) is int:
        return str(value)
    return value


def _formula_json(node: Any, ids: Mapping[str, str]) -> Any:
    """The tree with ids for keys; whatever is no formula stays for `check` to refuse."""
    if not isinstance(node, list) or not node:
        return node
    operator, *parts = node
    if operator == "field" and len(parts) == 1 and isinstance(parts[0], str):
        return [operator, ids.get(parts[0], parts[0])]
    if operator == "number" and len(parts) == 1 and type(parts[0]) is int:
        return [operator, str(parts[0])]
    return node if operator in SORTS else [operator, *(_formula_json(part, ids) for part in parts)]


def _file_name(name: str, rule: Rule) -> str:
    """`status_id` is `status` in a file, where no number stands."""
    inner = rule.rule if isinstance(rule, Maybe) else rule
    return name.removesuffix("_id") if isinstance(inner, RowId) else name
