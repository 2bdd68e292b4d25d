from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.cases.answers import document_of, history_key
from app.cases.drafts import draft_of, save_draft
from app.cases.merging import Conflicting, OutdatedForm
from app.cases.moving import change_campaign
from app.cases.ownership import possible_owners
from app.cases.saving import CaseChanges, save_case
from app.cases.status import change_status, open_promise
from app.cases.timeline import changed_since, history_of_field
from app.core import clock, db
from app.core.errors import Conflict, Forbidden, Invalid, Refused
from app.formbuilder.definition import FormDefinition, Page
from app.formbuilder.versions import publish
from app.models import Answer, AppUser, Case
from app.models.scripts import DateMode, StatusKind
from app.scripts.editing import hide_status, set_form
from app.scripts.rules import When
from tests.factories import a_campaign, a_field, a_form, a_status, a_user, a_working_script, an_open_case

pytestmark = pytest.mark.usefixtures("session")

NAME = a_field(title="Name", required_to_save=True)
CITY = a_field(title="City", required_to_close=True)
SECRET = a_field(title="Margin", visible_roles=("manager",))


@pytest.fixture
def people():
    return [a_user(first_name="Anna"), a_user(first_name="Jan")]


@pytest.fixture
def case(people):
    form = a_form(NAME, CITY, SECRET)
    case = an_open_case(a_campaign(*people, script=a_working_script(form=form)), owner=people[0])
    save_case(case, CaseChanges(answers={NAME.id: "Ewa"}), loaded_version=case.version, actor=people[0])
    return case


def in_hours(hours):
    day = datetime(2030, 3, 2, 9, 0)  # noqa: DTZ001  (local, as an agent chooses it)
    return When(day + timedelta(hours=hours), "Europe/Warsaw")


def save(case, loaded, actor, **changes):
    return save_case(case, CaseChanges(**changes), loaded_version=loaded, actor=actor)


def test_answers_are_stored_as_a_document_and_as_typed_rows(case, people):
    saved = save(case, case.version, people[0], answers={CITY.id: "Łódź"}, subject="  A new   subject ")
    assert document_of(case) == {NAME.id: "Ewa", CITY.id: "Łódź"}
    assert set(db.session.scalars(select(Answer.words))) == {"ewa", "lodz"}
    assert case.subject == "A new subject"
    assert saved.changed == ("subject", history_key(CITY.id))
    assert saved.version == case.version == 3


def test_fields_that_one_side_touched_are_merged(case, people):
    loaded = case.version
    save(case, loaded, people[1], subject="Jan's subject")
    saved = save(case, loaded, people[0], answers={CITY.id: "Radom"})
    assert saved.merged == ("subject",)
    assert case.subject == "Jan's subject"
    assert document_of(case)[CITY.id] == "Radom"


def test_what_both_touched_is_shown_to_choose_and_nothing_is_written(case, people):
    loaded = case.version
    save(case, loaded, people[1], answers={NAME.id: "Ewelina"})
    with pytest.raises(Conflicting) as clash:
        save(case, loaded, people[0], answers={NAME.id: "Eva", CITY.id: "Radom"})
    [conflict] = clash.value.details["conflicts"]
    assert (conflict["field"], conflict["title"]) == (history_key(NAME.id), "Name")
    assert (conflict["mine"], conflict["theirs"]) == ("Eva", "Ewelina")
    assert conflict["who"] == people[1].full_name
    assert document_of(case) == {NAME.id: "Ewelina"}
    # Whoever saves resends what was chosen, on the version that the conflict named.
    save(case, clash.value.details["version"], people[0], answers={NAME.id: "Eva", CITY.id: "Radom"})
    assert document_of(case) == {NAME.id: "Eva", CITY.id: "Radom"}


def test_what_is_sent_back_as_the_card_had_shown_it_is_no_change(case, people):
    loaded = case.version
    save(case, loaded, people[1], answers={NAME.id: "Ewelina"}, subject="Jan's subject")
    earlier = changed_since(case, loaded)["subject"].before
    saved = save(case, loaded, people[0], answers={NAME.id: "Ewa", CITY.id: "Radom"}, subject=earlier)
    assert saved.changed == (history_key(CITY.id),)
    assert (case.subject, document_of(case)[NAME.id]) == ("Jan's subject", "Ewelina")


def test_both_sides_wrote_the_same(case, people):
    loaded = case.version
    save(case, loaded, people[1], subject="The same")
    assert save(case, loaded, people[0], subject="The same").changed == ()


def test_a_status_that_both_set_is_a_conflict(case, people):
    loaded, script = case.version, case.campaign.script
    change_status(case, a_status(script, StatusKind.IN_PROGRESS), actor=people[1])
    with pytest.raises(Conflicting) as clash:
        save(case, loaded, people[0], status_id=a_status(script, StatusKind.WAITING).id)
    assert clash.value.details["conflicts"][0]["theirs_text"] == "In progress"
    assert case.status.kind is StatusKind.IN_PROGRESS


def test_another_time_of_the_same_status_is_a_conflict(case, people):
    """Two people agree another time for the same call: the second one sees the first one's, and chooses."""
    status = a_status(case.campaign.script, StatusKind.PUBLIC_CALLBACK)
    change_status(case, status, date=in_hours(5), actor=people[1])
    loaded = case.version
    change_status(case, status, date=in_hours(30), actor=people[1])
    with pytest.raises(Conflicting) as clash:
        save(case, loaded, people[0], status_id=status.id, date=in_hours(50))
    [conflict] = clash.value.details["conflicts"]
    assert conflict["mine_text"] != conflict["theirs_text"]
    assert conflict["theirs_text"].startswith(f"{status.name}, ")
    save(case, clash.value.details["version"], people[0], status_id=status.id, date=in_hours(50))
    assert open_promise(case).local_at == in_hours(50).local


def test_a_hidden_status_is_refused_and_the_typing_can_be_kept(case, people):
    status = a_status(case.campaign.script, StatusKind.IN_PROGRESS)
    hide_status(status, expected_version=status.script.version, actor=None)
    changes = CaseChanges(subject="Typed", answers={CITY.id: "Radom"}, status_id=status.id)
    db.session.commit()
    with pytest.raises(Refused, match="was hidden"), db.transaction():
        save_case(case, changes, loaded_version=case.version, actor=people[0])
    assert CITY.id not in document_of(case)
    assert case.subject != "Typed"
    sent = {"subject": "Typed", history_key(CITY.id): "Radom"}
    with db.transaction():
        save_draft(case, sent, base_version=case.version, actor=people[0])
    assert draft_of(case, actor=people[0]).content == sent
    # A save from elsewhere leaves alone what is typed here; the one of the card settles it.
    save(case, case.version, people[0], subject="Typed")
    db.session.expire_all()
    assert draft_of(case, actor=people[0]).content == sent
    save(case, case.version, people[0], subject="Typed", answers={CITY.id: "Radom"})
    db.session.expire_all()
    assert draft_of(case, actor=people[0]) is None


def test_what_is_required_to_save_and_to_close(case, people):
    closed = a_status(case.campaign.script, StatusKind.CLOSED)
    with pytest.raises(Invalid) as missing:
        save(case, case.version, people[0], answers={NAME.id: ""})
    assert list(missing.value.fields) == [history_key(NAME.id)]
    with pytest.raises(Invalid) as missing:
        save(case, case.version, people[0], status_id=closed.id)
    assert list(missing.value.fields) == [history_key(CITY.id)]
    with pytest.raises(Invalid):
        change_status(case, closed, actor=people[0])
    save(case, case.version, people[0], answers={CITY.id: "Radom"}, status_id=closed.id)
    assert case.closed_at is not None


def test_a_field_that_the_role_does_not_see_is_not_written(case, people):
    save(case, case.version, people[0], answers={SECRET.id: "12"})
    assert SECRET.id not in document_of(case)
    save(case, case.version, a_user("manager"), answers={SECRET.id: "12"})
    assert document_of(case)[SECRET.id] == "12"


def test_a_superseded_form_is_accepted_for_a_minute_and_then_brought_up_to_date(case, people):
    form = case.campaign.script.form
    now = datetime.now(UTC)
    with clock.stopped_at(now):
        publish(
            form, FormDefinition(pages=(Page(id="page-1"),), fields=(NAME, CITY, SECRET, a_field())), base=1, actor=None
        )
    with clock.stopped_at(now + timedelta(seconds=60)):
        save(case, case.version, people[0], answers={CITY.id: "Radom"}, form_version=1)
    with clock.stopped_at(now + timedelta(seconds=61)), pytest.raises(OutdatedForm) as late:
        save(case, case.version, people[0], answers={CITY.id: "Kielce"}, form_version=1)
    assert late.value.details["form_version"] == 2
    assert document_of(case)[CITY.id] == "Radom"


def test_what_may_not_be_filled_in_any_more_is_not_dropped_in_silence(case, people):
    fields = (NAME, replace(CITY, editable_roles=("manager",)), SECRET)
    publish(case.campaign.script.form, FormDefinition(pages=(Page(id="page-1"),), fields=fields), base=1, actor=None)
    with pytest.raises(OutdatedForm):
        save(case, case.version, people[0], answers={CITY.id: "Radom"}, form_version=1)
    save(case, case.version, people[0], answers={NAME.id: "Eva"}, form_version=1)
    assert document_of(case) == {NAME.id: "Eva"}


def test_a_card_of_another_form_of_the_same_number_loses_nothing(case, people):
    script = case.campaign.script
    set_form(script, a_form(a_field(title="Other")), expected_version=script.version, actor=None)
    with pytest.raises(OutdatedForm):
        save(case, case.version, people[0], answers={CITY.id: "Radom"}, form_version=1)


def test_an_agent_takes_a_case_but_does_not_give_it_away(case, people):
    anna, jan = people
    with pytest.raises(Forbidden):
        save(case, case.version, anna, owner_id=jan.id)
    save(case, case.version, anna, owner_id=None)
    save(case, case.version, jan, owner_id=jan.id)
    assert case.owner_id == jan.id
    assert possible_owners(case.campaign) == sorted(people, key=lambda user: user.last_name)


def test_owner_and_private_callback_in_one_save(case, people):
    save(case, case.version, people[0], owner_id=None)
    status = a_status(
        case.campaign.script, StatusKind.PRIVATE_CALLBACK, name="Soon", relative_minutes=30, date_mode=DateMode.RELATIVE
    )
    saved = save(case, case.version, people[1], owner_id=people[1].id, status_id=status.id)
    assert saved.status.promise.owner_id == people[1].id


def test_every_value_of_a_field_is_in_its_history(case, people):
    save(case, case.version, people[1], answers={NAME.id: "Ewelina"})
    values = history_of_field(case, history_key(NAME.id))
    assert [(each.before, each.after) for each in values] == [("Ewa", "Ewelina"), (None, "Ewa")]
    assert values[0].actor_id == people[1].id


def test_after_a_move_answers_of_the_other_form_are_not_taken(case, people):

    loaded = case.version
    change_campaign(case, a_campaign(*people, script=a_working_script()), actor=people[0])
    with pytest.raises(Conflict, match="moved to another campaign"):
        save(case, loaded, people[0], answers={CITY.id: "Radom"})


@pytest.mark.parametrize("same_field", [True, False])
def test_two_savers_at_once(case, people, at_once, same_field):
    case_id, loaded = case.id, case.version
    texts = [{NAME.id: "Eva"}, {NAME.id: "Ewelina"} if same_field else {CITY.id: "Radom"}]

    def door(user_id, answers):
        def saves():
            row = db.session.get_one(Case, case_id)
            return save(row, loaded, db.session.get_one(AppUser, user_id), answers=answers).changed

        return saves

    results = at_once([door(user.id, answers) for user, answers in zip(people, texts, strict=True)])
    if same_field:
        assert sorted(isinstance(result, Conflicting) for result in results) == [False, True]
        assert document_of(case)[NAME.id] in {"Eva", "Ewelina"}
    else:
        assert document_of(case) == {NAME.id: "Eva", CITY.id: "Radom"}
