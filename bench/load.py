"""Fills an empty database with a call centre of a given size, by INSERT … SELECT, in minutes instead of hours.

Every value comes from fixed arithmetic on the row number, so two runs measure the same rows. Names and numbers are
invented. Secondary indexes are built once behind the rows: that is how a database of this size is loaded, and the
measured pages see the same indexes either way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Size:
    """How much there is."""

    contacts: int
    cases: int
    campaigns: int = 20
    users: int = 50


SIZES = {"small": Size(10_000, 100_000), "full": Size(100_000, 1_000_000)}

FIRST_NAMES = (
    "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Elżbieta Zofia Łucja Halina Żaneta Piotr Krzysztof Andrzej "
    "Tomasz Paweł Michał Marcin Jakub Łukasz Stanisław Grzegorz Józef Wojciech Zbigniew Ryszard Sławomir Mariusz Jerzy"
).split()
LAST_STEMS = (
    "Nowak Kowal Wiśniew Wójcik Kamiń Lewandow Zieliń Szymań Woźniak Dąbrow Kozłow Jankow Mazur Kwiatkow Krawczyk "
    "Kaczmarek Piotrow Grabow Pawłow Michal Zając Król Wieczorek Jabłoń Wróbel Nowic Majew Olszew Stępień Malinow "
    "Jawor Adamczyk Dudek Nowakow Pawlak Górsk Witkow Sikora Walczak Baran Rutkow Ostrow Tomaszew Pietrzak Zalew"
).split()
LAST_ENDINGS = ("ski", "czyk", "ak", "owicz", "ek", "ewski", "arz", "a")
CAMPAIGNS = (
    "Reklamacje rozliczeń|Infolinia ogólna|Fotowoltaika 2026|Windykacja polubowna|Ankieta satysfakcji|Umowy terminowe|"
    "Serwis liczników|Przeglądy gwarancyjne|Dostawy i zwroty|Rejestracja pacjentów|Szkolenia zawodowe|"
    "Ubezpieczenia domu|Internet światłowodowy|Karta stałego klienta|Leasing maszyn|Rezerwacje hoteli|"
    "Zbiórka darowizn|Odnowienia polis|Sklep internetowy|Badanie rynku"
).split("|")
STATUSES = (
    # name, kind, share of the cases in per mille
    ("Nieużyty", "unused", 60),
    ("Nowa", "new", 30),
    ("Przyjęta", "taken", 15),
    ("W realizacji", "in_progress", 45),
    ("Oczekuje na klienta", "awaiting_customer", 40),
    ("Odłożona", "postponed", 20),
    ("Oddzwonić, prywatne", "private_callback", 15),
    ("Oddzwonić, każdy", "public_callback", 15),
    ("Umowa podpisana", "success", 160),
    ("Zamknięta", "closed", 600),
)
SUBJECTS = (
    "Zawyżony rachunek po wymianie licznika|Błędny odczyt licznika|Brak faktury za ostatni miesiąc|Zmiana taryfy|"
    "Prośba o kontakt przed południem|Zwrot nadpłaty na rachunek|Pytanie o fakturę elektroniczną|Awaria u klienta"
).split("|")
DAYS = 730
ANSWERED_EVERY = 5
"""One case in five has answers."""
FIELDS = {
    "choice": "0b8e1d52-5a1b-4b8e-9f3e-52d1c0a6f101",
    "amount": "0b8e1d52-5a1b-4b8e-9f3e-52d1c0a6f102",
    "visit": "0b8e1d52-5a1b-4b8e-9f3e-52d1c0a6f103",
}
CHOICES = ("meter", "tariff", "payment", "delivery")

_IS_CURRENT = "s.kind NOT IN ('closed', 'success', 'cancel_success', 'merged', 'postponed')"
# A cheap hash of the row number, spread over 0 … 2³¹: the same rows in every run, without visible patterns.
_HASH = "((hashint8(n * 2654435761 + {salt})::bigint) & 2147483647)"


def load(connection: psycopg.Connection[Any], size: Size) -> None:
    """Write everything; the database has its tables and no rows of campaigns, contacts or cases."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")  # keys are right by construction
        connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        _people_and_campaigns(connection, size)
        with _indexes_behind(connection, "contacts", "contact_phones", "contact_emails"):
            _contacts(connection, size)
        with _indexes_behind(connection, "cases"):
            _cases(connection, size)
        with _indexes_behind(connection, "case_reads", "case_answers", "answers"):
            _reads_and_answers(connection)
    connection.execute("VACUUM ANALYZE")


@contextmanager
def _indexes_behind(connection: psycopg.Connection[Any], *tables: str) -> Iterator[None]:
    """Drop the indexes of the tables that no constraint needs, and build them again behind the rows."""
    found = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique",
        [list(tables)],
    ).fetchall()
    for name, _ in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    for _, definition in found:
        connection.execute(definition)


def _people_and_campaigns(connection: psycopg.Connection[Any], size: Size) -> None:
    connection.execute(
        "INSERT INTO ab_user (id, first_name, last_name, username, password, active, email, created_on, changed_on) "
        "SELECT 1000 + n, (%(first)s::text[])[1 + n %% %(firsts)s], (%(stems)s::text[])[1 + n %% %(stem_count)s], "
        "'bench' || n, '', true, 'bench' || n || '@example.com', now(), now() FROM generate_series(1, %(users)s) n",
        {
            "first": FIRST_NAMES, "firsts": len(FIRST_NAMES), "stems": LAST_STEMS, "stem_count": len(LAST_STEMS),
            "users": size.users,
        },
    )  # fmt: skip
    connection.execute(
        "INSERT INTO scripts (id, name) OVERRIDING SYSTEM VALUE SELECT n, 'Skrypt ' || n FROM generate_series(1, %s) n",
        [size.campaigns],
    )
    connection.execute(
        "INSERT INTO statuses (id, script_id, name, kind, position, is_initial) OVERRIDING SYSTEM VALUE "
        "SELECT (c - 1) * %(count)s + s.place, c, s.name, s.kind, s.place, s.place = 1 "
        "FROM generate_series(1, %(campaigns)s) c, "
        "unnest(%(names)s::text[], %(kinds)s::text[]) WITH ORDINALITY AS s(name, kind, place)",
        {
            "count": len(STATUSES),
            "campaigns": size.campaigns,
            "names": [name for name, _, _ in STATUSES],
            "kinds": [kind for _, kind, _ in STATUSES],
        },
    )
    connection.execute(
        "INSERT INTO campaigns (id, name, script_id, agents_see_own_only) OVERRIDING SYSTEM VALUE "
        "SELECT n, (%(names)s::text[])[n], n, n %% 5 = 0 FROM generate_series(1, %(campaigns)s) n",
        {"names": CAMPAIGNS, "campaigns": size.campaigns},
    )
    # Every user works in five campaigns; one in ten of them in all.
    connection.execute(
        "INSERT INTO campaign_users (campaign_id, user_id) SELECT c, 1000 + n "
        "FROM generate_series(1, %(users)s) n, generate_series(1, %(campaigns)s) c "
        "WHERE n %% 10 = 0 OR (c + n) %% 4 = 0",
        {"users": size.users, "campaigns": size.campaigns},
    )
    _raise_identity(connection, "scripts", "statuses", "campaigns")
    connection.execute("SELECT setval(pg_get_serial_sequence('ab_user', 'id'), (SELECT max(id) FROM ab_user))")


def _contacts(connection: psycopg.Connection[Any], size: Size) -> None:
    connection.execute(
        f"""
        INSERT INTO contacts (id, number, kind, first_name, last_name, name, custom, tags) OVERRIDING SYSTEM VALUE
        SELECT n, 10000 + n, 'person', first, last, first || ' ' || last,
            jsonb_build_object('tariff', 'C' || 11 + n %% 3), '{{}}'
        FROM (
            SELECT n, (%(first)s::text[])[1 + {_HASH.format(salt=1)} %% %(firsts)s] AS first,
                (%(stems)s::text[])[1 + {_HASH.format(salt=2)} %% %(stem_count)s]
                || (%(endings)s::text[])[1 + {_HASH.format(salt=3)} %% %(ending_count)s] AS last
            FROM generate_series(1, %(contacts)s) n
        ) AS people
        """,  # noqa: S608  (our own arithmetic)
        {
            "first": FIRST_NAMES, "firsts": len(FIRST_NAMES), "stems": LAST_STEMS, "stem_count": len(LAST_STEMS),
            "endings": list(LAST_ENDINGS), "ending_count": len(LAST_ENDINGS), "contacts": size.contacts,
        },
    )  # fmt: skip
    connection.execute(
        "INSERT INTO contact_phones (contact_id, number, label) "
        "SELECT n, '+48' || 500100000 + n, '' FROM generate_series(1, %s) n",
        [size.contacts],
    )
    connection.execute(
        "INSERT INTO contact_emails (contact_id, address, label) "
        "SELECT n, 'person' || n || '@example.com', '' FROM generate_series(1, %s) n WHERE n %% 2 = 0",
        [size.contacts],
    )
    _raise_identity(connection, "contacts")
    connection.execute("SELECT setval('contact_number_seq', (SELECT max(number) FROM contacts))")


def _cases(connection: psycopg.Connection[Any], size: Size) -> None:
    """Campaigns by a square law (the largest has over a fifth); two thirds of the cases are closed."""
    bounds = [sum(share for _, _, share in STATUSES[: place + 1]) for place in range(len(STATUSES))]
    connection.execute(
        f"""
        INSERT INTO cases (id, number, contact_id, campaign_id, status_id, is_current, owner_id, source, subject,
            created_at, touched_at, status_at, due_at, closed_at) OVERRIDING SYSTEM VALUE
        SELECT n, 100000 + n, contact_id, campaign_id, s.id, {_IS_CURRENT},
            CASE WHEN s.kind = 'unused' OR (s.kind = 'new' AND n %% 3 > 0) THEN NULL ELSE 1001 + owner END,
            (ARRAY['outbound_campaign', 'inbound_call', 'email', 'web_form', 'sms'])[1 + n %% 5],
            CASE WHEN n %% 5 = 0 THEN (%(subjects)s::text[])[1 + n / 5 %% %(subject_count)s]
                ELSE c.name || ' (' || g.name || ')' END,
            created, least(created + handled, now()), least(created + handled, now()),
            CASE WHEN {_IS_CURRENT} AND n %% 2 = 0 OR s.kind = 'postponed'
                THEN now() + make_interval(hours => (n %% 400)::int - 40) END,
            CASE WHEN s.kind IN ('closed', 'success') THEN least(created + handled, now()) END
        FROM (
            SELECT n, 1 + {_HASH.format(salt=4)} %% %(contacts)s AS contact_id,
                1 + floor(%(campaigns)s * power({_HASH.format(salt=5)} / 2147483648.0, 2))::int AS campaign_id,
                width_bucket({_HASH.format(salt=6)} %% 1000, %(bounds)s::bigint[]) AS status,
                {_HASH.format(salt=7)} %% %(users)s AS owner,
                now() - make_interval(secs => (%(cases)s - n) * 86400.0 * %(days)s / %(cases)s) AS created,
                make_interval(secs => {_HASH.format(salt=8)} %% 1209600) AS handled
            FROM generate_series(1, %(cases)s) n
        ) AS spread
        JOIN campaigns g ON g.id = campaign_id
        JOIN statuses s ON s.id = (campaign_id - 1) * %(status_count)s + status + 1
        JOIN contacts c ON c.id = contact_id
        """,  # noqa: S608  (our own arithmetic)
        {
            "subjects": SUBJECTS, "subject_count": len(SUBJECTS), "contacts": size.contacts, "bounds": bounds,
            "campaigns": size.campaigns, "users": size.users, "cases": size.cases, "days": DAYS,
            "status_count": len(STATUSES),
        },
    )  # fmt: skip
    _raise_identity(connection, "cases")
    connection.execute("SELECT setval('case_number_seq', (SELECT max(number) FROM cases))")


def _reads_and_answers(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "INSERT INTO case_reads (user_id, case_id, read_at) SELECT owner_id, id, touched_at + interval '1 hour' "
        "FROM cases WHERE owner_id IS NOT NULL AND id % 4 > 0"
    )
    connection.execute(
        "INSERT INTO case_answers (case_id, document) SELECT id, jsonb_build_object("
        "%(choice)s::text, (%(choices)s::text[])[1 + id %% 4], %(amount)s::text, id %% 5000, "
        "%(visit)s::text, to_char(created_at, 'YYYY-MM-DD')) FROM cases WHERE id %% %(every)s = 0",
        {**FIELDS, "choices": list(CHOICES), "every": ANSWERED_EVERY},
    )
    connection.execute(
        "INSERT INTO answers (case_id, field_id, words, number, moment) "
        "SELECT case_id, %(choice)s::text::uuid, document ->> %(choice)s::text, NULL, NULL::timestamptz "
        "FROM case_answers "
        "UNION ALL SELECT case_id, %(amount)s::text::uuid, NULL, (document ->> %(amount)s::text)::numeric, NULL "
        "FROM case_answers "
        "UNION ALL SELECT case_id, %(visit)s::text::uuid, NULL, NULL, (document ->> %(visit)s::text)::date "
        "FROM case_answers",
        FIELDS,
    )


def _raise_identity(connection: psycopg.Connection[Any], *tables: str) -> None:
    for table in tables:
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
                sql.Literal(table), sql.Identifier(table)
            )
        )
