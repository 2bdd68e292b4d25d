"""Doing what is planned, through the verbs that people use, with the clock stopped at the moment of the plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.cases.events import CasesOpened
from app.cases.notes import add_note, attach_file
from app.cases.opening import open_case, open_many
from app.cases.ownership import open_card
from app.cases.saving import CaseChanges, save_case
from app.cases.status import change_status
from app.core import clock
from app.core.announce import announce, forget
from app.core.db import session
from app.core.errors import SplotError
from app.models import AppUser, Campaign, Case, Contact, Script, Work
from app.models.campaigns import DuplicateRule
from app.models.cases import Source
from app.scripts.editing import the_status
from app.scripts.rules import When
from app.seed.demo.answers import Answers
from app.seed.demo.papers import pdf, picture
from app.seed.demo.plan import Attach, Event, Look, Move, Note, Open
from app.seed.demo.stage import Stage
from app.seed.demo.words import phrases
from app.seed.demo.working_time import HOME
from app.seed.gallery import field_id, ready_campaign
from app.work.rows import add_refusal


class Acting:
    """Does the events of whole lives, one batch at a time."""

    def __init__(self, stage: Stage, contacts: Mapping[int, int]) -> None:
        self._stage = stage
        self._contacts = contacts
        """Ids of contacts by their place."""
        self._cases: dict[int, Case] = {}
        """The cases of this batch by their place."""
        self._answers = Answers(stage)
        self._doing: Mapping[type[Event], Callable[[Any, Case, AppUser], None]] = {
            Look: self._look, Move: self._move, Note: self._note, Attach: self._attach,
        }  # fmt: skip

    def perform(self, batch: Sequence[Event], work: Work, *, carefully: bool = False) -> int:
        """Do these events in the present transaction; how many cases were opened.

        A verb may refuse, because people have changed the campaign meanwhile: `carefully` leaves that event out and
        notes it with the work, at the price of a savepoint for each; otherwise SplotError is raised.
        """
        loaded = self._load(batch)
        for group in _together(batch):
            # What is told of the cases is written together, when a row needs its id and at the end.
            with clock.stopped_at(group[0].at), session.no_autoflush:
                if carefully:
                    self._try(group, work)
                else:
                    self._act(group)
        loaded.clear()
        self._announce_together()
        return len(self._cases)

    def _load(self, batch: Sequence[Event]) -> list[Any]:
        """The rows that the batch needs, kept until its end: the session holds rows weakly and would ask again."""
        scripts = selectinload(Campaign.script)
        whole = (scripts.selectinload(Script.statuses), scripts.selectinload(Script.form))
        campaigns = select(Campaign).where(Campaign.id.in_([part.id for part in self._stage.campaigns]))
        contacts = {self._contacts[event.contact] for event in batch if isinstance(event, Open)}
        users = {event.actor for event in batch if event.actor is not None}
        return [
            *session.scalars(campaigns.options(*whole)),
            *session.scalars(select(AppUser).where(AppUser.id.in_(users))),
            *session.scalars(select(Contact).where(Contact.id.in_(contacts))),
        ]

    def _announce_together(self) -> None:
        """One hint for the new cases of a campaign: no screen need hear each step of a past that is told in seconds."""
        forget()
        by_campaign: dict[int, list[int]] = {}
        for case in self._cases.values():
            by_campaign.setdefault(case.campaign_id, []).append(case.id)
        for campaign_id, case_ids in by_campaign.items():
            announce(CasesOpened(case_ids=tuple(case_ids), campaign_id=campaign_id))

    def _try(self, group: Sequence[Any], work: Work) -> None:
        try:
            with session.begin_nested():
                self._act(group)
        except SplotError as error:
            add_refusal(work, f"{type(group[0]).__name__} {group[0].case}", error.message)

    def _act(self, group: Sequence[Any]) -> None:
        first = group[0]
        actor = self._user(first.actor)
        if isinstance(first, Open):
            self._open(group, actor)
        elif actor is not None and first.case in self._cases:
            self._doing[type(first)](first, self._cases[first.case], actor)

    def _open(self, group: Sequence[Open], actor: AppUser | None) -> None:
        first = group[0]
        campaign = session.get_one(Campaign, first.part.id)
        if first.source is not Source.OUTBOUND_CAMPAIGN:
            contact = session.get_one(Contact, self._contacts[first.contact])
            owner = self._user(first.owner)
            self._cases[first.case] = open_case(contact, campaign, source=first.source, owner=owner, actor=actor)
            return
        many = open_many(
            [self._contacts[event.contact] for event in group],
            campaign,
            source=first.source,
            owners=[event.owner for event in group],
            rule=DuplicateRule.CREATE,
            actor=actor,
        )
        rows = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(many.case_ids)))}
        self._cases |= {event.case: rows[case_id] for event, case_id in zip(group, many.case_ids, strict=True)}

    def _look(self, _event: Look, case: Case, actor: AppUser) -> None:
        open_card(case, actor=actor)

    def _move(self, event: Move, case: Case, actor: AppUser) -> None:
        date = When(event.until.astimezone(HOME).replace(tzinfo=None), str(HOME)) if event.until else None
        status_id = event.part.statuses[event.status]
        if not event.fills_in:
            change_status(case, the_status(case.campaign.script, status_id), date=date, actor=actor)
            return
        others = (each.id for each in self._cases.values() if each.campaign_id == case.campaign_id and each is not case)
        typed = self._answers.typed(event, case, self._rng(event), next(others, None))
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
