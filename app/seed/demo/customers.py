"""Contacts of the demo: four persons to a company, one of them working there. Written as an import writes them."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.contacts.checking import checked
from app.contacts.fields import field_rules
from app.contacts.values import Address, ContactValues, Email, Phone
from app.contacts.writing import Staged, new_ids, write_contacts
from app.core import clock
from app.core.db import session
from app.core.text import fold
from app.models import AppUser, Contact
from app.models.contacts import ContactKind
from app.seed.demo.invented import another_phone, nip_of, phone_of
from app.seed.demo.words import names, phrases

GROUP = 5
"""A company, somebody who works there, and three others."""
AT_ONCE = 500
_KEY = "DEMO-"
_FIRST_DAY, _STEP = timedelta(days=96), timedelta(days=10)
_EARLY_SHARE = 0.6
"""Of the contacts, before the 90 days begin; the others come every ten days."""


def is_company(contact: int) -> bool:
    """Whether the contact in that place is a company."""
    return contact % GROUP == 0


def known_at(moment: datetime, *, total: int, now: datetime) -> int:
    """How many of the contacts there are at that moment: a multiple of GROUP."""
    steps = max(0, (moment - (now - _FIRST_DAY)) // _STEP)
    share = min(1.0, _EARLY_SHARE + (1 - _EARLY_SHARE) * steps / (_FIRST_DAY // _STEP))
    return max(GROUP, int(total * share) // GROUP * GROUP)


def comes_at(contact: int, *, total: int, now: datetime) -> datetime:
    """When the contact in that place is made: the first of the steps at which it is known."""
    moment = now - _FIRST_DAY
    while moment < now - _STEP and known_at(moment, total=total, now=now) <= contact:
        moment += _STEP
    return moment - timedelta(hours=1)


def write_customers(
    first: int, end: int, *, seed: int, language: str, total: int, now: datetime, actor: AppUser
) -> None:
    """The contacts from place `first` to before `end`, both multiples of GROUP."""
    rules = field_rules()
    staged: list[Staged] = []
    for contact, contact_id in zip(range(first, end), new_ids(end - first), strict=True):
        company = staged[contact - first - 1].id if contact % GROUP == 1 else None
        values = _values(contact, Random(f"{seed}:contact:{contact}"), language, now, company)
        staged.append(Staged(contact_id, 0, 1, checked(values, rules)))
    by_moment: dict[datetime, list[Staged]] = {}
    for contact, one in enumerate(staged, first):
        by_moment.setdefault(comes_at(contact, total=total, now=now), []).append(one)
    for moment, group in by_moment.items():
        with clock.stopped_at(moment):
            write_contacts(group, actor=actor, action_origin="demo")


def customer_ids(total: int) -> dict[int, int]:
    """Ids of the contacts by their place."""
    keys = [_key(contact) for contact in range(total)]
    rows = session.execute(select(Contact.external_key, Contact.id).where(Contact.external_key.in_(keys)))
    return {int(key.removeprefix(_KEY)): contact_id for key, contact_id in rows}


def _key(contact: int) -> str:
    return f"{_KEY}{contact:05}"


def _values(contact: int, rng: Random, language: str, now: datetime, company: int | None) -> ContactValues:
    custom = {
        "segment": rng.choice(phrases(language)["segments"]),
        "customer_since": str(date(now.year - rng.randrange(1, 15), rng.randrange(1, 13), rng.randrange(1, 29))),
    }
    if rng.random() < 0.4:  # noqa: PLR2004 (a share)
        custom["e_invoice"] = rng.choice(["yes", "no"])
    kind = "company" if is_company(contact) else "person"
    same: dict[str, Any] = {
        "external_key": _key(contact),
        "custom": custom,
        "tags": tuple(rng.sample(phrases(language)["tags"][kind], k=rng.choice([0, 0, 1, 1, 2]))),
        "addresses": (_address(rng),) if rng.random() < 0.9 else (),  # noqa: PLR2004
        "phones": _phones(contact, rng, language),
    }
    if kind == "company":
        name = _company_name(rng)
        mail = Email(f"biuro.{_plain(name)[:30]}.{contact}@example.com")
        return ContactValues(
            kind=ContactKind.COMPANY, company_name=name, tax_number=nip_of(contact), emails=(mail,), **same
        )
    first_name, last_name = _person_name(rng)
    address = f"{_plain(first_name)}.{_plain(last_name)}.{contact}@example.com"
    emails = (Email(address),) if rng.random() < 0.8 else ()  # noqa: PLR2004
    return ContactValues(first_name=first_name, last_name=last_name, company_id=company, emails=emails, **same)


def _person_name(rng: Random) -> tuple[str, str]:
    is_woman = rng.random() < 0.52  # noqa: PLR2004
    first_name = rng.choice(names()["women" if is_woman else "men"])
    if rng.random() < 0.45:  # noqa: PLR2004
        return first_name, rng.choice(names()["nouns"])
    surname = rng.choice(names()["adjectives"])
    return first_name, f"{surname[:-1]}a" if is_woman else surname


def _company_name(rng: Random) -> str:
    parts = (rng.choice(names()[part]) for part in ("company_trades", "company_words", "company_forms"))
    return " ".join(part for part in parts if part)


def _address(rng: Random) -> Address:
    city, zone = rng.choice(names()["cities"])
    flat = f"/{rng.randrange(1, 60)}" if rng.random() < 0.6 else ""  # noqa: PLR2004
    return Address(
        street=f"ul. {rng.choice(names()['streets'])} {rng.randrange(1, 120)}{flat}",
        postal_code=f"{zone}-{rng.randrange(1, 1000):03}",
        city=city,
    )


def _phones(contact: int, rng: Random, language: str) -> tuple[Phone, ...]:
    labels = phrases(language)["phone_labels"]
    first = Phone(phone_of(contact), labels[0])
    return (first, Phone(another_phone(rng), labels[1])) if rng.random() < 0.2 else (first,)  # noqa: PLR2004


def _plain(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isascii() and sign.isalnum())
