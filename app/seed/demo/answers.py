"""What agents of the demo type into forms: as people would type it, so that the form checks it like theirs."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from app.models import Case, Contact
from app.models.contacts import ContactKind
from app.seed.demo.invented import a_pesel, an_iban, an_id_card, another_phone, regon_of
from app.seed.demo.plan import Move
from app.seed.demo.stage import Stage
from app.seed.demo.working_time import HOME
from app.seed.gallery import field_id, ready_campaign

_NPS = (1, 1, 1, 1, 2, 3, 4, 9, 20, 26, 32)
"""How often each answer from 0 to 10 is given."""
_STARS = (1, 2, 4, 6, 5)
_SHARE_FILLED = 0.65


class Answers:
    """Types answers for the cases of one stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._fields: dict[str, list[Mapping[str, Any]]] = {
            part.name: [each for each in ready_campaign(part.name, stage.language)["form"]["fields"] if "key" in each]
            for part in stage.campaigns
        }

    def typed(self, move: Move, case: Case, rng: Random, related: int | None) -> dict[str, str | list[str]]:
        """Answers by field id. `related` is another case of the campaign."""
        form_id = case.campaign.script.form_id
        story = self._stage.stories[move.part.name]["answers"]
        answers: dict[str, str | list[str]] = {}
        for field in self._fields[move.part.name] if form_id else ():
            if "required" not in field and rng.random() > _SHARE_FILLED:
                continue
            if field["kind"] in {"text", "long_text", "web_address"}:
                text: str | list[str] | None = rng.choice(story[field["key"]]) if field["key"] in story else None
            elif field["kind"] == "case_look_up":
                text = str(related) if related and rng.random() < 0.1 else None  # noqa: PLR2004
            else:
                text = self._value(field, move, case.contact, rng)
            if text:
                answers[field_id(form_id or 0, field["key"])] = text
        return answers

    def _value(  # noqa: C901, PLR0911 (one for each kind)
        self, field: Mapping[str, Any], move: Move, contact: Contact, rng: Random
    ) -> str | list[str] | None:
        day = (move.at + timedelta(days=rng.randrange(-20, 21))).astimezone(HOME)
        match field["kind"]:
            case "single_choice":
                return f"choice-{rng.randrange(len(field['choices'])) + 1}"
            case "multiple_choice":
                count = len(field["choices"])
                return [f"choice-{place + 1}" for place in sorted(rng.sample(range(count), rng.randrange(1, count)))]
            case "rating":
                return str(
                    rng.choices(range(11), _NPS)[0] if field["scale"] == "nps" else rng.choices(range(1, 6), _STARS)[0]
                )
            case "number":
                return str(rng.randrange(30, 180) if field["key"] == "area" else rng.randrange(1500, 9000))
            case "money":
                return f"{rng.randrange(40, 3000)}.{rng.randrange(100):02}"
            case "percent":
                return str(rng.randrange(2, 60))
            case "date":
                return f"{day:%Y-%m-%d}"
            case "time":
                return f"{rng.randrange(8, 18):02}:{rng.choice(['00', '15', '30', '45'])}"
            case "date_time":
                return f"{day:%Y-%m-%d} {rng.randrange(8, 18):02}:30"
            case "yes_no":
                return rng.choice(["yes", "no"])
            case _:
                return _identifier(field["kind"], contact, rng)


def _identifier(kind: str, contact: Contact, rng: Random) -> str | None:  # noqa: PLR0911 (one for each kind)
    """What is a number or an address of the contact."""
    match kind:
        case "iban":
            return an_iban(rng)
        case "pesel":
            return a_pesel(rng)
        case "id_card":
            return an_id_card(rng)
        case "nip":
            return contact.tax_number
        case "regon":
            return regon_of(contact.id) if contact.tax_number else None
        case "phone":
            return another_phone(rng)
        case "email":
            return contact.emails[0].address if contact.emails else None
        case "contact_look_up":
            return str(contact.id) if contact.kind is ContactKind.PERSON else None
        case _:
            return None
