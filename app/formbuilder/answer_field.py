"""The WTForms field of one answer. It keeps the earlier answer unless something else was submitted.

What the form needs to know about the request comes through its meta (see `form.AnswerMeta`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wtforms import Field
from wtforms.validators import StopValidation

from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from wtforms.form import BaseForm

    from app.formbuilder.field_types.base import AnswerType

NOT_FOUND = {
    "contact": _l("There is no such contact, or you may not see it."),
    "case": _l("There is no such case, or you may not see it."),
    "file": _l("There is no such file on this case."),
    "dictionary": _l("This entry is not on the list any more. Choose another one."),
}


class AnswerField(Field):
    """One answer of a form. `changed` tells whether the submission set it."""

    def __init__(self, *, answer_type: AnswerType[Any, Any], editable: bool, **options: Any) -> None:
        super().__init__(**options)
        self.answer_type = answer_type
        self.editable = editable and answer_type.is_given
        self.is_shown = True
        """Whether the logic of the form shows the field: what it hides is not checked."""
        self.is_required = answer_type.field.required_to_save
        """Whether it must be filled in to save."""
        self.changed = False
        self.before: Any = None

    def process_data(self, value: Any) -> None:
        """Take the stored answer."""
        self.before = value
        self.data = self.answer_type.stored(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was submitted, unless it is what the card showed: an answer is not refused for a newer rule."""
        if not valuelist or not self.editable or self._is_as_shown(valuelist):
            return
        try:
            self.data = self.answer_type.parse(list(valuelist), language=self.meta.language, before=self.data)
        except Invalid as error:
            raise ValueError(error.message) from error
        self.changed = True

    def pre_validate(self, form: BaseForm) -> None:  # noqa: ARG002 - the signature of WTForms
        """Check what needs the request: is it filled where it must be, may the person see what it names?"""
        if self.is_shown:
            self._check_filled()
        unknown = self._unknown_reference() if self.changed and self.data is not None else None
        if unknown is None:
            return
        if self.is_shown:
            raise StopValidation(str(unknown))
        self.changed = False

    def settle(self, *, is_shown: bool, is_required: bool) -> None:
        """Take what the logic of the form says. What was typed and is hidden now is kept if it can be, not refused."""
        self.is_shown, self.is_required = is_shown, is_required
        if not is_shown:
            self.process_errors: list[str] = []

    @property
    def document_value(self) -> Any:
        """What is to be stored; None when empty."""
        if not self.changed:
            return self.before
        return None if self.data is None else self.answer_type.to_document(self.data)

    def _is_as_shown(self, submitted: Sequence[Any]) -> bool:
        if self.before is None:
            return not any(submitted)
        if self.data is None:
            return False
        shown = self.answer_type.to_input(self.data, self.meta.language)
        return list(submitted) == ([shown] if isinstance(shown, str) else (shown or [""]))

    def _check_filled(self) -> None:
        """What is required to save asks only those who can fill it; what is required to close asks all who see it."""
        if self.errors or self.document_value is not None:
            return
        field = self.answer_type.field
        if self.is_required and self.editable:
            raise StopValidation(str(_l("Fill this field in to save.")))
        is_asked = self.answer_type.is_given and not field.read_only
        if field.required_to_close and self.meta.closing and is_asked:
            raise StopValidation(str(_l("Fill this field in to close the case.")))

    def _unknown_reference(self) -> Any:
        """The message for a row that the person may not see; None when there is none."""
        kind = self.answer_type.reference
        if kind is None:
            return None
        earlier = self.answer_type.stored(self.before)
        known = set(self.answer_type.references(earlier)) if earlier is not None else set()
        new = (row_id for row_id in self.answer_type.references(self.data) if row_id not in known)
        offered = (self.answer_type.is_offered(row_id) and self.meta.find(kind, row_id) is not None for row_id in new)
        return None if all(offered) else NOT_FOUND[kind.partition(":")[0]]
