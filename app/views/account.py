"""One's own account, and the page behind the link of an invitation."""

from typing import Any
from zoneinfo import available_timezones

from flask import flash, redirect, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import IntegerField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.access.permissions import Permission, may, require
from app.core.db import transaction
from app.core.errors import Invalid
from app.core.i18n import LANGUAGES
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.people import account, links, tokens
from app.people.sessions import open_sessions, sign_out_everywhere
from app.views.base import Page, page, the_user
from app.views.library_texts import TranslatedForm
from app.views.signing_in import come_in, leave


def language_choices() -> list[SelectChoice]:
    """The languages, and none: what the browser prefers."""
    return [
        SelectChoice("", _l("as the browser says")),
        *(SelectChoice(code, name) for code, name in LANGUAGES.items()),
    ]


def zone_choices() -> list[SelectChoice]:
    """Every time zone by its name."""
    return [SelectChoice(name) for name in sorted(available_timezones())]


class ProfileForm(TranslatedForm):
    """What users say about themselves."""

    first_name = StringField(_l("First name"), [InputRequired(), Length(max=64)])
    last_name = StringField(_l("Surname"), [InputRequired(), Length(max=64)])
    language = SelectField(_l("Language"), choices=language_choices(), coerce=lambda value: value or "")
    time_zone = SelectField(_l("Time zone"), choices=zone_choices())
    phone = StringField(_l("Telephone number"), [Optional(), Length(max=32)])


class PasswordForm(TranslatedForm):
    """The present password and a new one."""

    present = PasswordField(_l("Present password"), [InputRequired(), Length(max=1024)])
    password = PasswordField(_l("New password"), [InputRequired(), Length(max=1024)])


class NewPasswordForm(TranslatedForm):
    """A password of somebody who has a link."""

    password = PasswordField(_l("New password"), [InputRequired(), Length(max=1024)])


class TokenForm(TranslatedForm):
    """A personal token."""

    name = StringField(_l("What it is for"), [InputRequired(), Length(max=120)])
    scopes = SelectMultipleField(
        _l("What it may do"),
        choices=[
            SelectChoice(tokens.TokenScope.READ.value, _l("read")),
            SelectChoice(tokens.TokenScope.WRITE.value, _l("write")),
            SelectChoice(tokens.TokenScope.ADMIN.value, _l("administer users")),
        ],
        default=[tokens.TokenScope.READ.value],
    )
    days = IntegerField(_l("Valid for (days)"), [InputRequired(), NumberRange(1, tokens.LONGEST_DAYS)], default=90)


class AccountPage(Page):
    """My account."""

    route_base = "/account"

    @page("/")
    def index(self) -> str:
        """Profile, password, sessions, tokens."""
        return self._shown()

    @page("/", methods=["POST"])
    def save(self) -> Any:
        """Save the profile."""
        form = ProfileForm()
        if form.validate():
            values = account.Account(
                first_name=form.first_name.data.strip(),
                last_name=form.last_name.data.strip(),
                language=form.language.data or None,
                time_zone=form.time_zone.data,
                phone=(form.phone.data or "").strip() or None,
            )
            with transaction():
                account.change_account(the_user(), values, actor=the_user())
            flash(_("Saved."), "success")
            return redirect(url_for("AccountPage.index"))
        return self._shown(profile=form), 422

    @page("/password", methods=["POST"])
    def password(self) -> Any:
        """Set another password; this browser stays signed in, all others do not."""
        form = PasswordForm()
        if form.validate():
            user = the_user()
            try:
                with transaction():
                    account.change_own_password(user, form.present.data, form.password.data)
            except Invalid as error:
                _put_errors(form, error)
            else:
                come_in(user)
                flash(_("The new password holds. Every other session is over."), "success")
                return redirect(url_for("AccountPage.index"))
        return self._shown(password=form), 422

    @page("/sign-out-everywhere", methods=["POST"])
    def sign_out(self) -> AnyResponse:
        """End every session, this one too."""
        with transaction():
            sign_out_everywhere(the_user(), actor=the_user())
        leave()
        return redirect(url_for("SignIn.login"))

    @page("/tokens", permission=Permission.API_USE, methods=["POST"])
    def add_token(self) -> Any:
        """Make a token and show it, once."""
        form = TokenForm()
        if form.validate():
            scopes = [tokens.TokenScope(value) for value in form.scopes.data]
            try:
                if tokens.TokenScope.ADMIN in scopes:
                    require(the_user(), Permission.USER_EDIT)
                with transaction():
                    text = tokens.create_token(the_user(), form.name.data, scopes, form.days.data)
            except Invalid as error:
                _put_errors(form, error)
            else:
                return self._shown(new_token=text)
        return self._shown(token=form), 422

    @page("/tokens/<int:token_id>/revoke", permission=Permission.API_USE, methods=["POST"])
    def revoke_token(self, token_id: int) -> AnyResponse:
        """End a token."""
        with transaction():
            tokens.revoke_token(the_user(), token_id)
        flash(_("The token is no longer valid."), "success")
        return redirect(url_for("AccountPage.index"))

    def _shown(self, **forms: Any) -> str:
        user = the_user()
        return self.render(
            "people/account.html",
            user=user,
            profile=forms.get("profile") or ProfileForm(formdata=None, obj=user),
            password=forms.get("password") or PasswordForm(formdata=None),
            token=forms.get("token") or TokenForm(formdata=None),
            new_token=forms.get("new_token"),
            sessions=open_sessions(user),
            tokens=tokens.tokens_of(user),
            may_use_api=may(user, Permission.API_USE),
        )


class WelcomePage(Page):
    """The page behind a link: choose a password, come in."""

    route_base = "/welcome"

    @page("/<secret>", methods=["GET", "POST"], public=True)
    def index(self, secret: str) -> Any:
        """Ask for a password; the link works once."""
        invitation = links.invitation_of(secret)
        form = NewPasswordForm()
        if form.validate_on_submit():
            try:
                with transaction():
                    user = links.use_link(secret, form.password.data)
            except Invalid as error:
                _put_errors(form, error)
            else:
                come_in(user)
                return redirect("/")
        return self.render("people/welcome.html", form=form, user=invitation.user), 422 if form.errors else 200


def _put_errors(form: FlaskForm, error: Invalid) -> None:
    for name, texts in error.fields.items():
        form[name].errors = [*form[name].errors, *texts]
