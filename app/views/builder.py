"""The builder of a form: its pages, and what its script asks for.

The browser holds the whole definition and edits it; the server keeps it as the draft, says what is unfinished, and
draws it for whichever role.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy import Text, cast, select

from app.access.permissions import Permission, may
from app.access.roles import ROLES
from app.access.visible import campaigns_of, cases_of, the_case
from app.cases.answers import Finder, document_of, profile_of
from app.core import clock
from app.core.db import session, transaction
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import versions
from app.formbuilder.definition import WIDTHS, Field, FormDefinition, empty_definition, from_json, to_json
from app.formbuilder.form import form_values, references, starting_document
from app.formbuilder.logic import instant
from app.formbuilder.logic_json import given
from app.formbuilder.profile import Profile, profile_for
from app.formbuilder.registry import REGISTRY, answer_type
from app.formbuilder.render import StatusLook, render
from app.models import AppUser, Campaign, Case, Contact, Dictionary, Form, FormDraft, FormVersion, Script, Webhook
from app.scripts.statuses import status_choices
from app.views.base import Page, answer, body, page, the_user
from app.views.builder_head import form_head, the_form
from app.views.builder_here import arrive, leave, others
from app.views.builder_kinds import groups_described, kinds_described, merge_fields_described
from app.views.card import merge_values
from app.views.formats import clock_time
from app.views.sent import sent_moment, sent_number, sent_number_or_none, sent_object, sent_text
from app.views.shell import language, role_title

CASES = 12
"""That many cases are offered for the preview."""


class BuilderView(Page):
    """What a form looks like to others, where its pages lead, and the draft."""

    route_base = "/forms"
    class_permission_name = "Form"

    @page("/<int:form_id>/preview", permission=Permission.FORM_READ)
    def preview(self, form_id: int) -> str:
        """The draft as a role sees it, with the answers of a case."""
        return self.render("forms/builder.html", **builder_context(the_form(form_id), "preview"))

    @page("/<int:form_id>/logic", permission=Permission.FORM_READ)
    def logic(self, form_id: int) -> str:
        """Pages as boxes, and the ways between them."""
        return self.render("forms/builder.html", **builder_context(the_form(form_id), "logic"))

    @page("/<int:form_id>/draft", permission=Permission.FORM_READ)
    def draft(self, form_id: int) -> Any:
        """The draft of the asker as it is kept now."""
        return answer(_draft(the_form(form_id), the_user()))

    @page("/<int:form_id>/draft", permission=Permission.FORM_EDIT, methods=("POST",))
    def keep(self, form_id: int) -> Any:
        """Keep the definition as the draft; one that is equal to the published version is no draft."""
        sent = body("definition", "seen", "base")
        definition, form, user = from_json(sent["definition"]), the_form(form_id), the_user()
        base, seen = sent_number(sent["base"]), sent_seen(sent)
        published = versions.current_version(form.id)
        with transaction():
            if published and base == published.number and versions.definition_of(published) == definition:
                versions.discard_draft(form, seen=seen, actor=user)
            else:
                versions.save_draft(form, definition, base=base, seen=seen, actor=user)
            kept = versions.draft_of(form, user)
        return answer({**_seen(kept), "faults": _faults(definition, published)})

    @page("/<int:form_id>/default", permission=Permission.FORM_EDIT, methods=("POST",))
    def default(self, form_id: int) -> Any:
        """What was typed as the answer of a new case, as the kind stores it."""
        the_form(form_id)
        sent = body("field", "raw")
        field = _the_only_field(sent["field"])
        kind = answer_type(field)
        if kind is None or not kind.has_default:
            raise Invalid(_l("A field of this kind has no default answer."))
        value = kind.parse(_sent_raw(sent["raw"]), language=language())
        shown = "" if value is None else kind.to_input(value, language())
        return answer({"value": None if value is None else kind.to_document(value), "shown": shown})

    @page("/<int:form_id>/preview", permission=Permission.FORM_READ, methods=("POST",))
    def draw(self, form_id: int) -> Any:
        """The definition as a role sees it; with the answers of a case that the asker may see."""
        sent = body("definition", "role")
        form, user, definition = the_form(form_id), the_user(), from_json(sent["definition"])
        profile = profile_for(definition, {sent_text(sent["role"])})
        number = sent_number_or_none(sent.get("case"))
        fragment = _drawn(form, definition, profile)
        case = _case_of(form, number, user) if number else None
        return answer({"fragment": fragment, **_filled(form, definition, profile, case, user)})

    @page("/<int:form_id>/look", permission=Permission.FORM_READ, methods=("POST",))
    def look(self, form_id: int) -> Any:
        """Every field of the definition as the card shows it, for the layout."""
        form, sent = the_form(form_id), body("definition")
        return answer({"fragment": _looks(form, from_json(sent["definition"]))})

    @page("/<int:form_id>/here", permission=Permission.FORM_READ, methods=("POST",))
    def here(self, form_id: int) -> Any:
        """A sign of life of a screen; the answer says who else is here, and which version is current."""
        sent = body("screen", "page")
        form, user, screen = the_form(form_id), the_user(), sent_text(sent["screen"])
        if sent.get("gone"):
            leave(form.id, user.id, screen)
        else:
            arrive(form.id, user.id, screen, sent_number(sent["page"]))
        people = [asdict(each) for each in others(form.id, user.id, screen)]
        return answer({"people": people, "published": form.published})

    @page("/<int:form_id>/cases", permission=Permission.FORM_READ)
    def cases(self, form_id: int) -> Any:
        """Cases that show the form, for the preview: by the beginning of their number, or by words of the name."""
        form, words = the_form(form_id), request.args.get("q", "").strip().replace("\0", "")[:80]
        rows = (
            select(Case.number, Contact.name)
            .join(Contact, Contact.id == Case.contact_id)
            .join(Campaign, Campaign.id == Case.campaign_id)
            .join(Script, Script.id == Campaign.script_id)
            .where(Script.form_id == form.id, cases_of(the_user()))
            .order_by(Case.id.desc())
            .limit(CASES)
        )
        if words.isdigit():
            rows = rows.where(cast(Case.number, Text).startswith(words))
        elif words:
            rows = rows.where(Contact.name.icontains(words, autoescape=True))
        found = [{"id": row.number, "text": f"{row.number} {row.name}"} for row in session.execute(rows)]
        return answer({"results": found})


def builder_context(form: Form, tab: str) -> dict[str, Any]:
    """What `forms/builder.html` shows and its script works on."""
    user = the_user()
    head = form_head(form, tab)
    draft = _draft(form, user)
    definition = from_json(draft["definition"])
    published = versions.current_version(form.id)
    kept = versions.definition_of(published) if published else None
    builder = {
        **draft,
        "form": form.id,
        "view": tab,
        "user": user.id,
        "faults": _faults(definition, published),
        "published": [field.id for field in kept.fields] if kept else [],
        "published_kinds": {field.id: field.kind for field in kept.fields} if kept else {},
        "published_choices": _choice_ids(kept) if kept else [],
        "kinds": kinds_described(),
        "order": list(REGISTRY.kinds()),
        "groups": groups_described(),
        "merge_fields": merge_fields_described(),
        "widths": list(WIDTHS),
        "roles": [{"name": name, "title": role_title(name)} for name in ROLES],
        "statuses": statuses_of(form),
        "rows": _rows_named(user),
        "defaults": _defaults_shown(definition),
        "may_edit": may(user, Permission.FORM_EDIT),
        "begun": to_json(_begun(form, draft["base"])),
        "urls": {
            name: url_for(f"BuilderView.{name}", form_id=form.id)
            for name in ("draft", "default", "preview", "look", "cases", "here")
        },
        "publish": url_for("FormView.publish", form_id=form.id),
        "conversion": url_for("FormVersionView.conversion", form_id=form.id),
        "picture": url_for("PictureView.add", form_id=form.id),
    }
    return {**head, "builder": builder, "look": _looks(form, definition) if tab == "layout" else ""}


def _begun(form: Form, base: int) -> FormDefinition:
    """The version that the draft began on: changes are counted from it."""
    return versions.definition_of(versions.version_of(form.id, base)) if base else empty_definition()


def sent_seen(sent: Mapping[str, Any]) -> datetime | None:
    """When the draft that the page showed was kept; None when there was none."""
    return sent_moment(sent["seen"]) if sent["seen"] else None


def statuses_of(form: Form) -> list[dict[str, Any]]:
    """The statuses that buttons of the form may set: those of every script that uses it."""
    scripts = session.scalars(select(Script).where(Script.form_id == form.id).order_by(Script.name)).all()
    return [
        {
            "id": choice.id,
            "name": choice.name,
            "look": choice.look,
            "icon": choice.kind.icon,
            "script": script.name,
        }
        for script in scripts
        for choice in status_choices(script)
    ]


def _rows_named(user: AppUser) -> dict[str, list[dict[str, Any]]]:
    """Rows of the product that settings may name, by their kind; statuses come by themselves."""
    rows = {
        "campaign": select(Campaign.id, Campaign.name).where(campaigns_of(user)),
        "dictionary": select(Dictionary.id, Dictionary.name),
        "webhook": select(Webhook.id, Webhook.name).where(Webhook.is_active),
    }
    return {
        kind: [{"id": row.id, "name": row.name} for row in session.execute(found.order_by("name", "id"))]
        for kind, found in rows.items()
    }


def _faults(definition: FormDefinition, published: FormVersion | None) -> dict[str, list[str]]:
    """What must be mended before the definition can be published, by id of the field or the page."""
    known = versions.definition_of(published).by_id if published else ()
    found = versions.unfinished(definition, known)
    return {key: [str(fault) for fault in faults] for key, faults in found.items()}


def _draft(form: Form, user: AppUser) -> dict[str, Any]:
    """What the user edits: their draft, or what the form is now."""
    kept = versions.draft_of(form, user)
    definition = versions.draft_definition(form, actor=user)
    return {"definition": to_json(definition), "base": kept.base if kept else form.published, **_seen(kept)}


def _seen(kept: FormDraft | None) -> dict[str, str]:
    """When the draft was kept, for the next save and for people; empty without one."""
    return {"seen": kept.at.isoformat() if kept else "", "at": clock_time(kept.at) if kept else ""}


def _case_of(form: Form, number: int, user: AppUser) -> Case:
    """A case that the user may see and that shows this form."""
    case = the_case(number, actor=user)
    if case.campaign.script.form_id != form.id:
        raise NotFound(_l("This case has another form."))
    return case


def _drawn(form: Form, definition: FormDefinition, profile: Profile) -> str:
    """The fragment that a card of that profile has."""
    statuses = {choice["id"]: StatusLook(choice["name"], choice["look"]) for choice in statuses_of(form)}
    return render(
        definition, profile=profile, language=language(), environment=current_app.jinja_env, statuses=statuses
    )


def _looks(form: Form, definition: FormDefinition) -> str:
    """Every field, whoever may see it: who edits a form sees all of it."""
    pressable = frozenset(field.id for field in definition.fields if not field.read_only)
    return _drawn(form, definition, Profile(visible=frozenset(definition.by_id), editable=pressable))


def _filled(
    form: Form, definition: FormDefinition, profile: Profile, case: Case | None, user: AppUser
) -> dict[str, Any]:
    """What the fields hold: of a case, what both the role and the asker may see; without one, what a new case has."""
    if case is None:
        document, names, merge = starting_document(definition), {}, {}
    else:
        # The asker's rights are those of the current version: the definition that was sent could give any.
        published = versions.current_version(form.id)
        both = profile.visible & profile_of(user, versions.definition_of(published)).visible if published else ()
        document = {key: value for key, value in document_of(case).items() if key in both}
        names, merge = _names(definition, document, Finder(case, user)), merge_values(case, user)
    return {
        "values": form_values(definition, document, profile, language()),
        "names": names,
        "merge": merge,
        "given": given(definition, profile, document, instant(clock.now())),
    }


def _names(definition: FormDefinition, document: Mapping[str, Any], find: Finder) -> dict[str, str]:
    """Titles of the rows that answers name."""
    named = references(definition, document)
    names = {f"{kind}:{row_id}": find(kind, row_id) for kind, ids in named.items() for row_id in ids}
    return {key: title for key, title in names.items() if title}


def _defaults_shown(definition: FormDefinition) -> dict[str, str | list[str]]:
    """What the controls of defaults hold, by field id."""
    shown: dict[str, str | list[str]] = {}
    for field in definition.answer_fields():
        kind = answer_type(field)
        value = kind.stored(field.default) if kind else None
        if kind and value is not None:
            shown[field.id] = kind.to_input(value, language())
    return shown


def _the_only_field(raw: Any) -> Field:
    """A field that came alone, with a page made up for it."""
    sent = {**sent_object(raw), "default": None, "page": "page-1"}
    return from_json({"pages": [{"id": "page-1"}], "fields": [sent]}).fields[0]


def _sent_raw(raw: Any) -> str | list[str]:
    return [sent_text(each) for each in raw] if isinstance(raw, list) else sent_text(raw)


def _choice_ids(definition: FormDefinition) -> list[str]:
    return [choice.id for field in definition.fields for choice in getattr(field.config, "choices", ())]
