"""Who may come through which door: one line for every route and socket event of the product.

A route that is not here fails `test_every_door.py`: whoever adds one says who may use it. PUBLIC is for everybody,
SIGNED_IN for every user, a Permission for the roles that hold it; API marks routes that need API_USE besides.
"""

from dataclasses import dataclass

from app.access.permissions import Permission as P


@dataclass(frozen=True)
class Door:
    """What one needs to come in."""

    permission: P | None = None
    is_public: bool = False
    is_api: bool = False
    ends_session: bool = False
    """Using it signs the user out, so the walk signs in again."""


PUBLIC = Door(is_public=True)
SIGNED_IN = Door()


def needs(permission: P) -> Door:
    """A page of those who hold the permission."""
    return Door(permission=permission)


def api(permission: P | None = None) -> Door:
    """An endpoint of the REST API."""
    return Door(permission=permission, is_api=True)


def crud(view: str, reads: P, changes: P, *, deletes: P | None) -> dict[str, Door]:
    """The pages of a `CrudView`; without `deletes` it has no delete page."""
    doors = {f"{view}.{name}": needs(reads) for name in ("list", "show", "options")}
    doors |= {f"{view}.{name}": needs(changes) for name in ("add", "edit")}
    return doors | ({f"{view}.delete": needs(deletes)} if deletes else {})


DOORS: dict[str, Door] = {
    # Frame, health, sign-in
    "static": PUBLIC,
    "appbuilder.static": PUBLIC,
    "health.healthz": PUBLIC,
    "health.readyz": PUBLIC,
    "SignIn.login": PUBLIC,
    "SignIn.logout": Door(is_public=True, ends_session=True),
    "SignInApi.login": PUBLIC,
    "SignInApi.refresh": PUBLIC,
    "WelcomePage.index": PUBLIC,
    "LanguagePage.index": PUBLIC,
    "UtilView.back": PUBLIC,
    "HomePage.index": SIGNED_IN,
    "StyleView.index": needs(P.STYLE_READ),
    # Account and people
    "AccountPage.index": SIGNED_IN,
    "AccountPage.save": SIGNED_IN,
    "AccountPage.password": SIGNED_IN,
    "AccountPage.sign_out": Door(ends_session=True),
    "AccountPage.add_token": needs(P.API_USE),
    "AccountPage.revoke_token": needs(P.API_USE),
    "SettingsPage.index": needs(P.SETTING_EDIT),
    "SettingsPage.save": needs(P.SETTING_EDIT),
    **crud("UserView", P.USER_READ, P.USER_EDIT, deletes=None),
    **{f"UserView.{name}": needs(P.USER_EDIT) for name in ("activate", "deactivate", "sign_out", "reset_password")},
    **crud("TeamView", P.USER_READ, P.TEAM_EDIT, deletes=P.TEAM_EDIT),
    **crud("RoleView", P.ROLE_EDIT, P.ROLE_EDIT, deletes=P.ROLE_EDIT),
    **crud("CustomFieldView", P.CUSTOM_FIELD_EDIT, P.CUSTOM_FIELD_EDIT, deletes=P.CUSTOM_FIELD_EDIT),
    # Contacts with their imports and the search
    **crud("ContactView", P.CONTACT_READ, P.CONTACT_EDIT, deletes=None),
    "ContactView.add": needs(P.CONTACT_CREATE),
    **{f"ContactActions.{name}": needs(P.CONTACT_READ) for name in ("index", "keep_columns")},
    "ContactActions.create": needs(P.CONTACT_CREATE),
    **{f"ContactActions.{name}": needs(P.CONTACT_EDIT) for name in ("change", "mark")},
    "ContactActions.export": needs(P.CONTACT_EXPORT),
    "ContactActions.open_cases": needs(P.CASE_BULK),
    **{
        f"ImportView.{name}": needs(P.CONTACT_IMPORT)
        for name in ("errors", "go_on", "index", "preview", "read_again", "send", "show", "start", "undo")
    },
    "SearchView.index": SIGNED_IN,
    "SearchView.contacts": needs(P.CONTACT_READ),
    # Campaigns, scripts, forms
    **crud("CampaignView", P.CAMPAIGN_READ, P.CAMPAIGN_EDIT, deletes=None),
    "CampaignActions.index": needs(P.CAMPAIGN_READ),
    "CampaignActions.assign": needs(P.CAMPAIGN_ASSIGN),
    **{f"CampaignActions.{name}": needs(P.CASE_BULK) for name in ("open_cases", "owners")},
    **{f"CampaignActions.{name}": needs(P.CAMPAIGN_EDIT) for name in ("change", "copy", "create", "turn")},
    **{f"ScriptView.{name}": needs(P.SCRIPT_READ) for name in ("index", "show")},
    **{
        f"ScriptView.{name}": needs(P.SCRIPT_EDIT)
        for name in ("add", "add_status", "change", "change_status", "hide", "move", "order", "rename", "turn")
    },
    **{f"ScriptRuleView.{name}": needs(P.SCRIPT_EDIT) for name in ("add", "change", "turn")},
    "PortableView.export": needs(P.SCRIPT_READ),
    **{f"PortableView.{name}": needs(P.SCRIPT_EDIT) for name in ("bring", "choose", "preview")},
    **{f"GalleryView.{name}": needs(P.SCRIPT_READ) for name in ("index", "show")},
    "GalleryView.start": needs(P.SCRIPT_EDIT),
    **{f"FormView.{name}": needs(P.FORM_READ) for name in ("index", "show")},
    **{
        f"FormView.{name}": needs(P.FORM_EDIT)
        for name in ("add", "discard", "rename")
    },
    **{
        f"BuilderView.{name}": needs(P.FORM_READ)
        for name in ("cases", "draft", "draw", "here", "logic", "look", "preview")
    },
    **{f"BuilderView.{name}": needs(P.FORM_EDIT) for name in ("default", "keep")},
    "FormVersionView.versions": needs(P.FORM_READ),
    **{
        f"FormVersionView.{name}": needs(P.FORM_EDIT)
        for name in ("conversion", "merge", "restore", "take_over", "trial")
    },
    "FormView.publish": needs(P.FORM_EDIT_LIVE),
    **{f"FormLiveEditView.{name}": needs(P.FORM_EDIT_LIVE) for name in ("begin", "reach")},
    **{f"DictionaryView.{name}": needs(P.DICTIONARY_READ) for name in ("index", "show")},
    **{
        f"DictionaryView.{name}": needs(P.DICTIONARY_EDIT)
        for name in ("add", "add_entry", "change", "paste", "rename_entry", "sort", "turn_entry")
    },
    **{f"WebhookView.{name}": needs(P.WEBHOOK_READ) for name in ("index", "show")},
    **{f"WebhookView.{name}": needs(P.WEBHOOK_EDIT) for name in ("add", "again", "change", "turn")},
    "DemoPage.progress": SIGNED_IN,
    # Cases, files, long work
    **{
        f"CaseListView.{name}": needs(P.CASE_READ)
        for name in (
            "add_view", "columns", "count", "counts", "drop_view", "filters", "keep_columns", "list", "new_rows",
            "part", "rows",
        )
    },
    **{f"CaseListView.{name}": needs(P.CASE_BULK) for name in ("bulk", "bulk_dialog")},
    "CaseListView.export": needs(P.CASE_EXPORT),
    **{
        f"CaseView.{name}": needs(P.CASE_READ)
        for name in ("activities", "card", "history", "leave", "look_up", "state")
    },
    "AnswerHistoryView.answer_history": needs(P.CASE_READ),
    **{f"CaseView.{name}": needs(P.CASE_CREATE) for name in ("add", "new")},
    **{
        f"CaseView.{name}": needs(P.CASE_EDIT)
        for name in ("add_note", "attach", "change_contact", "change_source", "draft", "edit_note", "save")
    },
    **{f"CaseView.{name}": needs(P.CASE_MOVE) for name in ("move", "preview_move")},
    "FileView.download": needs(P.CASE_READ),
    "PictureView.show": SIGNED_IN,
    "PictureView.add": needs(P.FORM_EDIT),
    "PressView.press": needs(P.CASE_EDIT),
    **{f"WorkView.{name}": SIGNED_IN for name in ("problems", "show", "stop")},
    # REST
    "api._nowhere": PUBLIC,
    "api.describe": PUBLIC,
    "api.show_me": api(),
    **{f"api.{name}": api(P.USER_READ) for name in ("list_users", "show_user")},
    **{
        f"api.{name}": api(P.USER_EDIT)
        for name in ("invite_user", "activate_user", "deactivate_user", "sign_out_everywhere", "reset_password")
    },
    **{f"api.{name}": api(P.SCRIPT_READ) for name in ("list_scripts", "show_script")},
    **{
        f"api.{name}": api(P.SCRIPT_EDIT)
        for name in ("create_script", "change_script", "add_status", "change_status_of_script", "reorder_statuses")
    },
    **{f"api.{name}": api(P.SCRIPT_EDIT) for name in ("add_rule", "change_rule", "remove_rule", "reorder_rules")},
    **{f"api.{name}": api(P.FORM_READ) for name in ("list_forms", "show_form", "list_versions", "show_version")},
    **{f"api.{name}": api(P.FORM_EDIT) for name in ("create_form", "publish_version")},
    **{f"api.{name}": api(P.CAMPAIGN_READ) for name in ("list_campaigns", "show_campaign")},
    **{f"api.{name}": api(P.CAMPAIGN_EDIT) for name in ("create_campaign", "change_campaign")},
    "api.assign_people": api(P.CAMPAIGN_ASSIGN),
    **{f"api.{name}": api(P.CONTACT_READ) for name in ("list_contacts", "show_contact")},
    "api.create_contact": api(P.CONTACT_CREATE),
    "api.change_contact": api(P.CONTACT_EDIT),
    **{
        f"api.{name}": api(P.CASE_READ)
        for name in (
            "list_cases", "show_case", "list_activities", "list_files", "download_file", "list_statuses_of_case",
        )
    },
    "api.create_case": api(P.CASE_CREATE),
    **{
        f"api.{name}": api(P.DICTIONARY_READ) for name in ("list_dictionaries", "show_dictionary", "list_entries")
    },
    "api.list_links": api(P.CASE_READ),
    "api.link_case": api(P.CASE_EDIT),
    **{
        f"api.{name}": api(P.CASE_EDIT)
        for name in ("change_case", "add_note", "change_note", "set_status", "upload_file")
    },
    "api.move_case": api(P.CASE_MOVE),
}  # fmt: skip

EVENTS: dict[str, Door] = {
    "watch_list": SIGNED_IN,
    "watch_case": needs(P.CASE_READ),
    "watch_work": needs(P.WORK_SEE_ALL),
    "beat": SIGNED_IN,
}
"""Events of the socket, by name; nobody comes in without a session. The permission for long work is for that of others.
`tests/live/test_desk.py` walks through them."""
