"""What Flask-AppBuilder and WTForms say to people, said by our catalogue.

Their own Polish has holes and mistakes and lies outside of our checks. Flask-AppBuilder's texts are looked up in our
catalogue by themselves, a form of WTForms asks `FormWords`. `TEXTS` is there for the extraction.
"""

from typing import Any

from flask_babel import get_translations
from flask_wtf import FlaskForm

from app.core.i18n import lazy_ngettext
from app.core.i18n import source_text as N_  # noqa: N812  (the name that Babel looks for)


class FormWords:
    """Translations in the shape that WTForms asks for; it fills the places in itself."""

    def gettext(self, text: str) -> str:
        """In the reader's language."""
        return str(get_translations().ugettext(text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """In the plural form that the number takes."""
        return str(get_translations().ungettext(one, many, count))


class WordsMeta:
    """`Meta` of a form whose messages come from our catalogue."""

    def get_translations(self, _form: Any) -> FormWords:
        """WTForms asks for them."""
        return FormWords()


class TranslatedForm(FlaskForm):
    """Base of forms whose messages come from our catalogue."""

    Meta = WordsMeta


TEXTS = (
    # WTForms
    N_("This field is required."),
    N_("Invalid input."),
    N_("Invalid email address."),
    N_("Field must be equal to %(other_name)s."),
    lazy_ngettext("Field must be at least %(min)d character long.",
                  "Field must be at least %(min)d characters long.", 1),
    lazy_ngettext("Field cannot be longer than %(max)d character.",
                  "Field cannot be longer than %(max)d characters.", 1),
    lazy_ngettext("Field must be exactly %(max)d character long.",
                  "Field must be exactly %(max)d characters long.", 1),
    N_("Field must be between %(min)d and %(max)d characters long."),
    N_("Number must be at least %(min)s."),
    N_("Number must be at most %(max)s."),
    N_("Number must be between %(min)s and %(max)s."),
    N_("Invalid Choice: could not coerce."),
    N_("Not a valid choice."),
    N_("Invalid choice(s): one or more data inputs could not be coerced."),
    lazy_ngettext("'%(value)s' is not a valid choice for this field.",
                  "'%(value)s' are not valid choices for this field.", 1),
    N_("Not a valid datetime value."),
    N_("Not a valid date value."),
    N_("Not a valid time value."),
    N_("Not a valid integer value."),
    N_("Not a valid decimal value."),
    N_("Not a valid float value."),
    # Flask-AppBuilder: checks of a form
    N_("Already exists."),
    N_("Not a valid choice"),
    N_("Access is Denied"),
    N_("Database Error"),
    # Flask-AppBuilder: how a filter compares
    N_("Starts with"),
    N_("Not Starts with"),
    N_("Ends with"),
    N_("Not Ends with"),
    N_("Contains"),
    N_("Not Contains"),
    N_("Equal to"),
    N_("Not Equal to"),
    N_("Greater than"),
    N_("Smaller than"),
    N_("In"),
    N_("Not In"),
    N_("Relation"),
    N_("No Relation"),
    N_("Relation as Many"),
)  # fmt: skip
