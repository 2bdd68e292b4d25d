"""The statuses and rules of a file, brought into a script: added, renamed, changed, hidden; never removed."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from app.core import clock
from app.core.db import session
from app.core.errors import Invalid, SplotError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.models import AppUser, Script, Status
from app.models.scripts import DateMode, RuleEvent, StatusColour, StatusKind
from app.portable.document import RuleEntry, ScriptFile, StatusEntry
from app.scripts.editing import (
    add_status,
    cases_in,
    change_status_values,
    hide_status,
    reorder_statuses,
    set_initial,
    show_status,
    values_of,
)
from app.scripts.events import EVENTS
from app.scripts.kinds import KINDS
from app.scripts.ruling import RuleValues, add_rule, values_of_rule
from app.scripts.statuses import in_order
from app.scripts.values import StatusValues


def bring_statuses(
    file: ScriptFile, script: Script, *, is_new: bool, told: list[str], actor: AppUser
) -> dict[str, int]:
    """Ids of the statuses by their key in the file. `told` gets a sentence for each change."""
    return _Bringing(file, script, is_new, told, actor).bring()


class _Bringing:
    def __init__(self, file: ScriptFile, script: Script, is_new: bool, told: list[str], actor: AppUser) -> None:  # noqa: FBT001
        self.file, self.script, self.is_new, self.told, self.actor = file, script, is_new, told, actor
        self.rows: dict[str, Status] = {}
        self.stay = [] if is_new else [status.name for status in script.statuses]

    def bring(self) -> dict[str, int]:
        """Tops first, then what stands under them, then who is initial, hidden, and the order."""
        self._match()
        tops = [each for each in self.file.statuses if each.parent is None]
        under = [each for each in self.file.statuses if each.parent is not None]
        for entry in tops:
            self._bring(entry)
        if self.file.initial.parent is None:
            self._begin_in(self.file.initial)
        for entry in under:
            self._bring(entry)
        self._begin_in(self.file.initial)
        for entry in self.file.statuses:
            self._turn(entry)
        self._order()
        for rule in self.file.rules:
            self._rule(rule)
        return {key: status.id for key, status in self.rows.items()}

    def _match(self) -> None:
        """By id, else by name; a new script's only status becomes the file's initial one."""
        if self.is_new:
            self.rows[self.file.initial.key] = self.script.statuses[0]
            self.script.statuses[0].portable_id = self._portable_id(self.file.initial)
            session.flush()
            return
        by_id = {status.portable_id: status for status in self.script.statuses}
        for entry in self.file.statuses:
            if (status := by_id.get(self._portable_id(entry))) is not None:
                self.rows[entry.key] = status
        matched = {status.id for status in self.rows.values()}
        by_name = {each.name.lower(): each for each in self.script.statuses if each.id not in matched}
        for entry in self.file.statuses:
            if entry.key not in self.rows and (status := by_name.pop(entry.name.lower(), None)) is not None:
                self.rows[entry.key] = status

    def _portable_id(self, entry: StatusEntry) -> UUID:
        return UUID(entry.id) if entry.id else uuid5(UUID(self.file.id), f"status {entry.key}")

    def _bring(self, entry: StatusEntry) -> None:
        status, values = self.rows.get(entry.key), self._values(entry)
        if status is None:
            parent = self.rows[entry.parent] if entry.parent else None
            status = add_status(
                self.script, values, parent=parent, expected_version=self.script.version, actor=self.actor
            )
            status.portable_id = self._portable_id(entry)
            self.rows[entry.key] = status
            session.flush()
            if not self.is_new:
                self.told.append(_("The status “%(name)s” is added.", name=entry.name))
            return
        former = values_of(status)
        if values.kind is not former.kind and cases_in(status):
            values = replace(values, kind=former.kind)
            self.told.append(_("“%(name)s” keeps its kind: cases are in it.", name=former.name))
        if values == former:
            return
        change_status_values(status, values, expected_version=self.script.version, actor=self.actor)
        if not self.is_new:
            self._tell(former, values_of(status))

    def _tell(self, former: StatusValues, values: StatusValues) -> None:
        if former.name != values.name:
            self.told.append(_("The status “%(old)s” is renamed: %(new)s", old=former.name, new=values.name))
        if former.kind is not values.kind:
            kind = KINDS[values.kind].title
            self.told.append(_("The kind of the status “%(name)s” becomes: %(kind)s", name=values.name, kind=kind))
        if replace(former, name=values.name, kind=values.kind) != values:
            self.told.append(_("Time limit, date or colour of the status “%(name)s” change.", name=values.name))

    def _values(self, entry: StatusEntry) -> StatusValues:
        mode = DateMode(entry.date) if entry.date else None
        moment = self._moment(entry) if mode is DateMode.ABSOLUTE else None
        status = self.rows.get(entry.key)
        if moment and moment <= clock.now() and not (status and status.absolute_at == moment):
            self.told.append(_("The date of the status “%(name)s” has passed: the agent chooses.", name=entry.name))
            mode, moment = DateMode.AGENT, None
        return StatusValues(
            name=entry.name,
            kind=StatusKind(entry.kind),
            colour=StatusColour(entry.colour) if entry.colour else None,
            limit_minutes=entry.limit_minutes,
            date_mode=mode,
            relative_minutes=entry.relative_minutes if mode is DateMode.RELATIVE else None,
            absolute_at=moment,
        )

    def _moment(self, entry: StatusEntry) -> datetime:
        moment = None
        with suppress(ValueError):
            moment = datetime.fromisoformat(entry.absolute_at or "")
        if moment is None or moment.tzinfo is None:
            message = _l(
                "The date of the status “%(name)s” is no moment such as 2027-01-31T10:00+00:00.", name=entry.name
            )
            raise Invalid(message)
        return moment

    def _begin_in(self, entry: StatusEntry) -> None:
        status = self.rows[entry.key]
        if not status.is_initial:
            set_initial(status, expected_version=self.script.version, actor=self.actor)
            self.told.append(_("New cases begin in “%(name)s”.", name=entry.name))

    def _turn(self, entry: StatusEntry) -> None:
        status = self.rows[entry.key]
        if status.is_hidden == entry.hidden:
            return
        (hide_status if entry.hidden else show_status)(status, expected_version=self.script.version, actor=self.actor)
        if not self.is_new:
            text = (
                _("The status “%(name)s” is hidden.", name=entry.name)
                if entry.hidden
                else _("The status “%(name)s” is shown again.", name=entry.name)
            )
            self.told.append(text)

    def _order(self) -> None:
        """The file's order; what it does not know follows."""
        known = [self.rows[entry.key] for entry in self.file.statuses]
        ids = [status.id for status in known]
        rest = [status for status in in_order(self.script.statuses) if status.id not in set(ids)]
        wanted = [*ids, *(status.id for status in rest)]
        if wanted != [status.id for status in in_order(self.script.statuses)]:
            reorder_statuses(self.script, wanted, expected_version=self.script.version, actor=self.actor)
        if rest and not self.is_new:
            names = ", ".join(status.name for status in rest)
            self.told.append(_("These statuses are not in the file and stay as they are: %(names)s", names=names))

    def _rule(self, entry: RuleEntry) -> None:
        """A rule that is there already stays; one that cannot be here is told, and the rest goes on."""
        values = RuleValues(
            event=RuleEvent(entry.event),
            to_id=self.rows[entry.to].id,
            from_any=entry.sources is None,
            from_ids=tuple(self.rows[key].id for key in entry.sources or ()),
            minutes=entry.minutes,
        )
        known = [values_of_rule(rule) for rule in self.script.rules]
        if any(
            replace(each, from_ids=()) == replace(values, from_ids=()) and set(each.from_ids) == set(values.from_ids)
            for each in known
        ):
            return
        title = EVENTS[values.event].title
        try:
            with session.begin_nested():
                add_rule(self.script, values, expected_version=self.script.version, actor=self.actor)
        except SplotError as error:
            session.expire(self.script, ["rules"])
            self.told.append(_("The rule “%(event)s” is left out. %(why)s", event=title, why=error.message))
            return
        if not self.is_new:
            target = self.rows[entry.to].name
            self.told.append(_("A rule is added: “%(event)s” leads to “%(name)s”.", event=title, name=target))
