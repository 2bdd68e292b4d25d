"""A kind that this installation does not know: shown as such, its settings and answers kept as they are."""

from typing import Any

from app.core.i18n import lazy_gettext as _l
from app.formbuilder.config import UnknownConfig
from app.formbuilder.field_types.base import FieldType


class UnknownField(FieldType[UnknownConfig]):
    """Stands in for the class of a kind that is missing."""

    kind = "unknown"
    title = _l("Unknown field")
    icon = "help"
    macro = "unknown"
    config_type = UnknownConfig
    is_known = False

    def faults(self) -> list[Any]:
        """It may stay where it is, as it came."""
        return []
