"""/forms: forms, their immutable versions, and publishing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from sqlalchemy import select

from app.access.permissions import Permission, require
from app.campaigns.forms import publish_form
from app.core.db import session
from app.core.errors import NotFound
from app.core.i18n import lazy_gettext as _l
from app.formbuilder import versions
from app.formbuilder.definition import FormDefinition, from_json, to_json
from app.models import AppUser, Form, FormVersion
from app.views.api.cursors import Page, Paging, page_by_id
from app.views.api.endpoints import endpoint
from app.views.api.kinds import Whole, Words
from app.views.api.shapes import Document, Text
from app.views.api.versions import must_be

_LARGEST = 2**31 - 1
Number = Annotated[int, Whole(0, _LARGEST)]


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A form. `published` is the number of its current version; 0 = none yet."""

    id: int
    name: str
    published: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class FormShown(FormRow):
    """A form with the definition of its current version."""

    definition: Document | None


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """A version in a list."""

    number: int
    comment: str
    published_at: datetime
    published_by_id: int | None
    superseded_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class VersionShown(VersionRow):
    """A version with its definition: pages and fields."""

    definition: Document


@dataclass(frozen=True, kw_only=True)
class FormList(Paging):
    """Forms, oldest first."""

    text: Annotated[str, Words(120)] = ""


@dataclass(frozen=True, kw_only=True)
class NewForm:
    """A form without a version yet."""

    name: Annotated[str, Words(160, least=1)]


@dataclass(frozen=True, kw_only=True)
class NewVersion:
    """A definition to publish. `base` is the number of the version that it was made from."""

    definition: Document
    base: Number
    comment: Text = ""


@endpoint("GET", "/forms", permission=Permission.FORM_READ, summary="Forms.")
def list_forms(query: FormList) -> Page[FormRow]:
    """Whoever may read forms sees all of them."""
    rows = select(Form)
    if query.text:
        rows = rows.where(Form.name.icontains(query.text, autoescape=True))
    return page_by_id(rows, Form.id, query, _row)


@endpoint("GET", "/forms/{form_id}", permission=Permission.FORM_READ, summary="A form with its current version.")
def show_form(form_id: int) -> FormShown:
    """What was never published has no definition."""
    return _shown(_the_form(form_id))


@endpoint("POST", "/forms", permission=Permission.FORM_EDIT, status=201, summary="Make a form.")
def create_form(body: NewForm, *, actor: AppUser) -> FormShown:
    """Publish its first version next."""
    return _shown(versions.create_form(body.name, actor=actor))


@endpoint(
    "GET", "/forms/{form_id}/versions", permission=Permission.FORM_READ, summary="Versions of a form, oldest first."
)
def list_versions(form_id: int, query: Paging) -> Page[VersionRow]:
    """Without their definitions."""
    rows = select(FormVersion).where(FormVersion.form_id == _the_form(form_id).id)
    return page_by_id(rows, FormVersion.id, query, _version_row)


@endpoint(
    "GET", "/forms/{form_id}/versions/{number}", permission=Permission.FORM_READ, summary="One version of a form."
)
def show_version(form_id: int, number: int) -> VersionShown:
    """A version never changes."""
    if number > _LARGEST:
        raise NotFound(_l("This form has no version %(number)s.", number=number))
    return _version_shown(versions.version_of(_the_form(form_id).id, number))


@endpoint(
    "POST", "/forms/{form_id}/versions", permission=Permission.FORM_EDIT, status=201, summary="Publish a version."
)
def publish_version(form_id: int, body: NewVersion, *, actor: AppUser) -> VersionShown:
    """Every open card with the form takes it at once. A form that is in use needs the right to edit it live."""
    form = _the_form(form_id)
    session.refresh(form, with_for_update=True)
    if form.published:
        require(actor, Permission.FORM_EDIT_LIVE)
    definition: FormDefinition = from_json(body.definition)
    theirs = versions.current_version(form.id)
    must_be(body.base, form.published, yours=body.definition, theirs=theirs.definition if theirs else None)
    version = publish_form(form, definition, base=body.base, comment=body.comment, actor=actor)
    return _version_shown(version)


def _the_form(form_id: int) -> Form:
    form = session.get(Form, form_id)
    if form is None:
        raise NotFound(_l("There is no such form."))
    return form


def _row(form: Form) -> FormRow:
    return FormRow(id=form.id, name=form.name, published=form.published, created_at=form.created_at)


def _shown(form: Form) -> FormShown:
    version = versions.current_version(form.id)
    definition = to_json(versions.definition_of(version)) if version else None
    return FormShown(**vars(_row(form)), definition=definition)


def _version_row(version: FormVersion) -> VersionRow:
    return VersionRow(
        number=version.number,
        comment=version.comment,
        published_at=version.published_at,
        published_by_id=version.published_by_id,
        superseded_at=version.superseded_at,
    )


def _version_shown(version: FormVersion) -> VersionShown:
    definition = to_json(versions.definition_of(version))
    return VersionShown(**vars(_version_row(version)), definition=definition)
