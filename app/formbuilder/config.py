"""What a manager sets for one field beyond the settings that all fields have."""

from dataclasses import dataclass
from typing import Annotated, Any

from app.formbuilder.rules import Anything, Flag, Listed, Nested, Token, Words

CHOICES = 1000
"""At most that many choices in one field, hidden ones included."""
TITLE = 200
"""Characters of a title."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Base of the settings of a kind; by itself: none."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One entry of a list of choices. Its id never changes; it is hidden, never deleted."""

    id: Annotated[str, Token()]
    title: Annotated[str, Words(TITLE)]
    hidden: Annotated[bool, Flag()] = False


@dataclass(frozen=True, kw_only=True)
class WithChoices(Config):
    """Settings of a kind that offers choices."""

    choices: Annotated[tuple[Choice, ...], Listed(Nested(Choice), CHOICES)] = ()

    def choice(self, choice_id: str) -> Choice | None:
        """The choice with that id, hidden or not."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


@dataclass(frozen=True, kw_only=True)
class UnknownConfig(Config):
    """Settings of a kind that this installation does not know, kept as they came."""

    raw: Annotated[dict[str, Any], Anything()]
