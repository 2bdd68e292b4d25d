"""Pages of scripts: their list, and the statuses of one."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import func, select

from app.access.permissions import Permission, may
from app.access.visible import campaigns_of
from app.cases.hiding import hide_and_move, move_cases, places_for_cases
from app.core.db import session, transaction
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy_gettext as _l
from app.models import Campaign, Form, Script, Status
from app.models.scripts import DateMode, StatusColour, StatusKind
from app.scripts import editing
from app.scripts.events import EVENTS
from app.scripts.kinds import KINDS
from app.scripts.rules import clears_answers
from app.scripts.statuses import facts_of, in_order
from app.scripts.values import StatusValues
from app.views.base import Page, answer, body, page, the_user
from app.views.script_flow import flow_shown, rule_words
from app.views.sent import sent_moment, sent_number, sent_number_or_none, sent_numbers, sent_text

COLOURS = (
    ("", _l("Yellow, the usual one")),
    (StatusColour.ROSE.value, _l("Rose")),
    (StatusColour.CORAL.value, _l("Coral")),
    (StatusColour.OLIVE.value, _l("Olive")),
    (StatusColour.CYAN.value, _l("Cyan")),
    (StatusColour.STONE.value, _l("Stone")),
)
"""What a plain status may be coloured by."""


class ScriptView(Page):
    """The list of scripts, and the page where a manager edits one."""

    route_base = "/scripts"
    class_permission_name = "Script"

    @page("/", permission=Permission.SCRIPT_READ)
    def index(self) -> str:
        """All scripts with their form and how many campaigns use them."""
        uses = select(func.count()).where(Campaign.script_id == Script.id).scalar_subquery()
        sizes = select(func.count()).where(Status.script_id == Script.id, ~Status.is_hidden).scalar_subquery()
        rows = session.execute(
            select(Script.id, Script.name, Script.description, Form.name.label("form"), uses.label("campaigns"),
                   sizes.label("statuses"))
            .outerjoin(Form, Form.id == Script.form_id)
            .order_by(func.lower(Script.name))
        ).all()  # fmt: skip
        return self.render("scripts/list.html", scripts=rows, may_edit=may(the_user(), Permission.SCRIPT_EDIT))

    @page("/add", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def add(self) -> Any:
        """A new script with the start set of statuses."""
        sent = body("name")
        with transaction():
            script = editing.create_script(
                sent_text(sent["name"]), description=sent_text(sent.get("description")), actor=the_user()
            )
        return answer({"go": url_for("ScriptView.show", script_id=script.id)})

    @page("/<int:script_id>", permission=Permission.SCRIPT_READ)
    def show(self, script_id: int) -> str:
        """One script: where it leads, its statuses, its rules and its form."""
        script = the_script(script_id)
        user = the_user()
        may_edit = may(user, Permission.SCRIPT_EDIT)
        campaigns = session.scalars(
            select(Campaign).where(Campaign.script_id == script.id, campaigns_of(user)).order_by(Campaign.name)
        ).all()
        return self.render(
            "scripts/show.html",
            script=script,
            statuses=in_order(script.statuses),
            kinds=KINDS,
            colours=COLOURS,
            flow=flow_shown(script),
            events=[event for event in EVENTS.values() if event.is_offered],
            all_events=EVENTS,
            rule_words=rule_words,
            places=places_for_cases(script) if may_edit and may(user, Permission.CASE_BULK) else [],
            clearing={each.id for each in script.statuses if clears_answers(facts_of(each))},
            campaigns=campaigns,
            forms=session.execute(select(Form.id, Form.name).order_by(func.lower(Form.name))).all(),
            grids=editing.GRIDS,
            may_edit=may_edit,
            may_begin_campaign=may(user, Permission.CAMPAIGN_EDIT),
            local_input=lambda moment: moment.astimezone(ZoneInfo(user.time_zone)).strftime("%Y-%m-%dT%H:%M"),
        )

    @page("/<int:script_id>/change", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def change(self, script_id: int) -> Any:
        """Name, description, form, grid of postponements."""
        sent = body("name", "version")
        script, version = the_script(script_id), sent["version"]
        described = sent_text(sent["description"]) if "description" in sent else None
        form = session.get(Form, sent_number(sent["form_id"])) if sent.get("form_id") else None
        with transaction():
            editing.rename_script(
                script,
                sent_text(sent["name"]),
                description=described,
                expected_version=version,
                actor=the_user(),
            )
            editing.set_form(script, form, expected_version=script.version, actor=the_user())
            editing.set_postpone_grid(
                script, sent_number(sent.get("grid")), expected_version=script.version, actor=the_user()
            )
        return answer({})

    @page("/<int:script_id>/statuses", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def add_status(self, script_id: int) -> Any:
        """A new status, or a substatus."""
        sent = body("name", "kind", "version")
        script = the_script(script_id)
        parent = editing.the_status(script, sent_number(sent["parent_id"])) if sent.get("parent_id") else None
        with transaction():
            status = editing.add_status(
                script, _values(sent), parent=parent, expected_version=sent["version"], actor=the_user()
            )
            return answer({"status": status.id})

    @page("/<int:script_id>/statuses/<int:status_id>", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def change_status(self, script_id: int, status_id: int) -> Any:
        """Name, kind, limit and date of a status."""
        sent = body("name", "kind", "version")
        status = editing.the_status(the_script(script_id), status_id)
        with transaction():
            editing.change_status_values(status, _values(sent), expected_version=sent["version"], actor=the_user())
        return answer({})

    @page("/<int:script_id>/order", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def order(self, script_id: int) -> Any:
        """A new order: `ids` of all statuses."""
        sent = body("ids", "version")
        with transaction():
            editing.reorder_statuses(
                the_script(script_id), sent_numbers(sent["ids"]), expected_version=sent["version"], actor=the_user()
            )
        return answer({})

    @page("/<int:script_id>/statuses/<int:status_id>/name", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def rename(self, script_id: int, status_id: int) -> Any:
        """Another name, typed into the list."""
        sent = body("name", "version")
        status = editing.the_status(the_script(script_id), status_id)
        values = replace(editing.values_of(status), name=sent_text(sent["name"]))
        with transaction():
            editing.change_status_values(status, values, expected_version=sent["version"], actor=the_user())
        return answer({})

    @page("/<int:script_id>/statuses/<int:status_id>/hide", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def hide(self, script_id: int, status_id: int) -> Any:
        """Hide a status; the cases in it stay, or go to `cases_to` as long work, and rules lead to `rules_to`."""
        sent, script = body("version"), the_script(script_id)
        status = editing.the_status(script, status_id)
        with transaction():
            work = hide_and_move(
                status,
                cases_to=_chosen(script, sent.get("cases_to")),
                rules_to=_chosen(script, sent.get("rules_to")),
                expected_version=sent["version"],
                actor=the_user(),
            )
            return answer({"work": work.id if work else None})

    @page("/<int:script_id>/statuses/<int:status_id>/cases", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def move(self, script_id: int, status_id: int) -> Any:
        """Move the cases that a hidden status still holds to `cases_to`."""
        sent, script = body("version", "cases_to"), the_script(script_id)
        status = editing.the_status(script, status_id)
        to = editing.the_status(script, sent_number(sent["cases_to"]))
        with transaction():
            work = move_cases(status, to, expected_version=sent["version"], actor=the_user())
            return answer({"work": work.id})

    @page("/<int:script_id>/statuses/<int:status_id>/<what>", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def turn(self, script_id: int, status_id: int, what: str) -> Any:
        """Show a hidden status again, or make one the initial one."""
        verbs = {"show": editing.show_status, "initial": editing.set_initial}
        if what not in verbs:
            raise NotFound(_l("There is no such page."))
        sent = body("version")
        status = editing.the_status(the_script(script_id), status_id)
        with transaction():
            verbs[what](status, expected_version=sent["version"], actor=the_user())
        return answer({})


def the_script(script_id: int) -> Script:
    """The script with that id, or NotFound."""
    script = session.get(Script, script_id)
    if script is None:
        raise NotFound(_l("There is no such script."))
    return script


def _values(sent: dict[str, Any]) -> StatusValues:
    """What the status dialog sends. Texts that are no kind, mode or moment are Invalid."""
    try:
        return StatusValues(
            name=str(sent["name"]),
            kind=StatusKind(sent["kind"]),
            colour=StatusColour(sent["colour"]) if sent.get("colour") else None,
            limit_minutes=sent_number_or_none(sent.get("limit_minutes")),
            date_mode=DateMode(sent["date_mode"]) if sent.get("date_mode") else None,
            relative_minutes=sent_number_or_none(sent.get("relative_minutes")),
            absolute_at=_moment(sent.get("absolute_at")),
        )
    except ValueError as error:
        raise Invalid(_l("One of the values does not fit. Look at them again.")) from error


def _moment(text: str | None) -> datetime | None:
    """A time typed in the user's zone."""
    return sent_moment(text).replace(tzinfo=ZoneInfo(the_user().time_zone)) if text else None


def _chosen(script: Script, status_id: Any) -> Status | None:
    """The script's status that a dialog names; None when it names none."""
    return editing.the_status(script, sent_number(status_id)) if status_id else None
