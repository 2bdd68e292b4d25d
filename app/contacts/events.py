"""What the verbs of contacts announce."""

from dataclasses import dataclass

from app.core.announce import Event


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Event):
    """A contact was made or changed."""

    contact_id: int


@dataclass(frozen=True, kw_only=True)
class ContactsImported(Event):
    """A batch of an import was written: many contacts changed at once."""

    import_id: int
