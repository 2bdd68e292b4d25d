"""/scripts: scripts with their status lists. Every change names the version of the script that the caller has seen."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import select

from app.access.permissions import Permission
from app.core.db import session
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Form, Script, Status, StatusRule
from app.models.scripts import DateMode, RuleEvent, StatusColour, StatusKind
from app.scripts import editing, ruling
from app.scripts.ruling import RuleValues
from app.scripts.values import StatusValues
from app.views.api.cursors import Page, Paging, page_by_id
from app.views.api.endpoints import endpoint
from app.views.api.kinds import Whole, Words
from app.views.api.shapes import Identity, Items, Text, write
from app.views.api.unset import UNSET, Unset, sent
from app.views.api.versions import must_be, seen_version

Name = Annotated[str, Words(160, least=1)]
StatusName = Annotated[str, Words(120, least=1)]
Minutes = Annotated[int, Whole(0, 2**31 - 1)]
Version = Annotated[int, Whole(1, 2**31 - 1)]


@dataclass(frozen=True, kw_only=True)
class StatusRow:
    """A status. Its kind carries its behaviour."""

    id: int
    parent_id: int | None
    name: str
    kind: StatusKind
    colour: StatusColour | None
    position: int
    is_initial: bool
    is_hidden: bool
    limit_minutes: int | None
    date_mode: DateMode | None
    relative_minutes: int | None
    absolute_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """A rule: when the event happens, cases go from these statuses, or from any, to another one."""

    id: int
    event: RuleEvent
    from_any: bool
    from_ids: list[int]
    to_id: int
    minutes: int | None
    """After how many minutes without activity; other events have none."""


@dataclass(frozen=True, kw_only=True)
class ScriptRow:
    """A script in a list."""

    id: int
    name: str
    description: str
    form_id: int | None
    postpone_grid_minutes: int
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class ScriptShown(ScriptRow):
    """A script with its statuses and its rules, in their order: of several rules that fit, the first is taken."""

    statuses: list[StatusRow]
    rules: list[RuleRow]


@dataclass(frozen=True, kw_only=True)
class ScriptList(Paging):
    """Scripts, oldest first."""

    text: Annotated[str, Words(120)] = ""


@dataclass(frozen=True, kw_only=True)
class NewScript:
    """A script. It gets the start set of statuses, or with `with_start_set` false its initial status alone."""

    name: Name
    description: Text = ""
    form_id: Identity | None = None
    with_start_set: bool = True


@dataclass(frozen=True, kw_only=True)
class ScriptChanges:
    """What is not sent stays as it is."""

    version: Version | Unset = UNSET
    name: Name | Unset = UNSET
    description: Text | Unset = UNSET
    form_id: Identity | Unset | None = UNSET
    postpone_grid_minutes: Minutes | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class NewStatus:
    """A status at the end of the list; with `parent_id`, a substatus."""

    version: Version | Unset = UNSET
    name: StatusName
    kind: StatusKind
    colour: StatusColour | None = None
    parent_id: Identity | None = None
    limit_minutes: Minutes | None = None
    date_mode: DateMode | None = None
    relative_minutes: Minutes | None = None
    absolute_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StatusChanges:
    """What is not sent stays as it is. `is_initial` can only be made true: some status must be the initial one."""

    version: Version | Unset = UNSET
    name: StatusName | Unset = UNSET
    kind: StatusKind | Unset = UNSET
    colour: StatusColour | Unset | None = UNSET
    limit_minutes: Minutes | Unset | None = UNSET
    date_mode: DateMode | Unset | None = UNSET
    relative_minutes: Minutes | Unset | None = UNSET
    absolute_at: datetime | Unset | None = UNSET
    is_hidden: bool | Unset = UNSET
    is_initial: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class NewRule:
    """A rule, behind the others. Either `from_any` is true, or `from_ids` names statuses."""

    version: Version | Unset = UNSET
    event: RuleEvent
    from_any: bool = False
    from_ids: Annotated[list[Identity], Items(1000)] | None = None
    to_id: Identity
    minutes: Minutes | None = None


@dataclass(frozen=True, kw_only=True)
class RuleChanges:
    """What is not sent stays as it is."""

    version: Version | Unset = UNSET
    event: RuleEvent | Unset = UNSET
    from_any: bool | Unset = UNSET
    from_ids: Annotated[list[Identity], Items(1000)] | Unset = UNSET
    to_id: Identity | Unset = UNSET
    minutes: Minutes | Unset | None = UNSET


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What the caller has seen before it takes a rule away."""

    version: Version | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class RuleOrder:
    """Ids of all rules of the script, in their new order."""

    version: Version | Unset = UNSET
    order: Annotated[list[Identity], Items(1000)]


@dataclass(frozen=True, kw_only=True)
class StatusOrder:
    """Ids of all statuses of the script, in their new order."""

    version: Version | Unset = UNSET
    order: Annotated[list[Identity], Items(1000)]


@endpoint("GET", "/scripts", permission=Permission.SCRIPT_READ, summary="Scripts.")
def list_scripts(query: ScriptList) -> Page[ScriptRow]:
    """Whoever may read scripts sees all of them: several campaigns may share one."""
    rows = select(Script)
    if query.text:
        rows = rows.where(Script.name.icontains(query.text, autoescape=True))
    return page_by_id(rows, Script.id, query, _row)


@endpoint("GET", "/scripts/{script_id}", permission=Permission.SCRIPT_READ, summary="A script with its statuses.")
def show_script(script_id: int) -> ScriptShown:
    """Hidden statuses too: old cases are in them."""
    return shown(the_script(script_id))


@endpoint("POST", "/scripts", permission=Permission.SCRIPT_EDIT, status=201, summary="Make a script.")
def create_script(body: NewScript, *, actor: AppUser) -> ScriptShown:
    """Status names are in the user's language."""
    form = the_form_to_use(body.form_id)
    script = editing.create_script(
        body.name, description=body.description, form=form, with_start_set=body.with_start_set, actor=actor
    )
    return shown(script)


@endpoint("PATCH", "/scripts/{script_id}", permission=Permission.SCRIPT_EDIT, summary="Change a script's own fields.")
def change_script(script_id: int, body: ScriptChanges, *, actor: AppUser) -> ScriptShown:
    """Answers that cases have stay stored when the form is another one."""
    script = _seen(script_id, body)
    if not isinstance(body.name, Unset) or not isinstance(body.description, Unset):
        name, description = sent(body.name, script.name), sent(body.description, script.description)
        editing.rename_script(script, name, description=description, expected_version=script.version, actor=actor)
    if not isinstance(body.form_id, Unset):
        editing.set_form(script, the_form_to_use(body.form_id), expected_version=script.version, actor=actor)
    if not isinstance(body.postpone_grid_minutes, Unset):
        editing.set_postpone_grid(script, body.postpone_grid_minutes, expected_version=script.version, actor=actor)
    return shown(script)


@endpoint(
    "POST", "/scripts/{script_id}/statuses", permission=Permission.SCRIPT_EDIT, status=201, summary="Add a status."
)
def add_status(script_id: int, body: NewStatus, *, actor: AppUser) -> ScriptShown:
    """Answers the whole script: its version has grown."""
    script = _seen(script_id, body)
    parent = editing.the_status(script, body.parent_id) if body.parent_id is not None else None
    values = StatusValues(
        name=body.name,
        kind=body.kind,
        colour=body.colour,
        limit_minutes=body.limit_minutes,
        date_mode=body.date_mode,
        relative_minutes=body.relative_minutes,
        absolute_at=body.absolute_at,
    )
    editing.add_status(script, values, parent=parent, expected_version=script.version, actor=actor)
    return shown(script)


@endpoint(
    "PATCH",
    "/scripts/{script_id}/statuses/{status_id}",
    permission=Permission.SCRIPT_EDIT,
    summary="Change or hide a status.",
)
def change_status_of_script(script_id: int, status_id: int, body: StatusChanges, *, actor: AppUser) -> ScriptShown:
    """Its values first, then whether it is shown, then whether cases begin in it."""
    script = _seen(script_id, body)
    status = editing.the_status(script, status_id)
    if body.is_initial is False and status.is_initial:
        message = _l("Make another status the initial one instead.")
        raise Invalid(_l("Some values do not fit; see the errors by field."), fields={"is_initial": [message]})
    values = asdict(_values(status))
    wanted = {key: sent(getattr(body, key), value) for key, value in values.items()}
    if wanted != values:
        editing.change_status_values(status, StatusValues(**wanted), expected_version=script.version, actor=actor)
    if body.is_hidden is False and status.is_hidden:
        editing.show_status(status, expected_version=script.version, actor=actor)
    if body.is_initial is True and not status.is_initial:
        editing.set_initial(status, expected_version=script.version, actor=actor)
    if body.is_hidden is True and not status.is_hidden:
        editing.hide_status(status, expected_version=script.version, actor=actor)
    return shown(script)


@endpoint(
    "PUT",
    "/scripts/{script_id}/statuses/order",
    permission=Permission.SCRIPT_EDIT,
    summary="Put the statuses in an order.",
)
def reorder_statuses(script_id: int, body: StatusOrder, *, actor: AppUser) -> ScriptShown:
    """Each of the script's statuses once."""
    script = _seen(script_id, body)
    editing.reorder_statuses(script, body.order, expected_version=script.version, actor=actor)
    return shown(script)


@endpoint("POST", "/scripts/{script_id}/rules", permission=Permission.SCRIPT_EDIT, status=201, summary="Add a rule.")
def add_rule(script_id: int, body: NewRule, *, actor: AppUser) -> ScriptShown:
    """Refused where cases could not follow it. Answers the whole script: its version has grown."""
    script = _seen(script_id, body)
    values = RuleValues(
        event=body.event,
        to_id=body.to_id,
        from_any=body.from_any,
        from_ids=tuple(body.from_ids or ()),
        minutes=body.minutes,
    )
    ruling.add_rule(script, values, expected_version=script.version, actor=actor)
    return shown(script)


@endpoint("PATCH", "/scripts/{script_id}/rules/{rule_id}", permission=Permission.SCRIPT_EDIT, summary="Change a rule.")
def change_rule(script_id: int, rule_id: int, body: RuleChanges, *, actor: AppUser) -> ScriptShown:
    """A rule that leads from any status has no `from_ids`."""
    script = _seen(script_id, body)
    rule = ruling.the_rule(script, rule_id)
    values = {key: sent(getattr(body, key), value) for key, value in vars(ruling.values_of_rule(rule)).items()}
    wanted = RuleValues(**{**values, "from_ids": tuple(values["from_ids"])})
    ruling.change_rule(rule, wanted, expected_version=script.version, actor=actor)
    return shown(script)


@endpoint(
    "POST",
    "/scripts/{script_id}/rules/{rule_id}/remove",
    permission=Permission.SCRIPT_EDIT,
    summary="Take a rule away.",
)
def remove_rule(script_id: int, rule_id: int, body: Removal, *, actor: AppUser) -> ScriptShown:
    """Cases stay where it put them; what it said stays in the history."""
    script = _seen(script_id, body)
    ruling.remove_rule(ruling.the_rule(script, rule_id), expected_version=script.version, actor=actor)
    return shown(script)


@endpoint(
    "PUT", "/scripts/{script_id}/rules/order", permission=Permission.SCRIPT_EDIT, summary="Put the rules in an order."
)
def reorder_rules(script_id: int, body: RuleOrder, *, actor: AppUser) -> ScriptShown:
    """Each of the script's rules once."""
    script = _seen(script_id, body)
    ruling.reorder_rules(script, body.order, expected_version=script.version, actor=actor)
    return shown(script)


def the_script(script_id: int) -> Script:
    """The script with that id, or NotFound."""
    script = session.get(Script, script_id)
    if script is None:
        raise NotFound(_l("There is no such script."))
    return script


def the_form_to_use(form_id: int | None) -> Form | None:
    """The form that a body names; Invalid when there is none."""
    if form_id is None:
        return None
    form = session.get(Form, form_id)
    if form is None:
        message = _l("There is no such form.")
        raise Invalid(_l("Some values do not fit; see the errors by field."), fields={"form_id": [message]})
    return form


def shown(script: Script) -> ScriptShown:
    """The script as it is now."""
    session.flush()
    return ScriptShown(
        **vars(_row(script)),
        statuses=[_status(status) for status in script.statuses],
        rules=[_rule(rule) for rule in script.rules],
    )


def _seen(script_id: int, body: Any) -> Script:
    """The script, locked, in the version that the caller has seen; Conflict with both sides otherwise."""
    version = seen_version(body.version)
    script = the_script(script_id)
    session.refresh(script, with_for_update={"key_share": True})
    must_be(version, script.version, yours=write(type(body), body), theirs=write(ScriptShown, shown(script)))
    return script


def _row(script: Script) -> ScriptRow:
    return ScriptRow(**{key: getattr(script, key) for key in ScriptRow.__dataclass_fields__})


def _status(status: Status) -> StatusRow:
    return StatusRow(**{key: getattr(status, key) for key in StatusRow.__dataclass_fields__})


def _rule(rule: StatusRule) -> RuleRow:
    values = ruling.values_of_rule(rule)
    return RuleRow(id=rule.id, **{**vars(values), "from_ids": list(values.from_ids)})


def _values(status: Status) -> StatusValues:
    return StatusValues(**{key: getattr(status, key) for key in StatusValues.__dataclass_fields__})
