"""A rights profile: which fields a set of roles may see and edit. Users with the same one share rendered forms."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from app.formbuilder.definition import Field, FormDefinition
from app.formbuilder.registry import answer_type


@dataclass(frozen=True)
class Profile:
    """Ids of the fields that may be seen, and of those that may be edited (or, for buttons, pressed)."""

    visible: frozenset[str]
    editable: frozenset[str]

    @cached_property
    def key(self) -> str:
        """The same for equal profiles, in every process: names rooms and cached fragments."""
        text = "|".join([*sorted(self.visible), "/", *sorted(self.editable)])
        return sha256(text.encode()).hexdigest()[:16]


def profile_for(definition: FormDefinition, roles: Collection[str]) -> Profile:
    """What users with these roles may see and edit. Hiding a field is no matter of rights, so hidden ones count too."""
    visible = [field for field in definition.fields if _allows(field.visible_roles, roles)]
    return Profile(
        visible=frozenset(field.id for field in visible),
        editable=frozenset(field.id for field in visible if _may_edit(field, roles)),
    )


def _may_edit(field: Field, roles: Collection[str]) -> bool:
    kind = answer_type(field)
    return not field.read_only and (kind is None or kind.is_given) and _allows(field.editable_roles, roles)


def _allows(named: tuple[str, ...] | None, roles: Collection[str]) -> bool:
    return named is None or not set(named).isdisjoint(roles)
