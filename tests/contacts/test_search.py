"""Finding contacts by whatever somebody remembers of them, and never by the wrong index."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from app.contacts.changing import create_contact
from app.contacts.listing import ContactQuery, Cursor, Sort, contact_page, parameters_of, query_from
from app.contacts.search import search_cases, search_contacts
from app.contacts.similar import similar_contacts
from app.contacts.values import Address, ContactValues, Email, Phone
from app.core.db import transaction
from app.models.contacts import ContactKind
from tests.factories import a_user


@pytest.fixture
def people(session, manager):
    with transaction():
        for values in (
            ContactValues(
                first_name="Świętosława",
                last_name="Brzęczyszczykiewicz",
                phones=(Phone("500 100 401"), Phone("22 555 12 34")),
                emails=(Email("Swieta@Example.com"),),
                addresses=(Address("Żwirowa 5", "90-001", "Łódź"),),
                external_key="AB/17",
            ),
            ContactValues(kind=ContactKind.COMPANY, company_name="Łąka S.A.", tax_number="526-10-40-828"),
            ContactValues(last_name="100% Bawełny"),
        ):
            create_contact(values, actor=manager)
    return manager


@pytest.mark.parametrize(
    "typed",
    [
        "świętosława", "SWIETOSLAWA", "brzeczy", "brze swie", "szczyk", "500100401", "500 100 401", "+48 500-100-401",
        "0048500100401", "100401", "(22) 555", "022 555 12", "swieta@example.com", "swieta@", "example.c", "zwirowa 5",
        "lodz", "90-001 łódź", "AB/17", "św", "SW",
    ],
)  # fmt: skip
def test_a_person_is_found_by(people, typed):
    assert [contact.last_name for contact in search_contacts(typed, user=people)][:1] == ["Brzęczyszczykiewicz"]


def test_numbers_of_the_contact_and_of_the_taxes_are_found_whole(people):
    company = search_contacts("5261040828", user=people)[0]
    assert company.company_name == "Łąka S.A."
    for typed in (f"K-{company.number}", f"k{company.number}", str(company.number)):
        assert [contact.id for contact in search_contacts(typed, user=people)] == [company.id]


@pytest.mark.parametrize(
    "typed", ["", "  ", "%", "_", "\0", "%%%", "500 100 499", "nobody at all", "K-", "'; DROP", "9" * 60]
)
def test_what_fits_nobody_finds_nobody(people, typed):
    assert search_contacts(typed, user=people) == []
    assert search_cases(typed, user=people) == []


def test_a_sign_that_means_anything_in_sql_means_itself(people):
    assert [contact.last_name for contact in search_contacts("100% b", user=people)] == ["100% Bawełny"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.text(max_size=30))
def test_any_text_can_be_searched_for(people, typed):
    search_contacts(typed, user=people)
    search_cases(typed, user=people)


def test_nobody_finds_what_they_may_not_see(people):
    assert search_contacts("brzeczy", user=a_user("agent")) == []
    values = ContactValues(last_name="Inna", phones=(Phone("500100401"),))
    assert similar_contacts(values, user=a_user("agent")) == []
    assert len(similar_contacts(values, user=people)) == 1


def test_a_name_with_another_ending_or_a_typing_error_is_told_to_be_like_one_that_is_known(people):
    for first, last in (("Świętosława", "Brzęczyszczykiewiczowa"), ("Swietoslawa", "Brzeczyszczykiewic")):
        found = similar_contacts(ContactValues(first_name=first, last_name=last), user=people)
        assert [one.contact.last_name for one in found] == ["Brzęczyszczykiewicz"]
    assert similar_contacts(ContactValues(first_name="Ewa", last_name="Brzęczyszczykiewicz"), user=people) == []


def test_many_rows_are_searched_through_indexes_only(session, people):
    session.execute(
        sql(
            "INSERT INTO contacts (kind, last_name, name) "
            "SELECT 'person', 'Zalewski' || n, 'Zalewski' || n FROM generate_series(1, 20000) n"
        )
    )
    session.execute(
        sql(
            "INSERT INTO contact_phones (contact_id, number) "
            "SELECT id, '+48510' || lpad(id::text, 6, '0') FROM contacts"
        )
    )
    session.commit()
    session.execute(sql("ANALYZE contacts, contact_phones, contact_emails, contact_addresses, cases"))
    plans = []
    connection = session.connection()

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith("SELECT contacts.id, contacts.number, contacts.folded"):
            plans.append((statement, parameters))

    from sqlalchemy import event  # noqa: PLC0415

    event.listen(connection, "before_cursor_execute", note)
    for typed in ("zalewski123", "510012345", "zw", "swieta@example.com", "K-10001"):
        search_contacts(typed, user=people)
    event.remove(connection, "before_cursor_execute", note)
    assert len(plans) == 5
    for statement, parameters in plans:
        plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters))
        for table in ("contacts", "contact_phones"):
            assert f"Seq Scan on {table}" not in plan, plan


@given(
    st.builds(
        ContactQuery,
        text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs", "Zs", "Cc"]), max_size=20),
        tag=st.sampled_from(["", "vip"]),
        owner=st.sampled_from(["", "nobody", "12"]),
        kind=st.sampled_from([None, *ContactKind]),
        has_open_case=st.sampled_from([None, True, False]),
        import_id=st.sampled_from([None, 3]),
        sort=st.sampled_from(Sort),
        descending=st.booleans(),
        columns=st.sampled_from([(), ("phone", "custom.meter")]),
        cursor=st.one_of(st.none(), st.builds(Cursor, st.text(max_size=9), st.integers(0, 9), st.booleans())),
    )
)
def test_a_list_is_read_back_from_its_address(query):
    address = {name: [value] for name, value in parameters_of(query).items()}
    assert query_from(address) == query


def test_filters_narrow_the_list(people):
    def names(**filters):
        return {contact.name for contact in contact_page(ContactQuery(**filters), user=people).rows}

    assert len(names()) == 3
    assert names(kind=ContactKind.COMPANY) == {"Łąka S.A."}
    assert names(text="lodz") == {"Świętosława Brzęczyszczykiewicz"}
    assert names(has_open_case=True) == set()
    assert len(names(owner="nobody", has_open_case=False)) == 3
