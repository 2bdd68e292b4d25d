"""What the permissions are called on the page of a role, grouped by what they are about."""

from collections.abc import Collection, Mapping
from typing import Any

from app.access.permissions import Permission as P
from app.core.i18n import lazy_gettext as _l

GROUPS: Mapping[str, Any] = {
    "Case": _l("Cases"),
    "Contact": _l("Contacts"),
    "Campaign": _l("Campaigns"),
    "Script": _l("Scripts"),
    "Form": _l("Forms"),
    "CustomField": _l("Fields of contacts"),
    "Dictionary": _l("Dictionaries"),
    "Webhook": _l("Webhooks"),
    "User": _l("Users"),
    "Team": _l("Teams"),
    "Role": _l("Roles"),
    "Setting": _l("Settings"),
    "History": _l("History"),
    "SavedView": _l("Views"),
    "Work": _l("Long work"),
    "Api": _l("REST API"),
    "Style": _l("Components"),
}

NAMES: Mapping[P, Any] = {
    P.CASE_READ: _l("See cases of one's campaigns"),
    P.CASE_CREATE: _l("Open new cases"),
    P.CASE_EDIT: _l("Handle cases: form, status, notes, files"),
    P.CASE_ASSIGN: _l("Give a case to somebody else"),
    P.CASE_MOVE: _l("Move a case to another campaign"),
    P.CASE_SEE_COLLEAGUES: _l("See cases of colleagues, also where agents see only their own"),
    P.CASE_SEE_ALL: _l("See the cases of all campaigns"),
    P.CASE_EDIT_NOTES: _l("Change notes of colleagues"),
    P.CASE_EXPORT: _l("Export cases"),
    P.CASE_BULK: _l("Create and change many cases at once"),
    P.CONTACT_READ: _l("See contacts of visible cases, and one's own"),
    P.CONTACT_CREATE: _l("Create contacts"),
    P.CONTACT_EDIT: _l("Change contacts"),
    P.CONTACT_IMPORT: _l("Import contacts"),
    P.CONTACT_EXPORT: _l("Export contacts"),
    P.CONTACT_SEE_ALL: _l("See all contacts"),
    P.CAMPAIGN_READ: _l("See the list of campaigns"),
    P.CAMPAIGN_EDIT: _l("Create and change campaigns"),
    P.CAMPAIGN_ASSIGN: _l("Say who works in a campaign"),
    P.SCRIPT_READ: _l("See scripts and statuses"),
    P.SCRIPT_EDIT: _l("Create and change scripts and statuses"),
    P.FORM_READ: _l("See forms and their versions"),
    P.FORM_EDIT: _l("Create and change forms"),
    P.FORM_EDIT_LIVE: _l("Publish a form that people are filling in"),
    P.CUSTOM_FIELD_EDIT: _l("Add and change fields of contacts"),
    P.DICTIONARY_READ: _l("See dictionaries"),
    P.DICTIONARY_EDIT: _l("Create and change dictionaries"),
    P.WEBHOOK_READ: _l("See webhooks and their calls"),
    P.WEBHOOK_EDIT: _l("Set up webhooks, and see their secrets"),
    P.USER_READ: _l("See users and teams"),
    P.USER_EDIT: _l("Invite, change and deactivate users"),
    P.TEAM_EDIT: _l("Create and change teams"),
    P.ROLE_EDIT: _l("Create and change roles"),
    P.SETTING_EDIT: _l("Change the settings of the centre"),
    P.HISTORY_READ: _l("Read the history of everything"),
    P.SAVED_VIEW_SHARE: _l("Share views with a role"),
    P.WORK_SEE_ALL: _l("See and stop long work of others"),
    P.API_USE: _l("Use the REST API"),
    P.STYLE_READ: _l("See the page of components"),
}


def grouped() -> dict[str, list[tuple[str, str]]]:
    """Group title → (pair, name) of its permissions, in the order of `Permission`."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for permission in P:
        groups.setdefault(str(GROUPS[permission.resource]), []).append((permission.value, str(NAMES[permission])))
    return groups


def in_groups(pairs: Collection[str]) -> str:
    """The names of these, a line for each group that has one: "Cases: Create cases, Export cases"."""
    held = {title: [name for pair, name in named if pair in pairs] for title, named in grouped().items()}
    return "\n".join(f"{title}: {', '.join(names)}" for title, names in held.items() if names)
