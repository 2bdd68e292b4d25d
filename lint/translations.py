"""Translations: `python -m lint.translations [check | extract | compile]`.

check (the default) fails when a text of the sources is missing, fuzzy or empty in a catalogue, or when a translation
names other places than its text; extract writes babel/messages.pot and brings each catalogue up to date; compile
writes the .mo files that the product reads.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

_ROOT = Path(__file__).parents[1]
_KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
_Text = str | list[str] | tuple[str, ...] | None
_PLACE = re.compile(r"%\((\w+)\)[sd]")


def main(words: list[str]) -> int:
    """0 when all is well."""
    match words:
        case [] | ["check"]:
            return _check()
        case ["extract"]:
            return _extract()
        case ["compile"]:
            return _compile()
    sys.stderr.write(f"{__doc__}\n")
    return 2


def problems(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, measured by the texts of the sources. English is the language of the sources."""
    for message in template:
        if not message.id:
            continue
        found = catalogue.get(message.id, context=message.context)
        if found is None or not all(_texts(found.string)) or not _texts(found.string):
            yield f"not translated: {_texts(message.id)[0]!r} ({_where(message)})"
        elif found.fuzzy:
            yield f"fuzzy: {_texts(message.id)[0]!r}"
        elif extra := _places(found.string) - _places(message.id):
            yield f"unknown place {', '.join(sorted(extra))} in the translation of {_texts(message.id)[0]!r}"


def texts_of_sources(root: Path = _ROOT) -> Catalog:
    """Every translatable text of Python, templates and browser sources."""
    with (root / "babel" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")
    template = Catalog(project="Splot", charset="utf-8")
    for file_name, line, text, comments, context in extract_from_dir(
        root,
        methods,
        options,
        keywords=_KEYWORDS,
        comment_tags=(),
        directory_filter=lambda path: _is_source(root, path),
    ):
        template.add(text, None, [(file_name, line)], auto_comments=comments, context=context)
    return template


def _check() -> int:
    template = texts_of_sources()
    bad = 0
    for path in _catalogues():
        for problem in problems(template, _read(path)):
            bad += 1
            sys.stdout.write(f"{path.relative_to(_ROOT)}: {problem}\n")
    return 1 if bad else 0


def _extract() -> int:
    template = texts_of_sources()
    _write(_ROOT / "babel" / "messages.pot", template)
    for path in _catalogues():
        catalogue = _read(path)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        _write(path, catalogue)
    return 0


def _compile() -> int:
    for path in _catalogues():
        with path.with_suffix(".mo").open("wb") as out:
            write_mo(out, _read(path))
    return 0


def _catalogues() -> list[Path]:
    return sorted((_ROOT / "app" / "translations").glob("*/LC_MESSAGES/messages.po"))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def _write(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as out:
        # Without line numbers and dates: a catalogue changes when a text does.
        write_po(out, catalogue, width=120, sort_output=True, no_location=True, omit_header=False)


def _texts(text: _Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _places(text: _Text) -> set[str]:
    return {place for part in _texts(text) for place in _PLACE.findall(part)}


def _where(message: Message) -> str:
    return ", ".join(f"{name}:{line}" for name, line in message.locations[:2])


def _is_source(root: Path, path: str) -> bool:
    """Keeps the walk out of other folders: a virtual environment holds ten thousand files."""
    inside = Path(path).resolve().relative_to(root.resolve()).parts
    return not inside or (inside[0] in {"app", "frontend"} and not {"node_modules", "dist"} & set(inside))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
