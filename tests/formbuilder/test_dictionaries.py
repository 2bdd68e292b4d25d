import pytest
from sqlalchemy import select

from app.cases.answers import Finder, document_of
from app.cases.entries import entries_offered
from app.cases.saving import CaseChanges, save_case
from app.core.db import session as rows
from app.core.errors import Conflict, Invalid, NotFound
from app.formbuilder.dictionaries import (
    add_dictionary,
    add_entry,
    change_dictionary,
    import_entries,
    move_entry,
    rename_entry,
    sort_entries,
    turn_entry,
)
from app.formbuilder.entries import dictionary_named, search_entries
from app.formbuilder.field_types.references import DictionaryConfig
from app.formbuilder.registry import answer_type
from app.models import Answer, DictionaryEntry, HistoryEntry
from tests.factories import a_campaign, a_field, a_form, a_user, a_working_script, an_open_case, signed_in, token
from tests.formbuilder.form_samples import make_field
from tests.statements import statements


@pytest.fixture
def towns(session):
    """Three towns, in this order."""
    dictionary = add_dictionary("Towns", actor=None)
    for code, title in (("LDZ", "Łódź"), ("WAW", "Warszawa"), ("POZ", "Poznań")):
        add_entry(dictionary, title, code, actor=None)
    return dictionary


def titles(dictionary, words=""):
    return [entry.title for entry in search_entries(dictionary.id, words, limit=20)]


def entry(dictionary, code):
    row = DictionaryEntry
    return rows.scalars(select(row).where(row.dictionary_id == dictionary.id, row.code == code)).one()


def test_entries_are_found_by_title_and_code_and_ordered(towns):
    assert titles(towns) == ["Łódź", "Warszawa", "Poznań"]
    assert titles(towns, "lodz") == titles(towns, "LDZ ł") == ["Łódź"]
    assert titles(towns, "%") == []
    assert move_entry(entry(towns, "POZ"), -1, actor=None)
    assert titles(towns) == ["Łódź", "Poznań", "Warszawa"]
    assert not move_entry(entry(towns, "WAW"), 1, actor=None)
    sort_entries(towns, actor=None)
    assert titles(towns) == ["Łódź", "Poznań", "Warszawa"]
    turn_entry(entry(towns, "LDZ"), hidden=True, actor=None)
    assert titles(towns) == ["Poznań", "Warszawa"]


def test_pasted_lines_add_and_rename_and_touch_nothing_else(towns):
    done = import_entries(towns, "code;title\nLDZ;Łódź (miasto)\nKRK;Kraków\n\nWAW;Warszawa\n", actor=None)
    assert (done.added, done.changed) == (1, 1)
    assert titles(towns) == ["Łódź (miasto)", "Warszawa", "Poznań", "Kraków"]
    again = import_entries(towns, "Kraków\nSopot\r\n Sopot \n", actor=None)
    assert (again.added, again.changed) == (1, 0)
    assert titles(towns)[-1] == "Sopot"
    assert import_entries(towns, 'GDA\t"Gdańsk\t(port)"\n', actor=None).added == 1
    assert titles(towns)[-1] == "Gdańsk (port)"


@pytest.mark.parametrize("pasted", ["A;x\nA;y", "A;", "x" * 301, "C" * 81 + ";x"])
def test_lines_that_do_not_fit_leave_the_list_as_it_was(towns, pasted):
    with pytest.raises(Invalid):
        import_entries(towns, f"ZAM;Zamość\n{pasted}", actor=None)
    assert len(titles(towns)) == 3


def test_codes_are_unique_and_names_need_letters(towns, session):
    with pytest.raises(Invalid):
        add_entry(towns, "Łódź", "LDZ", actor=None)
    with pytest.raises(Invalid):
        add_entry(towns, " ", actor=None)
    assert add_entry(towns, "Lublin", actor=None).code == "4"
    change_dictionary(towns, "Miasta", "", expected_version=1, actor=None)
    with pytest.raises(Conflict):
        change_dictionary(towns, "Miejscowości", "", expected_version=1, actor=None)
    rename_entry(entry(towns, "LDZ"), "Łódź 2", actor=None)
    found = select(HistoryEntry.action).where(HistoryEntry.record == "dictionary").order_by(HistoryEntry.id)
    assert session.scalars(found).all()[-3:] == ["add_entry", "change", "rename_entry"]


def test_a_hundred_thousand_entries_are_never_read_whole(session):
    dictionary = add_dictionary("Streets", actor=None)
    import_entries(dictionary, "\n".join(f"{n};Ulica {n} Próbna" for n in range(100_000)), actor=None)
    dictionary_id = dictionary.id
    session.commit()
    for words in ("ulica", "99999", "prob 5123", "nigdzie"):
        with statements() as asked:
            found = search_entries(dictionary_id, words, limit=20)
        assert len(asked) == 1
        assert len(found) <= 20
    assert [row.code for row in search_entries(dictionary_id, "99999", limit=20)] == ["99999"]


@pytest.mark.parametrize(
    ("reference", "named"),
    [
        ("dictionary:7", 7),
        ("dictionary:", None),
        ("dictionary:x", None),
        ("contact", None),
        ("dictionary:" + "9" * 30, None),
    ],
)
def test_a_reference_names_its_dictionary(reference, named):
    assert dictionary_named(reference) == named


def a_case_that_asks(agent, dictionary, **rights):
    """An open case whose form has one look-up in the dictionary, and that field."""
    field = a_field("dictionary", config=DictionaryConfig(dictionary_id=dictionary.id), **rights)
    script = a_working_script()
    script.form = a_form(field)
    return an_open_case(a_campaign(agent, script=script)), field


def test_an_answer_is_an_entry_by_its_id_and_a_hidden_one_stays(towns, session):
    agent = a_user()
    case, field = a_case_that_asks(agent, towns)
    other = add_entry(add_dictionary("Other", actor=None), "Elsewhere", actor=None)
    lodz, poznan = entry(towns, "LDZ"), entry(towns, "POZ")

    def save(text):
        return save_case(case, CaseChanges(answers={field.id: text}), loaded_version=case.version, actor=agent)

    save(str(lodz.id))
    assert document_of(case) == {field.id: lodz.id}
    assert session.scalars(select(Answer.number)).all() == [lodz.id]
    kind = answer_type(field)
    assert kind.show(lodz.id, "en") == "Łódź"
    turn_entry(lodz, hidden=True, actor=None)
    assert kind.show(lodz.id, "en") == kind.export(lodz.id, "en") == "Łódź (hidden)"
    assert Finder(case, agent)(f"dictionary:{towns.id}", lodz.id) == "Łódź (hidden)"
    save(str(lodz.id))
    for refused in (str(other.id), "999999999", "Nowhere"):
        with pytest.raises(Invalid):
            save(refused)
    save("Poznań")
    assert document_of(case) == {field.id: poznan.id}
    with pytest.raises(Invalid):
        save(str(lodz.id))


def test_a_card_offers_entries_of_lists_that_its_form_asks_for(towns, client, session):
    agent = a_user()
    case, _field = a_case_that_asks(agent, towns)
    reserved, _field = a_case_that_asks(agent, towns, visible_roles=("manager",))
    assert [row["title"] for row in entries_offered(case, towns.id, "po", actor=agent)] == ["Poznań"]
    for each, dictionary_id in ((case, 10**9), (reserved, towns.id)):
        with pytest.raises(NotFound):
            entries_offered(each, dictionary_id, "", actor=agent)
    found = signed_in(client, agent).get(f"/cases/{case.number}/look-up?kind=dictionary:{towns.id}&q=warsz")
    assert [row["title"] for row in found.get_json()["results"]] == ["Warszawa"]


def test_the_pages_and_the_api_show_and_change_a_list(towns, client, session):
    admin, manager = a_user("admin"), a_user("manager")
    browser = signed_in(client, admin)
    headers = {"X-CSRFToken": token(client)}

    def post(path, **body):
        return browser.post(f"/dictionaries{path}", json=body, headers=headers).status_code

    assert "Towns" in browser.get("/dictionaries/").get_data(as_text=True)
    assert post("/add", name="Reasons") == 200
    assert post(f"/{towns.id}/entries", title="Sopot", code="SOP") == 200
    assert post(f"/{towns.id}/entries", title="Sopot", code="SOP") == 422
    lodz = entry(towns, "LDZ").id
    assert post(f"/entries/{lodz}", title="Łódź 2") == 200
    assert post(f"/entries/{lodz}/hide") == post(f"/entries/{lodz}/down") == post(f"/{towns.id}/sort") == 200
    assert post(f"/entries/{lodz}/nothing") == post("/entries/999999/hide") == 404
    pasted = {"lines": "KRK;Kraków", "csrf_token": headers["X-CSRFToken"]}
    assert browser.post(f"/dictionaries/{towns.id}/import", data=pasted).status_code == 302
    page = browser.get(f"/dictionaries/{towns.id}?q=krak").get_data(as_text=True)
    assert "Kraków" in page
    assert "Poznań" not in page

    reader = signed_in(client.application.test_client(), manager)
    assert 'data-send="/dictionaries/entries' not in reader.get(f"/dictionaries/{towns.id}").get_data(as_text=True)
    log_in = {"username": manager.username, "password": "long blue bicycle", "provider": "db"}
    bearer = {
        "Authorization": f"Bearer {client.post('/api/v1/security/login', json=log_in).get_json()['access_token']}"
    }
    rows = client.get(f"/api/v1/dictionaries/{towns.id}/entries?text=lodz", headers=bearer).get_json()["items"]
    assert [(row["code"], row["hidden"]) for row in rows] == [("LDZ", True)]
    assert client.get(f"/api/v1/dictionaries/{towns.id}", headers=bearer).get_json()["name"] == "Towns"
    assert len(client.get("/api/v1/dictionaries", headers=bearer).get_json()["items"]) == 2


def test_a_field_without_a_dictionary_is_unfinished():
    bound = answer_type(make_field("dictionary"))
    assert bound.faults()
    assert bound.reference == "dictionary:0"
    assert bound.has_default
