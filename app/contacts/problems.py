"""What can be wrong with a value or a row: short codes that can be stored, worded when somebody reads them."""

from collections.abc import Mapping
from typing import Any

from flask_babel.speaklater import LazyString

from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l

TEXTS: Mapping[str, Any] = {
    # Telephone numbers
    "phone_damaged": _l(
        "A spreadsheet has rounded this number (%(value)s), so its last digits are lost. "
        "Format the column as text in the source and export it again."
    ),
    "phone_letters": _l("This telephone number has letters in it: %(value)s."),
    "phone_none": _l("There is no telephone number in “%(value)s”."),
    "phone_short": _l("This telephone number is too short: %(digits)s digits."),
    "phone_long": _l("This telephone number is too long: %(digits)s digits."),
    "phone_unknown": _l("No country uses a telephone number like %(value)s."),
    # Other values
    "email_bad": _l("This is not an e-mail address: %(value)s."),
    "tax_number_bad": _l("The check digit of this tax number is wrong, or it is incomplete: %(value)s."),
    "kind_unknown": _l("A contact is a person or a company, not “%(value)s”."),
    "number_bad": _l("This is not a number: %(value)s."),
    "date_bad": _l("This is not a date: %(value)s. Write it as 2026-03-31 or 31.03.2026."),
    "yes_no_bad": _l("This is neither yes nor no: %(value)s."),
    "choice_unknown": _l("This is not on the list of choices: %(value)s."),
    "country_bad": _l("Write the country as two letters, for example PL, not “%(value)s”."),
    "too_long": _l("This is longer than %(limit)s characters."),
    "too_many": _l("A contact has at most %(limit)s of these."),
    "nul": _l("There is an invisible control character in this value."),
    "required": _l("This field is required."),
    "required_field": _l("The field “%(field)s” is required."),
    "unknown_field": _l("There is no such field: %(value)s."),
    "nothing_to_name": _l("A contact needs at least a name, a telephone number or an e-mail address."),
    "external_key_taken": _l("Another contact has this external key already: %(value)s."),
    # Rows of a file
    "ragged": _l("This row has %(found)s cells, and the header has %(expected)s."),
    "nothing_new": _l("Nothing in this row is new: contact K-%(number)s has it all."),
    "in_file_already": _l("The same contact stands in row %(row)s of this file."),
    "known_already": _l("This contact is known already: K-%(number)s."),
    "several_known": _l("Several known contacts fit this row: %(numbers)s."),
}


def wording(code: str, details: Mapping[str, Any]) -> str:
    """The sentence for a stored problem, in the reader's language."""
    text = TEXTS.get(code)
    return str(text) % details if text is not None else _("Unknown problem: %(code)s.", code=code)


class ValueProblem(Invalid):
    """One value that does not fit; `code` and `details` can be stored, the message is worded when it is read."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(LazyString(wording, code, details), **details)
        self.code = code
