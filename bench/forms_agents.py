"""Agents type and save, over HTTP and as the card does, while a manager publishes again and again: nothing is lost.

What each agent has typed last into each field is compared with the database at the end. Hidden fields come back in the
last version, so that what was typed into them before a save can be saved, too, as a card offers it.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from threading import Event
from typing import Any
from uuid import uuid4

import psycopg

from bench.doors import Manager, Visitor
from bench.forms_centre import Centre, Desk
from bench.results import Row
from bench.servers import Servers

AGENTS = {"small": 20, "full": 200}
VERSIONS = {"small": 10, "full": 100}
THINKS = {"small": 1.0, "full": 10.0}
"""Seconds between two steps of an agent, on average: words, then the draft of them, and at every third step a save."""
PAUSE = 1.0
"""Seconds between two publications."""
GROWS_OLD_EVERY = 3
"""At every third version those before it are made older than they are: cards that show one have to be brought up."""
DEAF_EVERY = 5
"""One agent in five hears nothing of new versions but by refusals, and by what they bring."""
LONGEST = 120
SAVE_EVERY = 3
_ANSWER = "answer:"
_WORDS = "klient prosi oddzwoni faktura licznik odczyt taryfa umowa zwrot termin żółw łódź późno źródło kwota".split()
_OF_FIELD = re.compile(r'data-key="([0-9a-f-]{36})" data-kind="(text|long_text)"')
_MOST_TRIES = 20


@dataclass
class Agent:
    """One card that is worked on."""

    visitor: Visitor
    desk: Desk
    random: Random
    is_deaf: bool
    typed: dict[str, str] = field(default_factory=dict)
    """The last text of every field, by id."""
    unsaved: dict[str, str] = field(default_factory=dict)
    """Of that what no save has brought to the server, also where no field is just now."""
    shown: dict[str, Any] = field(default_factory=dict)
    """Versions and audience, as the card knows them."""
    fields: list[str] = field(default_factory=list)
    version: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def open(self) -> None:
        """The page of the card, and what its script knows."""
        self.visitor.look(self._path(""))
        self._ask()

    def works(self, ended: Event, thinks: float) -> None:
        """Type, keep and save until the manager is done; then save what is left."""
        step = 0
        while not ended.wait(self.random.uniform(0.5, 1.5) * thinks):
            step += 1
            if not self.is_deaf and self.random.random() < 0.5:  # noqa: PLR2004
                self._ask()
            self._type()
            self._keep()
            if step % SAVE_EVERY == 0:
                self.save()
        for _try in range(_MOST_TRIES):
            self._ask()
            self.save()
            if not self.unsaved:
                return
        self.counts["could not be saved"] += len(self.unsaved)

    def save(self) -> None:
        """What is typed where a field is; again after the form was brought up to date or what is required filled in."""
        for _try in range(3):
            sent = {key: text for key, text in self.unsaved.items() if key in self.fields}
            if not sent:
                return
            changes = {_ANSWER + key: text for key, text in sent.items()}
            answer = self.visitor.send("POST", self._path("/save"), {
                "loaded_version": self.version, "form_version": self.shown["form_version"], "changes": changes,
            })  # fmt: skip
            self.counts[f"saves answered {answer.status}"] += 1
            if answer.status == 200:  # noqa: PLR2004
                self._saved(sent, answer.json["card"])
                self._keep()
                return
            self._refused(answer.status, answer.json)

    def _type(self) -> None:
        """A few more words in a field or two."""
        for key in self.random.sample(self.fields, min(2, len(self.fields))):
            words = " ".join(self.random.choices(_WORDS, k=3))
            text = f"{self.typed.get(key, '')} {words}".strip()
            self._types(key, text if len(text) <= LONGEST else words)

    def _types(self, key: str, text: str) -> None:
        self.typed[key] = self.unsaved[key] = text

    def _keep(self) -> None:
        """The draft, as the card keeps it; none when nothing is unsaved."""
        content = {_ANSWER + key: text for key, text in self.unsaved.items()}
        if content:
            self.visitor.send("PUT", self._path("/draft"), {"base_version": self.version, "content": content})
        else:
            self.visitor.send("DELETE", self._path("/draft"))

    def _ask(self) -> None:
        """The case as it is now, and its form when it is another one."""
        shown = "&".join(f"{name}={value}" for name, value in self.shown.items())
        answer = self.visitor.send("GET", self._path(f"/state?version={self.version}&{shown}"))
        if answer.status == 200:  # noqa: PLR2004
            self._take(answer.json["card"], answer.json["form"])

    def _take(self, card: dict[str, Any], form: dict[str, Any] | None) -> None:
        self.version = card["version"]
        if form:
            self.counts["forms taken over"] += 1
            self.shown = {name: form[name] for name in ("form_version", "script_version", "audience")}
            self.fields = texts_in(form["fragment"] or "")

    def _saved(self, sent: dict[str, str], card: dict[str, Any]) -> None:
        self._take(card, None)
        for key, text in sent.items():
            if self.unsaved[key] == text:
                del self.unsaved[key]
            if card["values"].get(_ANSWER + key, text) != text:
                self.counts["answered otherwise"] += 1

    def _refused(self, status: int, problem: dict[str, Any]) -> None:
        if status == 422:  # noqa: PLR2004
            for key in problem.get("fields", {}):
                name = key.removeprefix(_ANSWER)
                self._types(name, self.typed.get(name) or self.random.choice(_WORDS))
        elif problem.get("card"):
            self.counts["clashes"] += "clashes" in problem
            self._take(problem["card"], problem.get("form"))
        else:
            self._ask()

    def _path(self, what: str) -> str:
        return f"/cases/{self.desk.number}{what}"


def measure(servers: Servers, centre: Centre, connection: psycopg.Connection[Any], scale: str) -> Iterator[Row]:
    """All rows. The product runs."""
    count, versions = AGENTS[scale], VERSIONS[scale]
    port = servers.settings.port
    manager = Manager(Visitor(port, centre.manager), centre.form_id)
    agents = [
        Agent(Visitor(port, desk.cookie), desk, Random(number), is_deaf=number % DEAF_EVERY == 0)
        for number, desk in enumerate(centre.desks[:count])
    ]
    ended = Event()
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(Agent.open, agents))
        began = time.monotonic()
        working = [pool.submit(agent.works, ended, THINKS[scale]) for agent in agents]
        try:
            _publish(manager, connection, centre.form_id, versions)
        finally:
            ended.set()
        took = time.monotonic() - began
        for each in working:
            each.result()
    counts = sum((agent.counts for agent in agents), Counter[str]())
    statuses = Counter(status for agent in agents for status in agent.visitor.statuses) + Counter(
        manager.visitor.statuses
    )
    lost, texts = differences(_stored(connection, agents), agents)
    name = f"{count} agents, {versions} versions"
    yield Row(f"{name}: answers lost or changed", lost, f"of {texts}", aim="= 0", ok=lost == 0)
    failed = sum(number for status, number in statuses.items() if status >= 500)  # noqa: PLR2004
    yield Row(f"{name}: errors 500", failed, f"of {statuses.total()}", aim="= 0", ok=failed == 0)
    yield Row(f"{name}: the manager took", took, "s")
    for what in sorted(counts):
        yield Row(f"{name}: {what}", counts[what], "")


def texts_in(fragment: str) -> list[str]:
    """Ids of the fields of a rendered form that take a text."""
    return [key for key, _kind in _OF_FIELD.findall(fragment)]


def differences(stored: Mapping[int, Mapping[str, Any]], agents: Sequence[Agent]) -> tuple[int, int]:
    """How many texts are not stored, by case and field, as they were typed last; and how many were typed."""
    texts = [(agent.desk.case_id, key, text) for agent in agents for key, text in agent.typed.items()]
    return sum(stored.get(case_id, {}).get(key) != text for case_id, key, text in texts), len(texts)


def edit(definition: dict[str, Any], random: Random, number: int) -> None:
    """The next of the edits in turn: each makes another form of it, and takes nothing away."""
    _EDITS[number % len(_EDITS)](definition, random, number)


def _publish(manager: Manager, connection: psycopg.Connection[Any], form_id: int, versions: int) -> None:
    definition = manager.definition()
    random = Random(versions)
    for number in range(versions - 1):
        edit(definition, random, number)
        manager.publish(definition)
        if number % GROWS_OLD_EVERY == 0:
            connection.execute(
                "UPDATE form_versions SET superseded_at = superseded_at - interval '2 minutes' "
                "WHERE form_id = %s AND superseded_at > now() - interval '90 seconds'",
                [form_id],
            )
        time.sleep(PAUSE)
    for each in definition["fields"]:
        each["hidden"] = each["required_to_save"] = False
    definition["fields"][0]["title"] = "All again"
    manager.publish(definition)


def _some(definition: dict[str, Any], random: Random, **settings: Any) -> dict[str, Any]:
    """A text that is like this."""
    fits = [
        each
        for each in definition["fields"]
        if each["kind"] == "text" and all(each[name] == value for name, value in settings.items())
    ]
    found: dict[str, Any] = random.choice(fits or definition["fields"][:1])
    return found


def _rename(definition: dict[str, Any], random: Random, number: int) -> None:
    _some(definition, random, hidden=False)["title"] = f"Renamed {number}"


def _add(definition: dict[str, Any], random: Random, number: int) -> None:
    like = _some(definition, random, hidden=False)
    fresh = {**like, "id": str(uuid4()), "title": f"Added {number}", "required_to_save": False}
    definition["fields"].insert(random.randrange(len(definition["fields"])), fresh)


def _hide(definition: dict[str, Any], random: Random, _number: int) -> None:
    _some(definition, random, hidden=False)["hidden"] = True


def _show(definition: dict[str, Any], random: Random, number: int) -> None:
    shown = _some(definition, random, hidden=True)
    shown["hidden"], shown["title"] = False, f"Shown {number}"


def _reorder(definition: dict[str, Any], random: Random, number: int) -> None:
    random.shuffle(definition["fields"])
    definition["fields"][0]["title"] = f"First {number}"


def _require(definition: dict[str, Any], random: Random, number: int) -> None:
    required = _some(definition, random, hidden=False, required_to_save=False)
    required["required_to_save"], required["title"] = True, f"Required {number}"


_EDITS = (_rename, _hide, _add, _reorder, _require, _show, _hide)


def _stored(connection: psycopg.Connection[Any], agents: Sequence[Agent]) -> dict[int, dict[str, Any]]:
    rows = connection.execute(
        "SELECT case_id, document FROM case_answers WHERE case_id = ANY(%s)", [[agent.desk.case_id for agent in agents]]
    )
    return dict(rows.fetchall())
