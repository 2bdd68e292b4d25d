"""One class per kind of field: settings, checking, storage, display, export, filter. Listed once, here."""

from app.formbuilder.field_types.buttons import ButtonType
from app.formbuilder.field_types.calculated import CalculatedType
from app.formbuilder.field_types.choices import MultipleChoiceType, SingleChoiceType, YesNoType
from app.formbuilder.field_types.dates import DateTimeType, DateType, TimeType
from app.formbuilder.field_types.display import HeadingType, ImageType, ScriptTextType, SeparatorType
from app.formbuilder.field_types.figures import MoneyType, NumberType, PercentType, RatingType
from app.formbuilder.field_types.identifiers import IbanType, IdCardType, NipType, PeselType, RegonType
from app.formbuilder.field_types.reach import EmailType, PhoneType, WebAddressType
from app.formbuilder.field_types.references import CaseLookUpType, ContactLookUpType, DictionaryType, FileType
from app.formbuilder.field_types.signature import SignatureType
from app.formbuilder.field_types.texts import LongTextType, TextType

ALL = (
    TextType, LongTextType, NumberType, MoneyType, PercentType, DateType, TimeType, DateTimeType, PhoneType, EmailType,
    WebAddressType, SingleChoiceType, MultipleChoiceType, YesNoType, RatingType, CalculatedType, FileType,
    SignatureType,
    ContactLookUpType, CaseLookUpType, DictionaryType, PeselType, NipType, RegonType, IbanType, IdCardType, HeadingType,
    SeparatorType, ScriptTextType, ImageType, ButtonType,
)  # fmt: skip
"""In the order of the palette."""
