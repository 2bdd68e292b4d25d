"""A script as its page shows it: the picture of its statuses and ways, the same as a list, and what is wrong."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.core import clock
from app.core.i18n import gettext as _
from app.formbuilder.field_types.buttons import Action, ButtonConfig
from app.formbuilder.versions import current_version, definition_of
from app.models import Script, Status, StatusRule
from app.scripts.events import EVENTS
from app.scripts.flow import Flow, RuleFacts, Way, WayKind, flow_of, past_dates
from app.scripts.kinds import KINDS
from app.scripts.layout import Box, Edge, lay_out
from app.scripts.ruling import rule_facts
from app.scripts.standing import Standing, standing_in, untouched_since
from app.scripts.statuses import facts_by_id, in_order
from app.views.formats import duration

_ANY = 0
"""Key of the box that stands for "from any status"."""
_NAME, _LABEL = 26, 24
"""Most characters of a name in a box, and of a label on a line; the whole text is in the list below the picture."""
_NAME_EM, _LABEL_EM = 7.2, 6.2
"""Width of a character, so that boxes are wide enough before any font is known."""
_MARGIN = 12.0


@dataclass(frozen=True, kw_only=True)
class BoxShown:
    """A status in the picture."""

    place: Box
    name: str
    below: str
    look: str
    is_dead: bool
    is_any: bool


@dataclass(frozen=True, kw_only=True)
class LineShown:
    """A way in the picture; `text` is cut to what fits."""

    path: str
    is_event: bool
    place: Box | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The graph of a script."""

    width: float
    height: float
    boxes: list[BoxShown]
    lines: list[LineShown]


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A status that cases get stuck in, or that none can reach. `remedy`: rule, edit or move."""

    status: Status
    title: str
    text: str
    remedy: str
    is_bad: bool


@dataclass(frozen=True, kw_only=True)
class FlowShown:
    """All that the page shows of a script's statuses besides their own settings."""

    picture: Picture
    ways: list[tuple[str, list[str]]]
    """By the name of a status: what leads on from it, in words."""
    leads: Mapping[int, list[str]]
    """By status: the events that lead there."""
    troubles: list[Trouble]
    standing: Mapping[int, Standing]
    dead: frozenset[int]


def flow_shown(script: Script) -> FlowShown:
    """The script as it is now."""
    statuses = facts_by_id(script)
    rules = rule_facts(script)
    past = past_dates(statuses, clock.now())
    flow = flow_of(statuses, rules, _buttons(script), past=past)
    standing = standing_in(script)
    rows = {status.id: status for status in in_order(script.statuses)}
    # A hidden status in which nothing stands is nobody's concern.
    dead = frozenset(each for each in flow.dead_ends if not rows[each].is_hidden or standing[each].count)
    lines = _lines(flow)
    return FlowShown(
        picture=_picture(rows, lines, standing, dead),
        ways=list(_in_words(rows, lines)),
        leads={each: list(_leads(rows[each], flow)) for each in rows},
        troubles=_troubles(script, rows, flow, dead, standing),
        standing=standing,
        dead=dead,
    )


def rule_words(rule: StatusRule | RuleFacts) -> str:
    """What the rule waits for, in a word or two."""
    minutes = rule.minutes if isinstance(rule, RuleFacts) else rule.conditions.get("minutes")
    short = str(EVENTS[rule.event].short)
    return _("%(event)s: %(time)s", event=short, time=duration(minutes)) if minutes else short


def _buttons(script: Script) -> dict[int, str]:
    """Titles of the buttons of the form that set a status, by the status."""
    version = current_version(script.form_id) if script.form_id else None
    if version is None:
        return {}
    names = {status.id: status.name for status in script.statuses}
    found: dict[int, str] = {}
    for field in definition_of(version).fields:
        config = field.config
        if field.hidden or not isinstance(config, ButtonConfig) or config.action != Action.SET_STATUS:
            continue
        if config.status_id in names:
            found.setdefault(config.status_id, field.title or names[config.status_id])
    return found


@dataclass(frozen=True, kw_only=True)
class _Line:
    """Ways between the same two statuses that are drawn as one."""

    source: int
    target: int
    is_event: bool
    text: str


def _lines(flow: Flow) -> list[_Line]:
    def key(way: Way) -> tuple[int, int, bool]:
        is_event = way.kind in {WayKind.EVENT, WayKind.RETURN}
        return (_ANY if way.rule and way.rule.from_any else way.source), way.target, is_event

    found = []
    for (source, target, is_event), ways in groupby(sorted(flow.ways, key=key), key):
        texts = dict.fromkeys(filter(None, map(_way_words, ways)))
        found.append(_Line(source=source, target=target, is_event=is_event, text=" · ".join(texts)))
    return found


def _way_words(way: Way) -> str:
    if way.rule is not None:
        return rule_words(way.rule)
    return way.button or (_("postponement over") if way.kind is WayKind.RETURN else "")


def _picture(
    rows: Mapping[int, Status], lines: list[_Line], standing: Mapping[int, Standing], dead: frozenset[int]
) -> Picture:
    drawn = {line.source for line in lines} | {line.target for line in lines}
    shown = [each for each in rows.values() if not each.is_hidden or each.id in drawn]
    shown.sort(key=lambda each: not each.is_initial)
    below = {each.id: _below(each, standing[each.id], is_dead=each.id in dead) for each in shown}
    widths = {each.id: _width(each.name, below[each.id]) for each in shown}
    if _ANY in drawn:
        widths[_ANY] = _width(_("Any status"), "")
    edges = [
        Edge(source=line.source, target=line.target, label_width=_LABEL_EM * len(_cut(line.text, _LABEL)))
        for line in lines
    ]
    layout = lay_out(widths, edges)
    boxes = [
        BoxShown(
            place=layout.boxes[each.id],
            name=_cut(each.name, _NAME),
            below=below[each.id],
            look=each.look,
            is_dead=each.id in dead,
            is_any=False,
        )
        for each in shown
    ]
    if _ANY in drawn:
        boxes.append(
            BoxShown(place=layout.boxes[_ANY], name=_("Any status"), below="", look="", is_dead=False, is_any=True)
        )
    return Picture(
        width=layout.width + 2 * _MARGIN,
        height=layout.height + 2 * _MARGIN,
        boxes=boxes,
        lines=[
            LineShown(path=drawn.path, is_event=line.is_event, place=drawn.label, text=_cut(line.text, _LABEL))
            for line, drawn in zip(lines, layout.lines, strict=True)
        ],
    )


def _below(status: Status, standing: Standing, *, is_dead: bool) -> str:
    if is_dead:
        return _("%(count)s · no way on", count=standing.text)
    cases = _("cases: %(count)s", count=standing.text)
    return _("initial · %(cases)s", cases=cases) if status.is_initial else cases


def _width(name: str, below: str) -> float:
    return max(110.0, 28 + _NAME_EM * len(_cut(name, _NAME)), 28 + _LABEL_EM * len(below))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _in_words(rows: Mapping[int, Status], lines: Iterable[_Line]) -> Iterator[tuple[str, list[str]]]:
    by_source: dict[int, list[str]] = {}
    for line in lines:
        name = rows[line.target].name
        text = line.text or _("an agent chooses")
        by_source.setdefault(line.source, []).append(_("%(what)s → %(status)s", what=text, status=name))
    for status in rows.values():
        if status.id in by_source or not status.is_hidden:
            yield status.name, by_source.get(status.id, [])
    if _ANY in by_source:
        yield _("Any status"), by_source[_ANY]


def _leads(status: Status, flow: Flow) -> Iterator[str]:
    if status.is_initial:
        yield _("new case")
    events = [way for way in flow.ways if way.target == status.id and way.kind in {WayKind.EVENT, WayKind.RETURN}]
    yield from dict.fromkeys(_way_words(way) for way in events)


def _troubles(
    script: Script, rows: Mapping[int, Status], flow: Flow, dead: frozenset[int], standing: Mapping[int, Standing]
) -> list[Trouble]:
    left = [each for each in rows.values() if each.is_hidden and standing[each.id].count and not _ended(each)]
    since = untouched_since(script, [*dead, *(each.id for each in left)])
    found = [
        Trouble(
            status=each,
            title=_("“%(status)s” is hidden, and cases still stand in it.", status=each.name),
            text=_how_many(standing[each.id], since.get(each.id)),
            remedy="move",
            is_bad=True,
        )
        for each in left
    ]
    found += [
        Trouble(
            status=rows[each],
            title=_("Dead end: “%(status)s”.", status=rows[each].name),
            text=" ".join(
                [
                    _("It is nobody's turn there, and no event leads on from it."),
                    _how_many(standing[each], since.get(each)),
                ]
            ),
            remedy="rule",
            is_bad=bool(standing[each].count),
        )
        for each in dead
        if rows[each] not in left
    ]
    found += [
        Trouble(
            status=rows[each],
            title=_("“%(status)s” cannot be reached.", status=rows[each].name),
            text=_("Its date has passed, so nothing and nobody can set it any more."),
            remedy="edit",
            is_bad=False,
        )
        for each in flow.unreachable
    ]
    return sorted(found, key=lambda each: (not each.is_bad, each.status.position, each.status.id))


def _ended(status: Status) -> bool:
    return KINDS[status.kind].ends


def _how_many(standing: Standing, since: datetime | None) -> str:
    if not standing.count or since is None:
        return _("No case stands in it now.")
    age = duration(max(1, int((clock.now() - since).total_seconds() // 60)))
    return _("Cases in it: %(count)s, one of them untouched for %(age)s.", count=standing.text, age=age)
