"""What happens to a contact that has a case in the campaign already, in words."""

from collections.abc import Mapping
from typing import Any

from app.core.i18n import lazy_gettext as _l
from app.models.campaigns import DuplicateRule

DUPLICATE_RULES: Mapping[DuplicateRule, Any] = {
    DuplicateRule.SKIP_ANY: _l("gets no second one"),
    DuplicateRule.SKIP_OPEN: _l("gets one when the others are closed"),
    DuplicateRule.CREATE: _l("gets another one"),
}
