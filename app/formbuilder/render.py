"""A form as HTML, without values: made once for each definition, rights profile and language, then shared by all cards.

The card fills the values in (frontend/form/fields.js). The form never carries anything of one case or one person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.core.i18n import in_language
from app.formbuilder.config import Choice
from app.formbuilder.definition import Field, FormDefinition, Page
from app.formbuilder.field_types.base import AnswerType, FieldType
from app.formbuilder.field_types.buttons import ButtonConfig
from app.formbuilder.field_types.choices import SingleChoiceType
from app.formbuilder.field_types.display import ScriptTextConfig
from app.formbuilder.kept import Kept
from app.formbuilder.logic_json import logic_json
from app.formbuilder.merge_fields import script_html
from app.formbuilder.profile import Profile
from app.formbuilder.registry import field_type

_fragments: Kept[Markup] = Kept(most=512, signs=100_000_000)
"""Whole forms: some 40 MB when each has 200 fields. Whoever edits one has previews drawn of it, which may be as large
as forms can be."""
_drawn: "Kept[Shown]" = Kept(most=20_000, signs=20_000_000)
"""Single fields: a new version differs from the former one in few, and what several roles see is mostly alike."""


@dataclass(frozen=True)
class StatusLook:
    """What a status button shows: the status's name, and the code of its kind for colour and icon."""

    name: str
    kind: str


@dataclass(frozen=True)
class Shown:
    """One field as the templates need it."""

    field: Field
    kind: FieldType[Any]
    editable: bool
    status: StatusLook | None
    language: str
    html: str = ""
    """What stands in the wrapper, as markup."""

    @property
    def id(self) -> str:
        """Id of its control in the page."""
        return f"f-{self.field.id}"

    @property
    def is_answer(self) -> bool:
        """Does it hold an answer?"""
        return isinstance(self.kind, AnswerType)

    @property
    def css(self) -> str:
        """Classes of the wrapper."""
        own = {"heading": "sp-fh w6", "script_text": "sp-read", "separator": "sp-line w6", "button": ""}
        return own.get(self.field.kind, f"sp-f w{self.field.width}")

    @property
    def role(self) -> str:
        """Role of the wrapper where it holds several controls, or text to read."""
        if self.field.kind == "script_text":
            return "note"
        if self.kind.macro in {"yes_no", "rating"}:
            return "radiogroup"
        if isinstance(self.kind, SingleChoiceType):
            return "radiogroup" if self.kind.config.style == "radio" else ""
        return "group" if self.kind.macro in {"multiple_choice", "file", "signature"} else ""

    @cached_property
    def hash(self) -> str:
        """The same for wrappers that need no change on screen."""
        text = f"{self.css}|{self.role}|{self.html}"
        return sha256(text.encode()).hexdigest()[:12]

    def choice_title(self, choice: Choice) -> str:
        """Title of a choice, marked when it is hidden."""
        titles: Any = self.kind
        return str(titles.choice_title(choice.id, self.language))

    def script(self) -> Markup:
        """The script text with places for its merge fields."""
        config = self.field.config
        return script_html(config.text) if isinstance(config, ScriptTextConfig) else Markup("")


@dataclass(frozen=True)
class ShownPage:
    """A page; buttons that stand side by side make one run."""

    id: str
    title: str
    runs: list[list[Shown]]


def render(
    definition: FormDefinition,
    *,
    profile: Profile,
    language: str,
    environment: Environment,
    statuses: Mapping[int, StatusLook],
) -> Markup:
    """The fragment. `statuses`: those of the script that may be set; a button for another one is shown, but disabled.

    Needs an application context, for the texts. Equal arguments are rendered once per process.
    """
    looks = {
        field.config.status_id: statuses.get(field.config.status_id)
        for field in definition.fields
        if isinstance(field.config, ButtonConfig) and field.config.status_id
    }
    key = (definition.digest, profile.key, language, tuple(looks.items()))
    if (kept := _fragments.get(key)) is not None:
        return kept
    with in_language(language):
        fragment = _fragment(definition, profile, language, environment, looks)
    return _fragments.keep(key, fragment, len(fragment))


def _fragment(
    definition: FormDefinition,
    profile: Profile,
    language: str,
    environment: Environment,
    looks: Mapping[int, StatusLook | None],
) -> Markup:
    macros = environment.get_template("form/fields.html").module
    shown: dict[str, list[Shown]] = {page.id: [] for page in definition.pages}
    for field in definition.fields:
        if field.hidden or field.id not in profile.visible:
            continue
        status = looks.get(field.config.status_id or 0) if isinstance(field.config, ButtonConfig) else None
        editable = field.id in profile.editable
        key = (definition.field_digests[field.id], editable, status, language)
        shown[field.page].append(_drawn.get(key) or _draw(key, field, macros))
    pages = [_page(page, shown[page.id]) for page in definition.pages]
    logic = logic_json(definition, profile)
    return Markup(environment.get_template("form/form.html").render(pages=pages, logic=logic))  # noqa: S704 - the template escapes


def _draw(key: tuple[str, bool, StatusLook | None, str], field: Field, macros: Any) -> Shown:
    _digest, editable, status, language = key
    kind = field_type(field)
    bare = Shown(field=field, kind=kind, editable=editable, status=status, language=language)
    shown = replace(bare, html=getattr(macros, kind.macro)(bare))
    return _drawn.keep(key, shown, len(shown.html))


def _page(page: Page, shown: list[Shown]) -> ShownPage:
    runs = [list(run) for _, run in groupby(shown, key=lambda each: each.field.kind == "button")]
    return ShownPage(id=page.id, title=page.title, runs=runs)
