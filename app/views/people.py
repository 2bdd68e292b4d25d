"""Users, teams, roles and fields of contacts, as Flask-AppBuilder's views on our verbs."""

from typing import Any

from flask import flash, make_response, redirect, url_for
from flask_appbuilder import expose
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length

from app.access.permissions import Permission, granted, require
from app.access.roles import pairs_of, require_not_above
from app.core import clock
from app.core.db import transaction
from app.core.errors import SplotError
from app.core.i18n import DEFAULT_TIME_ZONE, LANGUAGES
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, CustomField, Team, fab_models
from app.models.contacts import CustomFieldKind
from app.people import roles as role_verbs
from app.people import users
from app.people.sessions import sign_out_everywhere
from app.views import permission_names
from app.views.account import AccountPage, WelcomePage, language_choices, zone_choices
from app.views.base import ask_to_sign_in, current_user, render, the_user
from app.views.crud import CrudView
from app.views.library_texts import TranslatedForm
from app.views.rows import Interface
from app.views.settings import SettingsPage


class UserView(CrudView):
    """Users. Adding one is an invitation: a link, shown once, with which they set a password."""

    route_base = "/users"
    datamodel = Interface(AppUser)
    reads = Permission.USER_READ
    changes = Permission.USER_EDIT
    list_title, called = _l("Users"), "full_name"
    add_title, edit_title = _l("Invite a user"), _l("Change a user")
    list_columns = ["full_name", "username", "email", "roles", "teams", "active", "last_login"]
    show_columns = [
        "full_name", "username", "email", "roles", "teams", "language", "time_zone", "phone", "active",
        "last_login", "login_count",
    ]  # fmt: skip
    edit_columns = [
        "first_name", "last_name", "username", "email", "roles", "teams", "language", "time_zone", "phone",
    ]  # fmt: skip
    search_columns = ["first_name", "last_name", "username", "email", "roles", "teams", "active"]
    order_columns = ["username", "email", "active", "last_login"]
    base_order = ("last_name", "asc")
    label_columns = {
        "full_name": _l("Name"), "first_name": _l("First name"), "last_name": _l("Surname"), "username": _l("Login"),
        "email": _l("E-mail address"), "roles": _l("Roles"), "teams": _l("Teams"), "active": _l("Active"),
        "language": _l("Language"), "time_zone": _l("Time zone"), "phone": _l("Telephone number"),
        "last_login": _l("Last log-in"), "login_count": _l("Log-ins"),
    }  # fmt: skip
    validators_columns = {"email": [Email()]}
    formatters_columns = {
        "roles": lambda rows: ", ".join(str(role_verbs.TITLES.get(row.name, row.name)) for row in rows),
        "language": lambda code: LANGUAGES.get(code) or _("as the browser says"),
        "teams": lambda rows: ", ".join(row.name for row in rows),
        "active": lambda value: _("yes") if value else _("no, deactivated"),
    }
    show_template = "people/user.html"

    def __init__(self, **kwargs: Any) -> None:
        extra = {"language": _language_field(), "time_zone": _zone_field()}
        self.add_form_extra_fields = self.edit_form_extra_fields = extra
        super().__init__(**kwargs)

    def create(self, item: Any, form: Any) -> Any:
        """Invite."""
        actor = the_user()
        require_not_above(actor, pairs_of(form.roles.data))
        user, link = users.invite_user(_values(form), actor=actor)
        return user, link

    def change(self, item: AppUser, form: Any) -> None:
        """Save, but for a user with more rights than one's own."""
        actor = the_user()
        require_not_above(actor, granted(item) | pairs_of(form.roles.data))
        users.change_user(item, _values(form), actor=actor)

    def after(self, item: Any) -> AnyResponse:
        """After an invitation the link, shown once; after a change the user."""
        if isinstance(item, tuple):
            user, link = item
            return self._shown_once(user, link)
        return redirect(url_for("UserView.show", pk=item.id))

    @expose("/<int:pk>/deactivate", methods=["POST"])
    def deactivate(self, pk: int) -> Any:
        """End every way in."""
        return self._do(
            pk, users.deactivate_user, _("The user is deactivated. Their cases stay, and can be given to others.")
        )

    @expose("/<int:pk>/activate", methods=["POST"])
    def activate(self, pk: int) -> Any:
        """Let them in again."""
        return self._do(pk, users.activate_user, _("The user may sign in again."))

    @expose("/<int:pk>/sign-out", methods=["POST"])
    def sign_out(self, pk: int) -> Any:
        """End every session."""
        return self._do(pk, sign_out_everywhere, _("The user is signed out everywhere."))

    @expose("/<int:pk>/reset-password", methods=["POST"])
    def reset_password(self, pk: int) -> Any:
        """A link for a new password."""
        return self._do(pk, users.reset_password, "")

    def _do(self, pk: int, verb: Any, message: str) -> Any:
        actor = current_user()
        if actor is None:
            return ask_to_sign_in()
        require(actor, Permission.USER_EDIT)
        user = self.the_item(str(pk))
        try:
            with transaction():
                require_not_above(actor, granted(user))
                link = verb(user, actor=actor)
        except SplotError as error:
            flash(str(error), "danger")
            return redirect(url_for("UserView.show", pk=pk))
        if link:
            return self._shown_once(user, link)
        flash(message, "success")
        return redirect(url_for("UserView.show", pk=pk))

    def _shown_once(self, user: AppUser, link: str) -> AnyResponse:
        address = url_for("WelcomePage.index", secret=link, _external=True)
        return make_response(render("people/link.html", user=user, address=address))


class TeamView(CrudView):
    """Teams: users who are assigned to campaigns together."""

    route_base = "/teams"
    datamodel = Interface(Team)
    reads = Permission.USER_READ
    changes = Permission.TEAM_EDIT
    deletes = Permission.TEAM_EDIT
    list_title, add_title, edit_title = _l("Teams"), _l("New team"), _l("Change a team")
    list_columns = ["name", "members"]
    show_columns = ["name", "members", "created_at"]
    edit_columns = ["name", "members"]
    search_columns = ["name", "members"]
    base_order = ("name", "asc")
    label_columns = {"name": _l("Name"), "members": _l("Members"), "created_at": _l("Created")}
    formatters_columns = {"members": lambda rows: ", ".join(row.full_name for row in rows if row.active)}


class RoleForm(TranslatedForm):
    """Name and permissions of a role."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=role_verbs.LONGEST_NAME)])
    permissions = SelectMultipleField(
        _l("Permissions"), coerce=lambda value: value if isinstance(value, str) else _pair(value)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = permission_names.grouped()
        self.permissions.choices = [SelectChoice(permission.value) for permission in Permission]


class RoleView(CrudView):
    """Roles, with their permissions grouped by what they are about."""

    route_base = "/roles"
    datamodel = Interface(fab_models.Role)
    reads = Permission.ROLE_EDIT
    changes = Permission.ROLE_EDIT
    deletes = Permission.ROLE_EDIT
    list_title, add_title, edit_title = _l("Roles"), _l("New role"), _l("Change a role")
    list_columns = ["name", "user"]
    show_columns = ["name", "permissions"]
    edit_columns = ["name", "permissions"]
    search_columns = ["name"]
    order_columns = ["name"]
    base_order = ("id", "asc")
    label_columns = {"name": _l("Name"), "user": _l("Users"), "permissions": _l("Permissions")}
    formatters_columns = {
        "name": lambda name: role_verbs.TITLES.get(name, name),
        "user": lambda rows: sum(1 for row in rows if row.active),
        "permissions": lambda rows: permission_names.in_groups({_pair(row) for row in rows}),
    }
    add_form = edit_form = RoleForm
    add_template = edit_template = "people/role.html"

    def named(self, item: fab_models.Role) -> Any:
        """Ready roles have a name in every language."""
        return role_verbs.TITLES.get(item.name, item.name)

    def create(self, item: Any, form: Any) -> Any:
        """A new role, with nothing that its maker lacks."""
        require_not_above(the_user(), form.permissions.data)
        return role_verbs.create_role(form.name.data, form.permissions.data, actor=the_user())

    def change(self, item: fab_models.Role, form: Any) -> None:
        """The same for a change."""
        require_not_above(the_user(), {*form.permissions.data, *pairs_of([item])})
        role_verbs.change_role(item, form.name.data, form.permissions.data, actor=the_user())

    def remove(self, item: fab_models.Role) -> None:
        """Delete one that nobody has."""
        role_verbs.delete_role(item, actor=the_user())


KINDS = {
    CustomFieldKind.TEXT: _l("one line of text"),
    CustomFieldKind.LONG_TEXT: _l("several lines of text"),
    CustomFieldKind.NUMBER: _l("number"),
    CustomFieldKind.DATE: _l("date"),
    CustomFieldKind.YES_NO: _l("yes or no"),
    CustomFieldKind.CHOICE: _l("choice"),
    CustomFieldKind.PHONE: _l("telephone number"),
    CustomFieldKind.EMAIL: _l("e-mail address"),
}


class CustomFieldView(CrudView):
    """Fields that the centre adds to its contacts. A field is retired, not deleted: its values stay."""

    route_base = "/contact-fields"
    datamodel = Interface(CustomField)
    reads = Permission.CUSTOM_FIELD_EDIT
    changes = Permission.CUSTOM_FIELD_EDIT
    deletes = Permission.CUSTOM_FIELD_EDIT
    list_title, called = _l("Fields of contacts"), "title"
    add_title, edit_title = _l("New field of contacts"), _l("Change a field of contacts")
    list_columns = ["title", "key", "kind", "campaign", "is_required", "is_visible", "position", "retired_at"]
    show_columns = [
        "title", "key", "description", "kind", "choices", "campaign", "is_required", "is_visible", "agents_may_edit",
        "position", "retired_at",
    ]  # fmt: skip
    add_columns = [
        "title", "key", "kind", "description", "choices", "campaign", "is_required", "is_visible", "agents_may_edit",
        "position",
    ]  # fmt: skip
    edit_columns = [
        "title", "description", "choices", "campaign", "is_required", "is_visible", "agents_may_edit", "position",
    ]  # fmt: skip
    search_columns = ["title", "key", "kind", "campaign"]
    base_order = ("position", "asc")
    formatters_columns = {"kind": lambda kind: KINDS.get(kind, kind)}
    label_columns = {
        "title": _l("Name"), "key": _l("Key"), "kind": _l("Kind"), "description": _l("Explanation"),
        "choices": _l("Choices"), "campaign": _l("Campaign"), "is_required": _l("Required"),
        "is_visible": _l("Shown"), "agents_may_edit": _l("Agents may change it"), "position": _l("Order"),
        "retired_at": _l("Retired"),
    }  # fmt: skip
    description_columns = {
        "key": _l("Small letters, digits and underscores. It stays for ever: imports and the REST API use it."),
        "choices": _l("One in a line; for the kind “choice” only."),
        "campaign": _l("Empty: the field belongs to every contact."),
    }
    add_form_extra_fields = {
        "kind": SelectField(_l("Kind"), choices=[SelectChoice(kind.value, title) for kind, title in KINDS.items()])
    }
    delete_row_message = _l("The field is retired. Its values are kept.")

    def remove(self, item: CustomField) -> None:
        """Retire it."""
        item.retired_at = clock.now()
        self.datamodel.edit(item)


def _values(form: Any) -> users.UserValues:
    return users.UserValues(
        username=form.username.data or "",
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        email=form.email.data or "",
        roles=form.roles.data or [],
        teams=form.teams.data or [],
        language=form.language.data or None,
        time_zone=form.time_zone.data or DEFAULT_TIME_ZONE,
        phone=form.phone.data,
    )


def _language_field() -> SelectField:
    return SelectField(_l("Language"), choices=language_choices(), coerce=lambda value: value or "")


def _zone_field() -> SelectField:
    return SelectField(_l("Time zone"), choices=zone_choices(), default=DEFAULT_TIME_ZONE)


def _pair(row: Any) -> str:
    return f"{row.permission.name} on {row.view_menu.name}"


MENU = (
    (UserView, "users", _l("Users"), "users", Permission.USER_READ),
    (TeamView, "teams", _l("Teams"), "users-group", Permission.USER_READ),
    (RoleView, "roles", _l("Roles"), "shield-check", Permission.ROLE_EDIT),
    (CustomFieldView, "contact-fields", _l("Fields of contacts"), "forms", Permission.CUSTOM_FIELD_EDIT),
    (SettingsPage, "settings", _l("Settings"), "settings", Permission.SETTING_EDIT),
)
PAGES = (AccountPage, WelcomePage)
