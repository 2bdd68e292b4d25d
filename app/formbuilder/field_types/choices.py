"""Single choice, multiple choice, yes or no."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.i18n import in_language
from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import CHOICES, Config, WithChoices
from app.formbuilder.field_types.base import AnswerType, C, Group, Operator, TypedValue, V, expect_text
from app.formbuilder.rules import OneOf

TOKEN_LIMIT = 40


@dataclass(frozen=True, kw_only=True)
class SingleChoiceConfig(WithChoices):
    """The choices, shown as a drop-down list or as radio buttons."""

    style: Annotated[str, OneOf(("list", "radio"))] = "list"


class _ChoiceType(AnswerType[V, C]):
    """What both kinds share: answers are ids of choices; titles are looked up when they are shown."""

    group = Group.CHOICE
    operators = (Operator.ONE_OF, Operator.EMPTY)
    limit: ClassVar[int] = TOKEN_LIMIT

    @property
    def choices(self) -> WithChoices:
        """The choices of the field."""
        choices: Any = self.config
        return choices

    def offered(self, choice_id: str, earlier: Sequence[str]) -> str:
        """The id, when it may be chosen: a hidden choice only by whom it was chosen for before."""
        choice = self.choices.choice(choice_id)
        if choice is None or (choice.hidden and choice_id not in earlier):
            raise Invalid(_l("This choice is not on the list any more. Choose another one."))
        return choice_id

    def choice_title(self, choice_id: str, language: str) -> str:
        """Title of a choice; of a hidden one with a word that it is."""
        choice = self.choices.choice(choice_id)
        if choice is None:
            return choice_id
        if not choice.hidden:
            return choice.title
        with in_language(language):
            return _("%(title)s (hidden)", title=choice.title)

    def faults(self) -> list[Any]:
        """There is something to choose, and every choice has a title."""
        faults = super().faults()
        shown = [choice for choice in self.choices.choices if not choice.hidden]
        if not shown:
            faults.append(_l("The field offers no choice."))
        if any(not choice.title.strip() for choice in shown):
            faults.append(_l("A choice has no title."))
        return faults


class SingleChoiceType(_ChoiceType[str, SingleChoiceConfig]):
    """One of the choices."""

    kind = "single_choice"
    title = _l("Single choice")
    icon = "select"
    macro = "single_choice"
    config_type = SingleChoiceConfig

    @property
    def has_placeholder(self) -> bool:
        """The list shows it as its first row."""
        return self.config.style == "list"

    def read(self, text: str, language: str, before: str | None) -> str:
        """The id of the choice."""
        return self.offered(text, [before] if before else [])

    def from_document(self, stored: Any) -> str:
        """The id."""
        return expect_text(stored)

    def typed_rows(self, value: str) -> list[TypedValue]:
        """The id as it is."""
        return [TypedValue(words=value)]

    def display(self, value: str, language: str) -> str:
        """The title."""
        return self.choice_title(value, language)

    def to_input(self, value: str, language: str) -> str:
        """The id."""
        return value


class MultipleChoiceType(_ChoiceType[tuple[str, ...], WithChoices]):
    """Any number of the choices, in the order of the list."""

    kind = "multiple_choice"
    sort = "list"
    title = _l("Multiple choice")
    icon = "list-check"
    is_several = True
    macro = "multiple_choice"
    config_type = WithChoices

    @property
    def has_placeholder(self) -> bool:
        """Nothing to write in."""
        return False

    def parse(
        self, raw: str | Sequence[str], *, language: str = "pl", before: tuple[str, ...] | None = None
    ) -> tuple[str, ...] | None:
        """The ids of the choices."""
        texts = [raw] if isinstance(raw, str) else list(raw)
        if len(texts) > CHOICES:
            raise Invalid(_l("At most %(limit)s choices fit here.", limit=CHOICES))
        for text in texts:
            self._check_text(text)
        chosen = {self.offered(text, before or ()) for text in texts if text}
        return self._in_order(chosen) or None

    def to_document(self, value: tuple[str, ...]) -> list[str]:
        """The ids."""
        return list(value)

    def from_document(self, stored: Any) -> tuple[str, ...]:
        """The ids."""
        if not isinstance(stored, list) or not stored:
            raise Invalid(_l("This is not an answer of the field's kind."))
        return tuple(expect_text(entry) for entry in stored)

    def typed_rows(self, value: tuple[str, ...]) -> list[TypedValue]:
        """A row for each choice."""
        return [TypedValue(words=choice_id) for choice_id in value]

    def display(self, value: tuple[str, ...], language: str) -> str:
        """The titles, in the order of the list."""
        return ", ".join(self.choice_title(choice_id, language) for choice_id in value)

    def to_input(self, value: tuple[str, ...], language: str) -> list[str]:
        """The ids."""
        return list(value)

    def _in_order(self, chosen: set[str]) -> tuple[str, ...]:
        return tuple(choice.id for choice in self.choices.choices if choice.id in chosen)


class YesNoType(AnswerType[bool, Config]):
    """Yes, no, or not answered."""

    kind = "yes_no"
    sort = "flag"
    title = _l("Yes / no")
    icon = "toggle-left"
    group = Group.CHOICE
    macro = "yes_no"
    operators = (Operator.EQUALS, Operator.EMPTY)
    limit: ClassVar[int] = 8

    @property
    def has_placeholder(self) -> bool:
        """Nothing to write in."""
        return False

    def read(self, text: str, language: str, before: bool | None) -> bool:
        """`yes` or `no`, as the control sends it."""
        if text not in {"yes", "no"}:
            raise Invalid(_l("Choose yes or no."))
        return text == "yes"

    def from_document(self, stored: Any) -> bool:
        """True or false."""
        if not isinstance(stored, bool):
            raise Invalid(_l("This is not an answer of the field's kind."))
        return stored

    def typed_rows(self, value: bool) -> list[TypedValue]:
        """`true` or `false`."""
        return [TypedValue(words="true" if value else "false")]

    def display(self, value: bool, language: str) -> str:
        """The word in the language."""
        with in_language(language):
            return _("Yes") if value else _("No")

    def to_input(self, value: bool, language: str) -> str:
        """What the control sends."""
        return "yes" if value else "no"
