"""What happens to the cases of the demo and when. Pure: the same stage gives the same plan."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain
from random import Random

from app.models.cases import Source
from app.seed.demo.customers import GROUP, is_company, known_at
from app.seed.demo.stage import Part, Stage
from app.seed.demo.working_time import HOME, any_working_time, later, moment_on, some_time_today, workday_at_or_before

DAYS = 90
_RECENT_DAYS = 10
_PLANNED_AT_ONCE = 1000
_BULK_DAYS = (0, 3)
"""Mondays and Thursdays: then the manager opens cases for many contacts at once."""
_QUARTER = timedelta(minutes=15)
_TURN, _PROMISED_TODAY, _CAME_TODAY = 20, 3, 13
"""Of the first cases two in twenty are of today, so that there is something to do on whatever day and at whatever hour
the demo is made: one with a promised call, one that came in by itself."""
_BY_PEOPLE = frozenset({Source.OUTBOUND_CAMPAIGN, Source.INBOUND_CALL})
"""Sources that bring cases in working hours only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happens to one case. `actor` None is the system."""

    at: datetime
    case: int
    actor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Event):
    """The case comes in."""

    part: Part
    contact: int
    source: Source
    owner: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Event):
    """Somebody opens the card, and owns the case if nobody does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Event):
    """The case gets another status."""

    part: Part
    status: int
    until: datetime | None
    """The time of a dated status."""
    fills_in: bool
    """Answers of the form are saved, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Event):
    """Somebody writes something down."""

    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach(Event):
    """Somebody attaches a file."""

    part: Part


def lives(stage: Stage, first: int, end: int, *, meanwhile: Callable[[], None] = lambda: None) -> list[list[Event]]:
    """What happens to each of the cases from place `first` to before `end`, in the order in which they come in.

    `meanwhile` is called now and then: there are thousands.
    """
    planned = []
    for case in range(first, end):
        planned.append(_life(stage, case))
        if case % _PLANNED_AT_ONCE == 0:
            meanwhile()
    return sorted(planned, key=lambda life: (life[0].at, life[0].case))


def in_time(some: Iterable[Iterable[Event]]) -> list[Event]:
    """The events of these lives in the order of time."""
    return sorted(chain.from_iterable(some), key=lambda event: (event.at, event.case))


def _life(stage: Stage, case: int) -> list[Event]:
    rng = Random(f"{stage.seed}:case:{case}")
    if case < stage.first and case % _TURN == _PROMISED_TODAY:
        return _promised_today(stage, case, rng)
    if case < stage.first and case % _TURN == _CAME_TODAY:
        return _came_today(stage, case, rng)
    shares = [stage.stories[part.name]["share"] for part in stage.campaigns]
    part = rng.choices(stage.campaigns, shares)[0]
    story = stage.stories[part.name]
    source = Source(rng.choices(list(story["sources"]), list(story["sources"].values()))[0])
    opened = _opened(stage, part, source, rng, is_recent=case < stage.first and rng.random() < 0.6)  # noqa: PLR2004
    agent = rng.choice(part.agents)
    calls = source is Source.INBOUND_CALL
    owner = agent if calls or (source is Source.OUTBOUND_CAMPAIGN and rng.random() < 0.6) else None  # noqa: PLR2004
    contact = _contact(stage, story.get("companies", False), opened, rng)
    handled = [event for event in _handling(stage, part, case, agent, opened, owner, rng) if event.at < stage.now]
    if handled and handled[-1].at > stage.now - timedelta(days=_RECENT_DAYS) and rng.random() < 0.7:  # noqa: PLR2004
        # What the agent did last is not news to the agent.
        seen = min(handled[-1].at + timedelta(minutes=4), stage.now - timedelta(seconds=1))
        handled.append(Look(at=seen, case=case, actor=agent))
    return [_open(stage, part, case, opened, source, contact, agent=agent, owner=owner), *handled]


def _open(
    stage: Stage,
    part: Part,
    case: int,
    at: datetime,
    source: Source,
    contact: int,
    *,
    agent: int,
    owner: int | None,
) -> Open:
    opener = {Source.INBOUND_CALL: agent, Source.OUTBOUND_CAMPAIGN: stage.installer}.get(source)
    return Open(at=at, case=case, actor=opener, part=part, contact=contact, source=source, owner=owner)


def _promised_today(stage: Stage, case: int, rng: Random) -> list[Event]:
    """An agent has promised to call back today: in a while, or earlier, and nobody has done it yet."""
    promises = {part: _promises(stage, part) for part in stage.campaigns}
    part = rng.choice([part for part, statuses in promises.items() if statuses])
    story, agent = stage.stories[part.name], rng.choice(part.agents)
    day = stage.now.astimezone(HOME).date() - timedelta(days=rng.randrange(1, _RECENT_DAYS))
    opened = any_working_time(workday_at_or_before(day), rng)
    promised = Move(
        at=opened + timedelta(minutes=rng.randrange(4, 9)),
        case=case,
        actor=agent,
        part=part,
        status=rng.choice(promises[part]),
        until=some_time_today(stage.now, rng, is_past=rng.random() < 0.5),  # noqa: PLR2004
        fills_in=True,
    )
    source = Source(rng.choice(list(story["sources"])))
    contact = _contact(stage, story.get("companies", False), opened, rng)
    return [_open(stage, part, case, opened, source, contact, agent=agent, owner=agent), promised]


def _promises(stage: Stage, part: Part) -> list[int]:
    """Places of the statuses in which an agent chooses when to call back."""
    passed = {place for _, way in stage.stories[part.name]["routes"] for place in way}
    return [place for place in sorted(passed) if part.takes_date(place) and part.kind(place).callback]


def _came_today(stage: Stage, case: int, rng: Random) -> list[Event]:
    """A case that somebody has written about today, be it at night."""
    sources = {
        part: [each for each in map(Source, stage.stories[part.name]["sources"]) if each not in _BY_PEOPLE]
        for part in stage.campaigns
    }
    part = rng.choice([part for part, some in sources.items() if some])
    story, agent = stage.stories[part.name], rng.choice(part.agents)
    opened = some_time_today(stage.now, rng, is_past=True)
    contact = _contact(stage, story.get("companies", False), opened, rng)
    handled = [event for event in _handling(stage, part, case, agent, opened, None, rng) if event.at < stage.now]
    return [_open(stage, part, case, opened, rng.choice(sources[part]), contact, agent=agent, owner=None), *handled]


def _opened(stage: Stage, part: Part, source: Source, rng: Random, *, is_recent: bool) -> datetime:
    today = stage.now.astimezone(HOME).date()
    day = today - timedelta(days=rng.randrange(_RECENT_DAYS) if is_recent else rng.randrange(1, DAYS))
    if source is Source.OUTBOUND_CAMPAIGN:
        day = workday_at_or_before(day)
        while not is_recent and day.weekday() not in _BULK_DAYS:
            day -= timedelta(days=1)
        moment = moment_on(day, time(8, 5 + 7 * stage.campaigns.index(part)))
        return moment if moment < stage.now else moment_on(workday_at_or_before(day - timedelta(days=1)), time(8, 3))
    if source is Source.INBOUND_CALL:
        moment = any_working_time(workday_at_or_before(day), rng)
        return moment if moment < stage.now else any_working_time(workday_at_or_before(day - timedelta(days=1)), rng)
    moment = moment_on(day, time(rng.randrange(6, 23), rng.randrange(60), rng.randrange(60)))
    return moment if moment < stage.now else moment - timedelta(days=1)


def _contact(stage: Stage, companies: bool, opened: datetime, rng: Random) -> int:  # noqa: FBT001 (from a YAML file)
    contact = rng.randrange(known_at(opened, total=stage.contacts, now=stage.now))
    if companies:
        return contact - contact % GROUP
    return contact + 1 if is_company(contact) and rng.random() < 0.7 else contact  # noqa: PLR2004


def _handling(
    stage: Stage, part: Part, case: int, agent: int, opened: datetime, owner: int | None, rng: Random
) -> Iterator[Event]:
    """The way along a route, with what is noted and attached on it."""
    story = stage.stories[part.name]
    routes = story["routes"]
    route = list(rng.choices([way for _, way in routes], [weight for weight, _ in routes])[0])
    is_stuck = rng.random() < (0.04 if opened > stage.now - timedelta(days=20) else 0.002)
    if is_stuck:
        del route[rng.randrange(1, len(route) + 1) :]
    elif not part.kind(route[-1]).ends:
        route.append(story["end"])
    waits = (3, 15) if owner == agent and story["sources"].get("inbound_call") else (5, 900)
    at = later(opened, rng.randrange(*waits))
    if owner is None:
        yield Look(at=at - timedelta(minutes=1), case=case, actor=agent)
    files = 0.04 if case < stage.first else 0.012
    for place, status in enumerate(route):
        until = _promised(at, rng) if part.takes_date(status) else None
        fills_in = place == 0 or rng.random() < 0.3  # noqa: PLR2004
        yield Move(at=at, case=case, actor=agent, part=part, status=status, until=until, fills_in=fills_in)
        if rng.random() < 0.25:  # noqa: PLR2004
            yield Note(at=at + timedelta(minutes=2), case=case, actor=agent, part=part)
        if place == 0 and rng.random() < files:
            yield Attach(at=at + timedelta(minutes=3), case=case, actor=agent, part=part)
        ended = part.kind(status).ends
        gap = rng.randrange(2000, 4000) if ended else rng.randrange(5, 25) if until else rng.randrange(20, 1500)
        at = later(until or at, gap) + timedelta(minutes=5, seconds=rng.randrange(60))


def _promised(at: datetime, rng: Random) -> datetime:
    """A quarter of an hour on one of the next working days."""
    moment = later(at, rng.randrange(60, 2400))
    return (
        moment
        - timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
        + _QUARTER
    )
