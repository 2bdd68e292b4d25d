"""Doors for people: pages on Flask-AppBuilder, and the REST API. A door loads, authorises, calls a verb, answers."""

from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.access.permissions import Permission
from app.core.db import db
from app.core.i18n import lazy_gettext as _l
from app.views import api, errors, formats, language, looks, safety, shell, signing_in
from app.views.answer_history import AnswerHistoryView
from app.views.builder import BuilderView
from app.views.campaigns import CampaignActions, CampaignView
from app.views.cases import CaseView, FileView
from app.views.cases_list import CaseListView
from app.views.contacts import ContactActions, ContactView
from app.views.demo import DemoPage
from app.views.dictionaries import DictionaryView
from app.views.form_live_edit import FormLiveEditView
from app.views.form_versions import FormVersionView
from app.views.forms import FormView
from app.views.health import health
from app.views.home import HomePage
from app.views.imports import ImportView
from app.views.people import MENU as PEOPLE
from app.views.people import PAGES as PEOPLE_PAGES
from app.views.pictures import PictureView
from app.views.portable import GalleryView, PortableView
from app.views.pressing import PressView
from app.views.script_rules import ScriptRuleView
from app.views.scripts import ScriptView
from app.views.search import SearchView
from app.views.security import SplotAppBuilder, SplotSecurityManager
from app.views.style import StyleView
from app.views.webhooks import WebhookView
from app.views.work import WorkView


@dataclass(frozen=True)
class Entry:
    """One line of the menu: a view, its stable name, what people read, an icon, and who may open it."""

    view: type[Any]
    name: str
    label: Any
    icon: str
    permission: Permission | None
    """None: everybody who is signed in."""


RUNNING = _l("Running")
CONFIGURATION = _l("Configuration")

MENU: tuple[tuple[str, Any, tuple[Entry, ...]], ...] = (
    # (stable name of the group, its label, its entries); the first group stands at the top without a label.
    (
        "work",
        "",
        (
            Entry(CaseListView, "cases", _l("Cases"), "ticket", Permission.CASE_READ),
            Entry(ContactView, "contacts", _l("Contacts"), "address-book", Permission.CONTACT_READ),
        ),
    ),
    (
        "running",
        RUNNING,
        (
            Entry(CampaignView, "campaigns", _l("Campaigns"), "speakerphone", Permission.CAMPAIGN_READ),
            Entry(ScriptView, "scripts", _l("Scripts and statuses"), "route", Permission.SCRIPT_READ),
            Entry(GalleryView, "gallery", _l("Gallery"), "library", Permission.SCRIPT_READ),
            Entry(FormView, "forms", _l("Forms"), "forms", Permission.FORM_READ),
            Entry(ImportView, "imports", _l("Imports"), "file-import", Permission.CONTACT_IMPORT),
            Entry(DictionaryView, "dictionaries", _l("Dictionaries"), "book-2", Permission.DICTIONARY_READ),
            Entry(WebhookView, "webhooks", _l("Webhooks"), "webhook", Permission.WEBHOOK_READ),
        ),
    ),
    ("configuration", CONFIGURATION, tuple(Entry(*line) for line in PEOPLE)),
)
PAGES: tuple[type[Any], ...] = (
    *PEOPLE_PAGES,
    AnswerHistoryView,
    BuilderView,
    CampaignActions,
    CaseView,
    ContactActions,
    DemoPage,
    FileView,
    FormLiveEditView,
    FormVersionView,
    PictureView,
    PortableView,
    PressView,
    ScriptRuleView,
    SearchView,
    WorkView,
    StyleView,
)
"""Pages that no menu names."""


def register(app: Flask) -> SplotAppBuilder:
    """Put every page on the application."""
    errors.register(app)
    safety.register(app)
    app.register_blueprint(health)
    with app.app_context():
        appbuilder = SplotAppBuilder(
            app,
            db.session,
            indexview=HomePage,
            security_manager_class=SplotSecurityManager,
            base_template="appbuilder/baselayout.html",
        )
        for group, label, entries in MENU:
            for entry in entries:
                in_group = {"category": group, "category_label": label} if label else {}
                appbuilder.add_view(entry.view, entry.name, label=entry.label, icon=entry.icon, **in_group)
                appbuilder.menu_permissions[entry.name] = entry.permission
        for page in PAGES:
            appbuilder.add_view_no_menu(page)
        signing_in.limit_attempts(appbuilder.sm.limiter)
    api.register(app, appbuilder)
    language.register(app)
    shell.register(app)
    formats.register(app)
    looks.register(app)
    return appbuilder
