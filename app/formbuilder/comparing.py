"""What differs between two definitions of one form, in words that a manager reads."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import rules
from app.formbuilder.config import Choice, UnknownConfig, WithChoices
from app.formbuilder.definition import Branch, Field, FormDefinition, Page
from app.formbuilder.formula_words import formula_text
from app.formbuilder.merge import Path, moved_in
from app.formbuilder.registry import answer_type, field_type

LONGEST = 400
"""Characters of a value that are shown."""
PIECES = 200
"""Words of a text that are compared one by one; longer ones are shown whole."""


class Change(StrEnum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    HIDDEN = "hidden"
    SHOWN = "shown"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One difference; `before` and `after` are texts, empty where there is nothing."""

    change: Change
    path: Path
    subject: str
    """What it is about: Field “Amount”."""
    before: str
    after: str
    sentence: str
    """The whole of it in one sentence."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """How settings of kinds, their values and roles are called; the forms themselves do not know it."""

    setting: Callable[[str], str]
    value: Callable[[str, Any], str | None]
    """Text of a value of a setting; None = shown as it is."""
    role: Callable[[str], str]
    language: str


_SETTINGS = {
    "title": _l("title"),
    "help": _l("help text"),
    "placeholder": _l("text in the empty field"),
    "default": _l("answer of a new case"),
    "width": _l("width"),
    "required_to_save": _l("required to save"),
    "required_to_close": _l("required to close"),
    "visible_if": _l("shown when"),
    "required_if": _l("required when"),
    "read_only": _l("read-only"),
    "visible_roles": _l("who sees it"),
    "editable_roles": _l("who edits it"),
    "show_in_header": _l("shown in the header"),
    "show_in_lists": _l("shown in lists"),
}
_OTHERS = {
    "kind": _l("kind"),
    "page": _l("page"),
    "order": _l("order"),
    "branches": _l("ways on"),
}


def compare(before: FormDefinition, after: FormDefinition, words: Words) -> list[Difference]:
    """Every difference, in the order of the form: pages first, then each field with its settings and choices."""
    work = _Comparison(before, after, words)
    return [*work.pages(), *work.fields()]


def marked(before: str, after: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in pieces, each with whether it differs, word by word; where they share nothing, no word is marked."""
    old, new = before.split(" "), after.split(" ")
    if not before or not after or len(old) > PIECES or len(new) > PIECES:
        return [(before, False)], [(after, False)]
    blocks = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    if all(tag != "equal" for tag, *_rest in blocks):
        return [(before, False)], [(after, False)]
    return (
        [(" ".join(old[i:j]), tag != "equal") for tag, i, j, *_rest in blocks if i < j],
        [(" ".join(new[k:end]), tag != "equal") for tag, _i, _j, k, end in blocks if k < end],
    )


class _Comparison:
    def __init__(self, before: FormDefinition, after: FormDefinition, words: Words) -> None:
        self.before, self.after, self.words = before, after, words

    def pages(self) -> Iterator[Difference]:
        """Pages by their id."""
        old, new = ({page.id: page for page in each.pages} for each in (self.before, self.after))
        moved = moved_in([*old], [*new])
        for page in self.after.pages:
            path, subject = ("pages", page.id), _("Page “%(title)s”", title=self._page(page))
            former = old.get(page.id)
            if former is None:
                yield self._added(path, subject, self._page(page))
                continue
            if former.title != page.title:
                earlier = _("Page “%(title)s”", title=self._page(former))
                yield self._changed((*path, "title"), earlier, former.title, page.title, change=Change.RENAMED)
            if page.id in moved:
                places = [_("place %(number)s", number=[*each].index(page.id) + 1) for each in (old, new)]
                yield self._changed((*path, "order"), subject, *places, change=Change.MOVED)
            if former.branches != page.branches:
                ways = self._ways(former.branches, self.before), self._ways(page.branches, self.after)
                yield self._changed((*path, "branches"), subject, *ways)
        yield from (
            self._removed(("pages", page.id), _("Page “%(title)s”", title=self._page(page)), self._page(page))
            for page in self.before.pages
            if page.id not in new
        )

    def fields(self) -> Iterator[Difference]:
        """Fields and buttons by their id."""
        order = [[field.id for field in each.fields] for each in (self.before, self.after)]
        moved = moved_in(*order)
        for field in self.after.fields:
            former = self.before.by_id.get(field.id)
            if former is None:
                yield self._added(("fields", field.id), self._name(field), self._summary(field))
            elif former != field or field.id in moved:
                yield from self._field(former, field, is_moved=field.id in moved)
        for field in self.before.fields:
            if field.id not in self.after.by_id:
                yield self._removed(("fields", field.id), self._name(field), self._called(field))

    def _field(self, old: Field, new: Field, *, is_moved: bool) -> Iterator[Difference]:
        path, subject = ("fields", new.id), self._name(new)
        if old.hidden != new.hidden:
            yield self._turned(path, subject, self._called(new), is_hidden=new.hidden)
        if old.title != new.title:
            yield self._changed((*path, "title"), self._name(old), old.title, new.title, change=Change.RENAMED)
        if is_moved or old.page != new.page:
            places = self._place(old, self.before), self._place(new, self.after)
            yield self._changed((*path, "order"), subject, *places, change=Change.MOVED)
        if old.kind != new.kind:
            kinds = [str(field_type(each).title) for each in (old, new)]
            yield self._changed((*path, "kind"), subject, *kinds)
        for name in _SETTINGS:
            if name != "title" and getattr(old, name) != getattr(new, name):
                values = self._setting(old, name, self.before), self._setting(new, name, self.after)
                yield self._changed((*path, name), subject, *values)
        if old.kind == new.kind and old.config != new.config:
            yield from self._config(old, new)

    def _config(self, old: Field, new: Field) -> Iterator[Difference]:
        subject = self._name(new)
        if isinstance(old.config, UnknownConfig) or isinstance(new.config, UnknownConfig):
            yield self._changed(
                ("fields", new.id, "config"), subject, "", _("settings of a kind that is not known here")
            )
            return
        if isinstance(old.config, WithChoices) and isinstance(new.config, WithChoices):
            yield from self._choices(subject, ("fields", new.id, "choices"), old.config.choices, new.config.choices)
        was, became = rules.write(old.config), rules.write(new.config)
        for name in became:
            if name != "choices" and was.get(name) != became[name]:
                values = self._value(name, was.get(name), self.before), self._value(name, became[name], self.after)
                yield self._changed(("fields", new.id, "config", name), subject, *values)

    def _choices(
        self, subject: str, path: Path, before: Sequence[Choice], after: Sequence[Choice]
    ) -> Iterator[Difference]:
        old = {choice.id: choice for choice in before}
        moved = moved_in([*old], [choice.id for choice in after])
        about = _("%(field)s, choice", field=subject)
        for place, choice in enumerate(after, 1):
            former, here = old.get(choice.id), (*path, choice.id)
            if former is None:
                yield self._added(here, about, choice.title)
                continue
            if former.hidden != choice.hidden:
                yield self._turned(here, about, choice.title, is_hidden=choice.hidden)
            if former.title != choice.title:
                yield self._changed((*here, "title"), about, former.title, choice.title, change=Change.RENAMED)
            if choice.id in moved:
                places = ([*old].index(choice.id) + 1, place)
                texts = [_("%(title)s in place %(number)s", title=choice.title, number=each) for each in places]
                yield self._changed((*here, "order"), about, *texts, change=Change.MOVED)
        for choice in before:
            if all(choice.id != each.id for each in after):
                yield self._removed((*path, choice.id), about, choice.title)

    def _added(self, path: Path, subject: str, text: str) -> Difference:
        sentence = _("%(subject)s was added: %(text)s", subject=subject, text=_short(text))
        return Difference(
            change=Change.ADDED, path=path, subject=subject, before="", after=_short(text), sentence=sentence
        )

    def _removed(self, path: Path, subject: str, text: str) -> Difference:
        sentence = _("%(subject)s is not there: %(text)s", subject=subject, text=_short(text))
        return Difference(
            change=Change.REMOVED, path=path, subject=subject, before=_short(text), after="", sentence=sentence
        )

    def _turned(self, path: Path, subject: str, text: str, *, is_hidden: bool) -> Difference:
        change = Change.HIDDEN if is_hidden else Change.SHOWN
        texts = (text, _("hidden")) if is_hidden else (_("hidden"), text)
        sentence = (
            _("%(subject)s was hidden: %(text)s", subject=subject, text=text)
            if is_hidden
            else _("%(subject)s is shown again: %(text)s", subject=subject, text=text)
        )
        return Difference(
            change=change, path=(*path, "hidden"), subject=subject, before=texts[0], after=texts[1], sentence=sentence
        )

    def _changed(
        self, path: Path, subject: str, before: str, after: str, *, change: Change = Change.CHANGED
    ) -> Difference:
        about = f"{subject}, {self._setting_title(path[-1])}"
        before, after = _short(before), _short(after)
        nothing = _("nothing")
        sentence = _("%(what)s: %(old)s → %(new)s", what=about, old=before or nothing, new=after or nothing)
        return Difference(change=change, path=path, subject=about, before=before, after=after, sentence=sentence)

    def _setting_title(self, name: str) -> str:
        """What people call a setting of a field, a page or a kind."""
        known = _SETTINGS.get(name) or _OTHERS.get(name)
        return str(known) if known else self.words.setting(name)

    def _name(self, field: Field) -> str:
        """What a field is called in the list of differences."""
        if field.kind == "button":
            return _("Button “%(title)s”", title=self._called(field))
        if answer_type(field) is None and field_type(field).is_known:
            return f"{field_type(field).title} “{self._called(field)}”"
        return _("Field “%(title)s”", title=self._called(field))

    def _called(self, field: Field) -> str:
        if field.title.strip():
            return field.title
        status = getattr(field.config, "status_id", None)
        return (self.words.value("status_id", status) if status else None) or _("without a title")

    def _summary(self, field: Field) -> str:
        """A field that is new, in one line."""
        parts = [str(field_type(field).title)]
        parts += [str(_SETTINGS[name]) for name in ("required_to_save", "required_to_close") if getattr(field, name)]
        if field.visible_if:
            parts.append(_("shown when %(condition)s", condition=formula_text(field.visible_if, self.after)))
        status = getattr(field.config, "status_id", None)
        if status:
            parts.append(_("sets %(status)s", status=self._value("status_id", status, self.after)))
        if isinstance(field.config, WithChoices):
            parts.append(", ".join(choice.title for choice in field.config.choices if not choice.hidden))
        if field.hidden:
            parts.append(_("hidden"))
        return ", ".join(part for part in parts if part)

    def _setting(self, field: Field, name: str, definition: FormDefinition) -> str:
        value = getattr(field, name)
        if name in ("visible_if", "required_if"):
            return formula_text(value, definition) if value else ""
        if name in ("visible_roles", "editable_roles"):
            return (
                _("everybody") if value is None else ", ".join(self.words.role(each) for each in value) or _("nobody")
            )
        if name == "width":
            return _("%(columns)s of 6 columns", columns=value)
        if name == "default":
            kind = answer_type(field)
            return kind.show(value, self.words.language) if kind else ""
        return self._plain(value)

    def _value(self, name: str, value: Any, definition: FormDefinition) -> str:
        if value is None:
            return ""
        if name == "page_id":
            return next((self._page(page) for page in definition.pages if page.id == value), str(value))
        if name == "formula" and value:
            return formula_text(value, definition)
        known = self.words.value(name, value)
        return self._plain(value) if known is None else known

    def _plain(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, list | tuple):
            return ", ".join(self._plain(each) for each in value)
        return str(value)

    def _page(self, page: Page) -> str:
        return page.title or _("without a title")

    def _place(self, field: Field, definition: FormDefinition) -> str:
        """Where a field stands: its page, and what it follows there."""
        page = next(page for page in definition.pages if page.id == field.page)
        on_page = [each for each in definition.fields if each.page == field.page]
        place = on_page.index(field)
        if place == 0:
            return _("page “%(page)s”, first", page=self._page(page))
        return _("page “%(page)s”, behind “%(field)s”", page=self._page(page), field=self._called(on_page[place - 1]))

    def _ways(self, branches: Sequence[Branch], definition: FormDefinition) -> str:
        titles: Mapping[str | None, str] = {page.id: self._page(page) for page in definition.pages}
        end = _("the end")
        return "; ".join(
            _(
                "to “%(page)s” when %(condition)s",
                page=titles.get(each.page, end),
                condition=formula_text(each.when, definition),
            )
            for each in branches
        )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
