"""Translations: `python -m lint.translations [check | update | compile]`.

check (the default) fails when babel/messages.pot is not what the sources give; when a text is missing, fuzzy or empty
in a catalogue, or stands there but no longer in the sources; and when a translation has other places than its text.
update extracts babel/messages.pot again and brings each catalogue up to it: nothing is guessed, the language of the
sources fills itself. compile writes the .mo files that the product reads.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

_ROOT = Path(__file__).parents[1]
_TEMPLATE = _ROOT / "babel" / "messages.pot"
_LANGUAGES = ("en", "pl")
_SOURCE_LANGUAGE = "en"
_KEYWORDS = {
    "_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
}  # fmt: skip
_HEADER = "# Texts of Splot."
_CHANGING = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To): .*\n',
    re.MULTILINE,
)
_Text = str | list[str] | tuple[str, ...] | None
_PLACE = re.compile(r"%\((\w+)\)[sd]")


def main(words: list[str]) -> int:
    """0 when all is well."""
    match words:
        case [] | ["check"]:
            return _check()
        case ["update"]:
            return _update()
        case ["compile"]:
            return _compile()
    sys.stderr.write(f"{__doc__}\n")
    return 2


def problems(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, measured by the texts of the sources."""
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
        elif lost := _places(message.id) - _places(found.string):
            yield f"lost place {', '.join(sorted(lost))} in the translation of {_texts(message.id)[0]!r}"
    known = {(_texts(message.id), message.context) for message in template}
    for message in [*catalogue, *catalogue.obsolete.values()]:
        if message.id and (_texts(message.id), message.context) not in known:
            yield f"no longer in the sources: {_texts(message.id)[0]!r}"


def texts_of_sources(root: Path = _ROOT) -> Catalog:
    """Every translatable text of Python, templates and browser sources."""
    with (root / "babel" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")
    template = Catalog(project="Splot", version="1", charset="utf-8", header_comment=_HEADER, fuzzy=False)
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
    found = [
        f"{path.relative_to(_ROOT)}: {problem}"
        for path in _catalogues()
        for problem in (problems(template, _read(path)) if path.exists() else ["the catalogue is missing"])
    ]
    if not _TEMPLATE.exists() or _TEMPLATE.read_bytes() != written(template):
        found.append(
            f"{_TEMPLATE.relative_to(_ROOT)}: not what the sources give; run `python -m lint.translations update`"
        )
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


def _update() -> int:
    template = texts_of_sources()
    _TEMPLATE.write_bytes(written(template))
    for path in _catalogues():
        catalogue = updated(_read(path) if path.exists() else Catalog(locale=_language(path)), template)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue))
    return 0


def updated(catalogue: Catalog, template: Catalog) -> Catalog:
    """The catalogue with the texts of the sources: what is new is empty, what is gone is gone, nothing is guessed."""
    catalogue.update(deepcopy(template), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version = template.project, template.version
    catalogue.header_comment, catalogue.fuzzy = _HEADER, False
    if str(catalogue.locale) == _SOURCE_LANGUAGE:
        for message in catalogue:
            message.string = message.id
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file, without places, dates and versions: it changes when a text does."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, no_location=True)
    return _CHANGING.sub(b"", out.getvalue())


def _compile() -> int:
    for path in _catalogues():
        # Replaced at once: a process that starts meanwhile reads the old file or the new one.
        beside = path.with_suffix(f".{os.getpid()}")
        with beside.open("wb") as out:
            write_mo(out, _read(path))
        beside.replace(path.with_suffix(".mo"))
    return 0


def _catalogues() -> list[Path]:
    """Of every language that we have, and of those that somebody has added."""
    folder = _ROOT / "app" / "translations"
    languages = {*_LANGUAGES, *(path.name for path in folder.glob("*/") if path.is_dir())}
    return [folder / language / "LC_MESSAGES" / "messages.po" for language in sorted(languages)]


def _language(path: Path) -> str:
    return path.parts[-3]


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=_language(path))


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
