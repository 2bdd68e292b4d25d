"""The frame of every page: the addresses of built files, and the navigation that the user may see."""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import get_locale
from markupsafe import Markup
from wtforms import Field

from app.access.permissions import Permission, may
from app.cases.open_cards import Tab, open_tabs
from app.core.i18n import DEFAULT_LANGUAGE, LANGUAGES
from app.core.installation import installation
from app.people.demo import demo_here
from app.people.roles import TITLES
from app.views.base import current_user

BUILT = Path(__file__).parent.parent / "static" / "dist"
FAB_ICONS = {
    "fa-cogs": "settings", "fa-user": "user", "fa-group": "users-group", "fa-lock": "lock", "fa-link": "link",
    "fa-user-gear": "user-cog", "fa-user-plus": "user-plus", "fa-list-alt": "list-details",
    "fa-bar-chart-o": "chart-bar", "fa-edit": "pencil", "fa-copy": "copy", "fa-phone": "phone",
}  # fmt: skip
"""Flask-AppBuilder names its own menu entries by Font Awesome; ours name Tabler's icons directly."""
NO_ICON = "point"


def register(app: Flask) -> None:
    """Give the templates `asset()`, `navigation()`, `language()`, `languages`, `demo_here()` and what Flask has."""
    app.jinja_env.globals.update(
        open_cases=open_cases,
        may_create_case=may_create_case,
        demo_here=demo_here,
        role_title=role_title,
        asset=asset,
        navigation=navigation,
        language=language,
        languages=LANGUAGES,
        socket_origin=socket_origin,
        control_of=control_of,
    )
    app.context_processor(_frame)


def socket_origin() -> str:
    """Where this page opens its live connection to."""
    host = request.host.rpartition(":")[0] or request.host
    return installation().socket_origin(host)


def asset(name: str) -> str:
    """The address of a built file by its plain name ("app.css"); the name served carries a hash of the content.

    Raises LookupError when it was not built: a page without its style is a fault to see, not to hide.
    """
    # A page asks dozens of times; one look at the file per request is enough.
    if "manifest" not in g:
        g.manifest = _manifest((BUILT / "manifest.json").stat().st_mtime_ns)
    if name not in g.manifest:
        message = f"{name} is not in {BUILT}/manifest.json: run `npm run build`"
        raise LookupError(message)
    root = request.script_root if has_request_context() else ""  # a socket process makes parts of pages without one
    return f"{root}{current_app.static_url_path}/dist/{g.manifest[name]}"


def language() -> str:
    """The code of the language that this page is in."""
    locale = get_locale()
    return locale.language if locale and locale.language in LANGUAGES else DEFAULT_LANGUAGE


def control_of(field: Field, **attributes: Any) -> Markup:
    """The control of a form field. Flask-AppBuilder's widgets repeat the label inside it: that is taken out."""
    html = str(field(**attributes))
    return Markup(html.replace(str(Markup(' placeholder="{}"').format(field.label.text)), "", 1))  # noqa: S704


@lru_cache(maxsize=1)
def _manifest(_changed: int) -> dict[str, str]:
    """Read anew when it was built anew, so that an upgrade in place needs no restart to find its files."""
    return dict(json.loads((BUILT / "manifest.json").read_text()))


def navigation(current: str = "") -> list[dict[str, Any]]:
    """Groups {label, items}; an item is {name, label, url, icon, current}. Only what the user may open.

    `current` names the menu entry of the page; without it the entry whose address the page lies under.
    """
    groups: list[dict[str, Any]] = [{"label": "", "entries": []}]
    for entry in current_app.extensions["appbuilder"].menu.get_data():
        if entry == "-":
            continue
        if "childs" in entry:
            entries = [_item(child) for child in entry["childs"] if child != "-"]
            groups.append({"label": _label(entry), "entries": entries})
        else:
            groups[0]["entries"].append(_item(entry))
    shown = [group for group in groups if group["entries"]]
    _mark_current([item for group in shown for item in group["entries"]], current)
    return shown


def _item(entry: dict[str, Any]) -> dict[str, Any]:
    icon = str(entry.get("icon") or NO_ICON)
    known = FAB_ICONS.get(icon, NO_ICON) if icon.startswith("fa-") else icon
    return {"name": entry["name"], "label": _label(entry), "url": entry["url"], "icon": known, "current": False}


def _label(entry: dict[str, Any]) -> str:
    """As it was given. Flask-AppBuilder translates the translation once more: "Role" (of "Roles") became "Rola"."""
    return str(current_app.extensions["appbuilder"].menu.find(entry["name"]).label)


def _mark_current(items: list[dict[str, Any]], current: str) -> None:
    """The longest matching address wins: /cases/import lies under both /cases/ and /cases/import."""
    if current:
        under = [item for item in items if item["name"] == current]
    else:
        under = [item for item in items if request.path.startswith(item["url"].removesuffix("list/"))]
        under = [item for item in under if item["url"] != "/" or request.path == "/"]
    if under:
        max(under, key=lambda item: len(item["url"]))["current"] = True


def role_title(name: str) -> str:
    """What people call a role."""
    return str(TITLES.get(name, name))


def open_cases() -> Sequence[Tab]:
    """The cards that the user has open, for the bar of tabs; asked once a page, by whole pages only."""
    user = current_user()
    return open_tabs(user) if user is not None and may(user, Permission.CASE_READ) else ()


def may_create_case() -> bool:
    """Whether the user is offered *new case* on every page."""
    return may(current_user(), Permission.CASE_CREATE)


def _frame() -> dict[str, Any]:
    return {"appbuilder": current_app.extensions.get("appbuilder"), "request_id": g.get("request_id")}
