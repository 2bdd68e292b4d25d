"""Tables, one file per aggregate: columns, constraints, indexes; no policy.

Importing this package knows every table, so that migrations compare with the whole.
"""

from flask_appbuilder.security.sqla import models as fab_models

from app.models.access import ApiToken, IdempotencyKey, Invitation, UserSession
from app.models.activities import Activity, ActivityRevision
from app.models.answers import Answer, CaseAnswers
from app.models.callbacks import Callback
from app.models.campaigns import Campaign, campaign_teams, campaign_users
from app.models.cases import Case, CaseDraft, CaseLink, CaseRead, OpenCard
from app.models.contacts import Contact, ContactAddress, ContactEmail, ContactPhone, CustomField
from app.models.dictionaries import Dictionary, DictionaryEntry
from app.models.files import StoredFile
from app.models.forms import Form, FormDraft, FormVersion
from app.models.history import HistoryEntry
from app.models.imports import Import, ImportRow
from app.models.people import AppUser, Team, team_members
from app.models.saved_views import SavedView
from app.models.scripts import Script, Status, StatusRule
from app.models.settings import Setting
from app.models.webhooks import Webhook, WebhookCall
from app.models.work import Work, WorkItem, WorkProblem

__all__ = [
    "Activity",
    "ActivityRevision",
    "Answer",
    "ApiToken",
    "AppUser",
    "Callback",
    "Campaign",
    "Case",
    "CaseAnswers",
    "CaseDraft",
    "CaseLink",
    "CaseRead",
    "Contact",
    "ContactAddress",
    "ContactEmail",
    "ContactPhone",
    "CustomField",
    "Dictionary",
    "DictionaryEntry",
    "Form",
    "FormDraft",
    "FormVersion",
    "HistoryEntry",
    "IdempotencyKey",
    "Import",
    "ImportRow",
    "Invitation",
    "OpenCard",
    "SavedView",
    "Script",
    "Setting",
    "Status",
    "StatusRule",
    "StoredFile",
    "Team",
    "UserSession",
    "Webhook",
    "WebhookCall",
    "Work",
    "WorkItem",
    "WorkProblem",
    "campaign_teams",
    "campaign_users",
    "fab_models",
    "team_members",
]  # fmt: skip
