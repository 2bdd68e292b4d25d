"""The rules of a script: which event moves a case from where to where."""

from typing import Any

from app.access.permissions import Permission
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.i18n import lazy_gettext as _l
from app.models import Script
from app.models.scripts import RuleEvent
from app.scripts import ruling
from app.scripts.ruling import RuleValues
from app.views.base import Page, answer, body, page, the_user
from app.views.scripts import the_script
from app.views.sent import sent_member, sent_number, sent_number_or_none, sent_numbers


class ScriptRuleView(Page):
    """What the page of a script sends about its rules; it is drawn by `ScriptView.show`."""

    route_base = "/scripts"
    class_permission_name = "Script"

    @page("/<int:script_id>/rules", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def add(self, script_id: int) -> Any:
        """A new rule."""
        sent = body("event", "to_id", "version")
        with transaction():
            ruling.add_rule(the_script(script_id), _values(sent), expected_version=sent["version"], actor=the_user())
        return answer({})

    @page("/<int:script_id>/rules/<int:rule_id>", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def change(self, script_id: int, rule_id: int) -> Any:
        """Everything of a rule at once."""
        sent = body("event", "to_id", "version")
        rule = ruling.the_rule(the_script(script_id), rule_id)
        with transaction():
            ruling.change_rule(rule, _values(sent), expected_version=sent["version"], actor=the_user())
        return answer({})

    @page("/<int:script_id>/rules/<int:rule_id>/<what>", permission=Permission.SCRIPT_EDIT, methods=("POST",))
    def turn(self, script_id: int, rule_id: int, what: str) -> Any:
        """Take a rule away, or put it before the one above it."""
        if what not in {"remove", "up"}:
            raise NotFound(_l("There is no such page."))
        sent, script = body("version"), the_script(script_id)
        rule = ruling.the_rule(script, rule_id)
        with transaction():
            if what == "remove":
                ruling.remove_rule(rule, expected_version=sent["version"], actor=the_user())
            else:
                ruling.reorder_rules(script, _up(script, rule.id), expected_version=sent["version"], actor=the_user())
        return answer({})


def _up(script: Script, rule_id: int) -> list[int]:
    """The order with this rule before the one that stands above it."""
    ids = [each.id for each in script.rules]
    place = ids.index(rule_id)
    ids.insert(max(0, place - 1), ids.pop(place))
    return ids


def _values(sent: dict[str, Any]) -> RuleValues:
    return RuleValues(
        event=sent_member(sent["event"], RuleEvent),
        to_id=sent_number(sent["to_id"]),
        from_any=bool(sent.get("from_any")),
        from_ids=sent_numbers(sent.get("from_ids")),
        minutes=sent_number_or_none(sent.get("minutes")),
    )
