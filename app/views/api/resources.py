"""Every module with endpoints; importing it fills the table."""

from app.views.api import (
    campaigns,
    case_links,
    case_timeline,
    cases,
    contacts,
    described,
    dictionaries,
    forms,
    me,
    scripts,
    users,
)

__all__ = [
    "campaigns", "case_links", "case_timeline", "cases", "contacts", "described", "dictionaries", "forms", "me",
    "scripts", "users",
]  # fmt: skip
