"""Pages of forms: their list, and the plain editor. Edits go to the draft; publishing makes a version."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import current_app, request, url_for
from sqlalchemy import func, select

from app.access.permissions import Permission, may
from app.access.roles import ROLES
from app.campaigns.forms import create_form_of
from app.core.db import session, transaction
from app.core.errors import NotFound
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import editing, versions
from app.formbuilder.config import WithChoices
from app.formbuilder.definition import WIDTHS, Field, FormDefinition
from app.formbuilder.field_types.choices import YesNoType
from app.formbuilder.field_types.figures import RatingType
from app.formbuilder.profile import Profile, profile_for
from app.formbuilder.registry import REGISTRY, answer_type, field_type
from app.formbuilder.render import StatusLook, render
from app.models import Form, FormVersion, Script
from app.scripts.statuses import status_choices
from app.views.base import Page, answer, body, page, the_user
from app.views.builder_head import form_head
from app.views.scripts import the_script
from app.views.sent import sent_list, sent_moment, sent_number, sent_object, sent_text
from app.views.shell import language

Edit = Callable[[FormDefinition], FormDefinition]

_TEXTS = ("title", "help", "placeholder")
_FLAGS = ("read_only", "show_in_header", "show_in_lists")


class FormView(Page):
    """The list of forms, and the editor of one."""

    route_base = "/forms"
    class_permission_name = "Form"

    @page("/", permission=Permission.FORM_READ)
    def index(self) -> str:
        """All forms, with their current version and the scripts that use them."""
        forms = session.scalars(select(Form).order_by(func.lower(Form.name))).all()
        uses: dict[int, list[str]] = {}
        for form_id, name in session.execute(
            select(Script.form_id, Script.name).where(Script.form_id.is_not(None)).order_by(Script.name)
        ):
            uses.setdefault(form_id, []).append(name)
        may_edit = may(the_user(), Permission.FORM_EDIT)
        return self.render("forms/list.html", forms=forms, uses=uses, may_edit=may_edit)

    @page("/add", permission=Permission.FORM_EDIT, methods=("POST",))
    def add(self) -> Any:
        """A new form; with `script_id` it becomes the form of that script."""
        sent = body("name")
        name, user = sent_text(sent["name"]), the_user()
        script = the_script(sent_number(sent["script_id"])) if sent.get("script_id") else None
        version = sent_number(sent.get("script_version"))
        with transaction():
            if script is None:
                form = versions.create_form(name, actor=user)
            else:
                form = create_form_of(script, name, expected_version=version, actor=user)
        return answer({"go": url_for("FormView.show", form_id=form.id)})

    @page("/<int:form_id>", permission=Permission.FORM_READ)
    def show(self, form_id: int) -> str:
        """The editor: fields of the draft in order, and how agents will see it."""
        form = the_form(form_id)
        definition = versions.draft_definition(form)
        return self.render(
            "forms/show.html",
            **form_head(form, "layout"),
            definition=definition,
            seen=_seen(form),
            base=form.draft_base if form.draft is not None and form.draft_base is not None else form.published,
            kinds=[(kind, REGISTRY[kind]) for kind in REGISTRY.kinds()],
            bound=field_type,
            holds_answer=lambda field: answer_type(field) is not None,
            history=session.scalars(
                select(FormVersion).where(FormVersion.form_id == form.id).order_by(FormVersion.number.desc()).limit(20)
            ).all(),
            preview=_preview(form, definition, request.args.get("role", "agent")),
            role=request.args.get("role", "agent"),
            roles=list(ROLES),
            may_edit=may(the_user(), Permission.FORM_EDIT),
        )

    @page("/<int:form_id>/rename", permission=Permission.FORM_EDIT, methods=("POST",))
    def rename(self, form_id: int) -> Any:
        """Another name for the form."""
        sent = body("name")
        with transaction():
            versions.rename_form(the_form(form_id), sent_text(sent["name"]), actor=the_user())
        return answer({})

    @page("/<int:form_id>/fields", permission=Permission.FORM_EDIT, methods=("POST",))
    def add_field(self, form_id: int) -> Any:
        """A new field at the end of the draft."""
        sent = body("kind", "title")

        def add(definition: FormDefinition) -> FormDefinition:
            field = editing.new_field(sent_text(sent["kind"]), page=definition.pages[-1].id, title=str(sent["title"]))
            return editing.add_field(definition, field)

        definition = _edit(form_id, add)
        return answer({"go": url_for("FormView.show", form_id=form_id, _anchor=f"field-{definition.fields[-1].id}")})

    @page("/<int:form_id>/fields/<field_id>", permission=Permission.FORM_EDIT)
    def field(self, form_id: int, field_id: str) -> str:
        """The settings of one field, for the dialog."""
        form = the_form(form_id)
        definition = versions.draft_definition(form)
        field = _the_field(definition, field_id)
        return self.render(
            "forms/field.html",
            form=form,
            field=field,
            bound=field_type(field),
            holds_answer=answer_type(field) is not None,
            default=_default_shown(field),
            default_options=_default_options(field),
            has_choices=isinstance(field.config, WithChoices),
            seen=_seen(form),
            widths=WIDTHS,
            roles=list(ROLES),
            statuses=[choice for script in _scripts_of(form) for choice in status_choices(script)],
        )

    @page("/<int:form_id>/fields/<field_id>", permission=Permission.FORM_EDIT, methods=("POST",))
    def change_field(self, form_id: int, field_id: str) -> Any:
        """Settings of one field; what the body does not name stays."""
        sent = body()

        def change(definition: FormDefinition) -> FormDefinition:
            settings = _settings(sent)
            if "default" in sent:
                settings["default"] = None  # the former one need not fit the new settings of the kind
            definition = editing.change_field(definition, field_id, **settings)
            if config := _config(sent_object(sent.get("config"))):
                definition = editing.change_config(definition, field_id, config)
            if "default" not in sent:
                return definition
            return editing.set_default(definition, field_id, _sent_default(sent["default"]), language=language())

        _edit(form_id, change)
        return answer({"go": url_for("FormView.show", form_id=form_id, _anchor=f"field-{field_id}")})

    @page("/<int:form_id>/fields/<field_id>/<what>", permission=Permission.FORM_EDIT, methods=("POST",))
    def turn(self, form_id: int, field_id: str, what: str) -> Any:
        """Hide a field, show it again, or move it up or down."""
        edits: Mapping[str, Edit] = {
            "hide": lambda definition: editing.hide_field(definition, field_id),
            "show": lambda definition: editing.show_field(definition, field_id),
            "up": lambda definition: _moved(definition, field_id, -1),
            "down": lambda definition: _moved(definition, field_id, 1),
        }
        if what not in edits:
            raise NotFound(_l("There is no such page."))
        _edit(form_id, edits[what])
        return answer({"go": url_for("FormView.show", form_id=form_id, _anchor=f"field-{field_id}")})

    @page("/<int:form_id>/publish", permission=Permission.FORM_EDIT_LIVE, methods=("POST",))
    def publish(self, form_id: int) -> Any:
        """The draft becomes the current version, on every open card."""
        sent = body("base", "seen")
        base, seen, comment = sent_number(sent["base"]), _sent_seen(sent), sent_text(sent.get("comment"))
        form = the_form(form_id)
        with transaction():
            versions.publish_draft(form, base=base, seen=seen, comment=comment, actor=the_user())
        return answer({})

    @page("/<int:form_id>/discard", permission=Permission.FORM_EDIT, methods=("POST",))
    def discard(self, form_id: int) -> Any:
        """Forget the draft; the published version stays."""
        seen = _sent_seen(body("seen"))
        with transaction():
            versions.discard_draft(the_form(form_id), seen=seen, actor=the_user())
        return answer({})


def the_form(form_id: int) -> Form:
    """The form with that id, or NotFound."""
    form = session.get(Form, form_id)
    if form is None:
        raise NotFound(_l("There is no such form."))
    return form


def statuses_shown(scripts_used: list[Script]) -> dict[int, StatusLook]:
    """Names and kinds of the statuses that buttons of a form may set, by id."""
    return {
        status.id: StatusLook(name=status.name, kind=status.kind.value)
        for script in scripts_used
        for status in script.statuses
    }


def _edit(form_id: int, edit: Edit) -> FormDefinition:
    """Apply an edit to the draft, if it is still the one that the page showed."""
    sent = body("seen", "base")
    form = the_form(form_id)
    seen = _sent_seen(sent)
    with transaction():
        definition = edit(versions.draft_definition(form))
        versions.save_draft(form, definition, base=sent_number(sent["base"]), seen=seen, actor=the_user())
    return definition


def _sent_seen(sent: Mapping[str, Any]) -> datetime | None:
    """When the draft that the page showed was kept; None when there was none."""
    return sent_moment(sent["seen"]) if sent["seen"] else None


def _moved(definition: FormDefinition, field_id: str, step: int) -> FormDefinition:
    ids = [field.id for field in definition.fields]
    place = ids.index(_the_field(definition, field_id).id) + step
    if not 0 <= place < len(ids):
        return definition
    ids.remove(field_id)
    return editing.move_field(definition, field_id, after=ids[place - 1] if place else None)


def _sent_default(value: Any) -> str | list[str]:
    """As the control of the kind sends it: a text, or the ids of choices."""
    return [sent_text(each) for each in value] if isinstance(value, list) else sent_text(value)


def _default_shown(field: Field) -> str | list[str]:
    """What the control of the default holds."""
    kind = answer_type(field)
    value = kind.stored(field.default) if kind else None
    return kind.to_input(value, language()) if kind and value is not None else ""


def _default_options(field: Field) -> list[tuple[str, str]]:
    """Value and title of each answer, where they can be counted; empty where one writes."""
    kind = field_type(field)
    if isinstance(field.config, WithChoices):
        return [(choice.id, choice.title) for choice in field.config.choices if not choice.hidden]
    if isinstance(kind, YesNoType):
        return [(kind.to_input(each, language()), kind.display(each, language())) for each in (True, False)]
    return [(str(step), str(step)) for step in kind.steps] if isinstance(kind, RatingType) else []


def _settings(sent: Mapping[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {key: str(sent[key]) for key in _TEXTS if key in sent}
    settings |= {key: bool(sent[key]) for key in _FLAGS if key in sent}
    if "width" in sent:
        settings["width"] = sent["width"]
    if "required" in sent:
        settings["required_to_save"] = sent["required"] == "save"
        settings["required_to_close"] = sent["required"] in ("save", "close")
    for key in ("visible_roles", "editable_roles"):
        if key in sent:
            named = tuple(name for name in map(str, sent_list(sent[key])) if name in ROLES)
            settings[key] = None if len(named) == len(ROLES) else named
    return settings


def _config(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of the kind; an empty text is no limit, and a new choice gets its id here."""
    config: dict[str, Any] = {
        key: None if value == "" and key in _EMPTY_IS_NONE else value for key, value in raw.items()
    }
    if "choices" in config:
        choices = map(sent_object, sent_list(config["choices"]))
        config["choices"] = [{**choice, "id": choice.get("id") or str(uuid4())} for choice in choices]
    return config


_EMPTY_IS_NONE = frozenset({"smallest", "largest", "status_id"})


def _the_field(definition: FormDefinition, field_id: str) -> Field:
    field = definition.by_id.get(field_id)
    if field is None:
        raise NotFound(_l("The form has no such field."))
    return field


def _preview(form: Form, definition: FormDefinition, role: str) -> Any:
    profile: Profile = profile_for(definition, {role})
    return render(
        definition,
        profile=profile,
        language=language(),
        environment=current_app.jinja_env,
        statuses=statuses_shown(_scripts_of(form)),
    )


def _scripts_of(form: Form) -> list[Script]:
    return list(session.scalars(select(Script).where(Script.form_id == form.id).order_by(Script.name)))


def _seen(form: Form) -> str:
    return form.draft_at.isoformat() if form.draft_at else ""
