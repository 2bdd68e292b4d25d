"""The head of the list of cases: labels, widths, and the addresses that sort."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.cases.listing_columns import ListColumn
from app.core.i18n import gettext as _

_USUAL_WIDTH = 140
_WIDTHS: Mapping[str, int | str | None] = {
    "number": 76, "contact": "12%", "campaign": "12%", "status": "14%", "owner": "10%", "due": 108, "age": 84,
    "touched": 96, "status_age": 96, "source": 130, "contact_number": 96, "phone": 140, "email": 170, "subject": None,
}  # fmt: skip
"""Pixels or a share of the table; None takes what is left."""
_NUMERIC = frozenset({"age", "touched", "status_age", "contact_number"})


def heads_of(columns: Sequence[ListColumn], sort_addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows for the macro of tables: the marks of a row, then the chosen columns."""
    return [
        {"name": "unread", "label": _("Unread"), "hidden": True, "width": 16},
        {"name": "icon", "label": _("Source"), "hidden": True, "width": 32},
        *(
            {
                "name": column.key,
                "label": column.title,
                "width": _WIDTHS.get(column.key, _USUAL_WIDTH),
                "num": column.key in _NUMERIC,
                "sort": sort_addresses.get(column.key),
            }
            for column in columns
        ),
    ]


def sorted_by(columns: Sequence[ListColumn], sort: str, *, descending: bool) -> tuple[str, str]:
    """The column that the list is sorted by ("" when it is not shown), and the direction."""
    keys = [column.key for column in columns if column.sort == sort]
    return keys[-1] if keys else "", "desc" if descending else "asc"
