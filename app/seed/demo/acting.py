"""Doing what is planned, through the verbs that people use, with the clock stopped at the moment of the plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.cases.events import CasesChanged
from app.cases.notes import add_note, attach_file
from app.cases.opening import open_case, open_many
from app.cases.ownership import open_card
from app.cases.saving import CaseChanges, save_case
from app.cases.status import change_status
from app.core import clock
from app.core.announce import announce, forget
from app.core.db import session
from app.core.errors import SplotError
from app.models import AppUser, Campaign, Case, CaseAnswers, Contact, Script, Work
from app.models.campaigns import DuplicateRule
from app.models.cases import Source
from app.scripts.editing import the_status
from app.scripts.rules import When
from app.seed.demo.answers import Answers
from app.seed.demo.papers import pdf, picture
from app.seed.demo.plan import Attach, Event, Look, Move, Note, Open, Plan
from app.seed.demo.stage import Stage
from app.seed.demo.words import phrases
from app.seed.demo.working_time import HOME
from app.seed.gallery import field_id, ready_campaign
from app.work.rows import add_refusal


class Acting:
    """Does events in their order. `living` maps the cases of the plan to which more will happen to their ids."""

    def __init__(self, stage: Stage, contacts: Mapping[int, int], living: dict[int, int], plan: Plan) -> None:
        self._stage = stage
        self._contacts = contacts
        self.living = living
        self._plan = plan
        self._held: list[Any] = []
        """Rows of the present batch: the session itself holds rows weakly, and would load them again and again."""
        self._answers = Answers(stage)
        self._doing: Mapping[type[Event], Callable[[Any, Case, AppUser], None]] = {
            Look: self._look, Move: self._move, Note: self._note, Attach: self._attach,
        }  # fmt: skip

    def perform(self, batch: Sequence[Event], work: Work, *, carefully: bool = False) -> int:
        """Do these events in the present transaction; how many cases were opened.

        A verb may refuse, because people have changed the campaign meanwhile: `carefully` leaves that event out and
        notes it with the work, at the price of a savepoint for each; otherwise SplotError is raised.
        """
        self._held = self._load(batch)
        opened = 0
        for group in _together(batch):
            first = group[0]
            with clock.stopped_at(first.at):
                opened += self._try(group, work) if carefully else self._act(group)
            for event in group:
                if self._plan.ends[event.case] is event:
                    self.living.pop(event.case, None)
        self._announce_together([each.id for each in self._held if isinstance(each, Case)])
        self._held = []
        return opened

    def _load(self, batch: Sequence[Event]) -> list[Any]:
        """The rows that the batch will need, in few statements."""
        ids = [self.living[event.case] for event in batch if event.case in self.living]
        with_contact = select(Case).where(Case.id.in_(ids)).options(selectinload(Case.contact))
        campaigns = select(Campaign).where(Campaign.id.in_([part.id for part in self._stage.campaigns]))
        scripts = selectinload(Campaign.script)
        whole = (scripts.selectinload(Script.statuses), scripts.selectinload(Script.form))
        contacts = {self._contacts[event.contact] for event in batch if isinstance(event, Open)}
        users = select(AppUser).where(AppUser.id.in_({event.actor for event in batch} - {None}))
        held = [
            *session.scalars(with_contact),
            *session.scalars(campaigns.options(*whole)),
            *session.scalars(users),
            *session.scalars(select(CaseAnswers).where(CaseAnswers.case_id.in_(ids))),
            *session.scalars(select(Contact).where(Contact.id.in_(contacts))),
        ]
        return [*held, *(case.contact for case in held if isinstance(case, Case))]

    def _announce_together(self, case_ids: Sequence[int]) -> None:
        """One hint for the whole batch: screens need not hear of each step of a past that is told in seconds."""
        forget()
        announce(CasesChanged(case_ids=tuple(case_ids), actor_id=None))

    def _try(self, group: Sequence[Any], work: Work) -> int:
        try:
            with session.begin_nested():
                return self._act(group)
        except SplotError as error:
            add_refusal(work, f"{type(group[0]).__name__} {group[0].case}", error.message)
            return 0

    def _act(self, group: Sequence[Any]) -> int:
        return self._open(group) if isinstance(group[0], Open) else self._do(group[0])

    def _open(self, group: Sequence[Open]) -> int:
        first = group[0]
        campaign = session.get_one(Campaign, first.part.id)
        actor = self._user(first.actor)
        if first.source is Source.OUTBOUND_CAMPAIGN:
            many = open_many(
                [self._contacts[event.contact] for event in group],
                campaign,
                source=first.source,
                owners=[event.owner for event in group],
                rule=DuplicateRule.CREATE,
                actor=actor,
            )
            self.living.update(zip((event.case for event in group), many.case_ids, strict=True))
            self._held += session.scalars(select(Case).where(Case.id.in_(many.case_ids)))
            return len(many.case_ids)
        contact = session.get_one(Contact, self._contacts[first.contact])
        case = open_case(contact, campaign, source=first.source, owner=self._user(first.owner), actor=actor)
        self.living[first.case] = case.id
        self._held.append(case)
        return 1

    def _do(self, event: Event) -> int:
        actor, case_id = self._user(event.actor), self.living.get(event.case)
        if actor is not None and case_id is not None:
            self._doing[type(event)](event, session.get_one(Case, case_id), actor)
        return 0

    def _look(self, _event: Look, case: Case, actor: AppUser) -> None:
        open_card(case, actor=actor)

    def _move(self, event: Move, case: Case, actor: AppUser) -> None:
        date = When(event.until.astimezone(HOME).replace(tzinfo=None), str(HOME)) if event.until else None
        status_id = event.part.statuses[event.status]
        if not event.fills_in:
            change_status(case, the_status(case.campaign.script, status_id), date=date, actor=actor)
            return
        others = (each for each in sorted(self.living) if each != event.case)
        related = next((each for each in others if self._plan.campaigns[each] == event.part.name), None)
        related_id = self.living[related] if related is not None else None
        typed = self._answers.typed(event, case, self._rng(event), related_id)
        changes = CaseChanges(answers=typed, status_id=status_id, date=date)
        save_case(case, changes, loaded_version=case.version, actor=actor)

    def _note(self, event: Note, case: Case, actor: AppUser) -> None:
        rng = self._rng(event)
        own = self._stage.stories[event.part.name]["notes"]
        common = phrases(self._stage.language)["notes"]
        add_note(case, rng.choice(own if rng.random() < 0.7 else common), actor=actor)  # noqa: PLR2004 (a share)

    def _attach(self, event: Attach, case: Case, actor: AppUser) -> None:
        rng, words = self._rng(event), phrases(self._stage.language)["files"]
        photo = next(
            (each for each in ready_campaign(event.part.name, "en")["form"]["fields"] if each["kind"] == "file"), None
        )
        if photo is not None:
            file = attach_file(case, f"{words['photo']}.png", BytesIO(picture(rng)), actor=actor)
            answer = {field_id(case.campaign.script.form_id or 0, photo["key"]): [str(file.id)]}
            save_case(case, CaseChanges(answers=answer), loaded_version=case.version, actor=actor)
            return
        title = words[rng.choice(["report", "invoice"])]
        number, day, amount, sample = words["parts"]
        lines = [
            f"{number}: {case.number}",
            f"{day}: {event.at:%Y-%m-%d}",
            f"{amount}: {rng.randrange(50, 3000)} PLN",
            sample,
        ]
        attach_file(case, f"{title} {case.number}.pdf", BytesIO(pdf(title, lines)), actor=actor)

    def _user(self, user_id: int | None) -> AppUser | None:
        return session.get_one(AppUser, user_id) if user_id is not None else None

    def _rng(self, event: Event) -> Random:
        return Random(f"{self._stage.seed}:{event.case}:{event.at.isoformat()}")


def _together(batch: Iterable[Event]) -> Iterator[list[Any]]:
    """Events one by one, but for openings of one campaign at one moment: those are one bulk action of the manager."""
    group: list[Open] = []
    for event in batch:
        joins = (
            bool(group)
            and isinstance(event, Open)
            and event.source is Source.OUTBOUND_CAMPAIGN
            and (event.at, event.part, event.source) == (group[0].at, group[0].part, group[0].source)
            and all(event.contact != other.contact for other in group)
        )
        if group and not joins:
            yield group
            group = []
        if isinstance(event, Open):
            group.append(event)
        else:
            yield [event]
    if group:
        yield group
