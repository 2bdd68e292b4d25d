"""A script leaves as a file and comes in again: new, or into what is here; nothing is ever taken away."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text as sql

from app.core.errors import Invalid
from app.formbuilder.comparing import Words
from app.formbuilder.definition import FormDefinition, Page
from app.formbuilder.editing import new_field
from app.formbuilder.versions import current_version, definition_of, draft_definition, publish
from app.models.scripts import DateMode, RuleEvent, StatusKind
from app.portable.document import FORMAT, ScriptFile, StatusEntry, read_file, write_file
from app.portable.exporting import export_script
from app.portable.importing import bring_in, script_of
from app.scripts.editing import add_status, change_status_values, hide_status, set_form, values_of
from app.scripts.ruling import RuleValues, add_rule
from app.scripts.statuses import in_order
from app.scripts.values import StatusValues
from tests.factories import a_campaign, a_form, a_user, a_working_script, an_open_case
from tests.formbuilder.edits import add_field, rename_field
from tests.portable.samples import tokens

ID = "6f0d3c0e-8a57-4b8e-9a5c-0c7f2c1d9b11"
WORDS = Words(setting=str, value=lambda _name, _value: None, role=str, language="en")


def a_script_with_form(*fields):
    script = a_working_script()
    set_form(script, a_form(*fields), expected_version=script.version, actor=None)
    return script


def shown(script):
    """What a script is made of, without ids of rows."""
    names = {status.id: status.name for status in script.statuses}
    return (
        [
            (values_of(each), each.is_initial, each.is_hidden, names.get(each.parent_id))
            for each in in_order(script.statuses)
        ],
        [
            (rule.event, rule.from_any, sorted(each.name for each in rule.sources), rule.to.name)
            for rule in script.rules
        ],
        script.description,
        script.postpone_grid_minutes,
    )


def status_files():
    kinds = st.sampled_from(["unused", "in_progress", "plain", "closed", "private_callback", "waiting", "postponed"])
    entry = st.builds(
        StatusEntry,
        key=tokens,
        name=st.from_regex(r"[a-ząęłż]{1,8}", fullmatch=True),
        kind=kinds,
        hidden=st.booleans(),
        limit_minutes=st.none() | st.integers(1, 9000),
        relative_minutes=st.just(30),
        date=st.sampled_from(["agent", "relative"]),
    )
    return st.lists(entry, max_size=5, unique_by=(lambda each: each.key, lambda each: each.name)).map(
        lambda entries: ScriptFile(
            splot=FORMAT,
            id=ID,
            name="Skrypt",
            description="Zażółć: gęślą",
            statuses=(StatusEntry(key="first", name="Pierwszy 1", kind="unused", initial=True), *entries),
        )
    )


@given(status_files())
def test_a_file_is_read_as_it_was_written(file):
    assert read_file(write_file(file).encode()) == file


def rich_script(user):
    """A script with statuses of every sort, rules, and a form with a button."""
    script = a_script_with_form()
    closed = next(each for each in script.statuses if each.kind is StatusKind.CLOSED)
    under = StatusValues(name="Reklamacja", kind=StatusKind.PLAIN, limit_minutes=90)
    parent = next(each for each in script.statuses if each.kind is StatusKind.IN_PROGRESS)
    add_status(script, under, parent=parent, expected_version=script.version, actor=user)
    later = StatusValues(
        name="Za godzinę", kind=StatusKind.PUBLIC_CALLBACK, date_mode=DateMode.RELATIVE, relative_minutes=60
    )
    hidden = add_status(script, later, expected_version=script.version, actor=user)
    hide_status(hidden, expected_version=script.version, actor=user)
    values = RuleValues(event=RuleEvent.NO_ACTIVITY, to_id=closed.id, from_any=True, minutes=600)
    add_rule(script, values, expected_version=script.version, actor=user)
    button = new_field("button", page="page-1", config={"status_id": closed.id})
    amount = new_field("money", page="page-1", title="Kwota", default="12.50", config={"smallest": "0.10"})
    why = new_field("text", page="page-1", title="Dlaczego", visible_if=("gt", ("field", amount.id), ("number", "5")))
    definition = FormDefinition(pages=(Page(id="page-1", title="Początek"),), fields=(amount, why, button))
    publish(script.form, definition, base=1, actor=user)
    return script


def plain(text):
    """The file without what differs between a script and its copy."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id", text)
    return re.sub(r"(?m)^(  )?name: .*$", "name", text)


def test_a_copy_is_the_same_with_ids_of_its_own(session):
    user = a_user("manager")
    script = rich_script(user)
    text = export_script(script)
    copy = bring_in(read_file(text.encode()), as_new=True, publish_form=True, actor=user)

    assert copy.is_new
    assert copy.is_published
    assert copy.script.name == f"{script.name} (2)"
    assert copy.left_out == copy.unfinished == copy.statuses == []
    assert shown(copy.script) == shown(script)
    assert plain(export_script(copy.script)) == plain(text)
    ours, theirs = (definition_of(current_version(each.form_id)) for each in (script, copy.script))
    assert ours.by_id.keys().isdisjoint(theirs.by_id)
    closed = next(each for each in copy.script.statuses if each.kind is StatusKind.CLOSED)
    assert theirs.fields[2].config.status_id == closed.id


def test_on_another_installation_ids_stay(session):
    user = a_user("manager")
    script = rich_script(user)
    text = export_script(script)
    definition = definition_of(current_version(script.form_id))
    session.execute(sql("TRUNCATE scripts, forms CASCADE"))
    session.expunge_all()
    user = session.merge(user)

    there = bring_in(read_file(text.encode()), actor=user)
    assert there.is_new
    assert not there.is_published
    assert export_script(there.script, draft_of=user) == text
    assert draft_definition(there.form, actor=user).by_id.keys() == definition.by_id.keys()
    assert bring_in(read_file(text.encode()), actor=user, words=WORDS).fields == []


def test_into_a_script_that_is_here_nothing_is_taken_away(session):
    user = a_user("manager")
    script = rich_script(user)
    file = read_file(export_script(script).encode())
    begun, closed = script.statuses[0], next(each for each in script.statuses if each.kind is StatusKind.CLOSED)
    change_status_values(
        closed, replace(values_of(closed), name="Załatwione"), expected_version=script.version, actor=user
    )
    own = StatusValues(name="Tylko tu", kind=StatusKind.WAITING)
    add_status(script, own, expected_version=script.version, actor=user)
    definition = definition_of(current_version(script.form_id))
    local = add_field(
        rename_field(definition, definition.fields[0].id, "Suma"), new_field("text", page="page-1", title="Nasze")
    )
    publish(script.form, local, base=2, actor=user)
    published = script.form.published

    brought = bring_in(file, words=WORDS, actor=user)
    assert brought.script is script
    assert "The status “Załatwione” is renamed: Closed" in brought.statuses
    assert "These statuses are not in the file and stay as they are: Tylko tu" in brought.statuses
    assert any("Suma" in line and "Kwota" in line for line in brought.fields)
    assert begun.is_initial
    assert script.form.published == published
    draft = draft_definition(script.form, actor=user)
    assert [field.title for field in draft.fields] == ["Kwota", "Dlaczego", "", "Nasze"]
    assert len(script.rules) == 1
    assert bring_in(file, words=WORDS, actor=user).fields == []


def test_cases_keep_the_kind_of_their_status(session):
    user = a_user("manager")
    script = a_working_script()
    an_open_case(a_campaign(script=script))
    file = read_file(export_script(script).encode())
    first = replace(file.statuses[0], kind="in_progress", name="Inaczej")
    brought = bring_in(replace(file, statuses=(first, *file.statuses[1:])), actor=user)
    assert (script.statuses[0].name, script.statuses[0].kind) == ("Inaczej", StatusKind.UNUSED)
    assert "“Not started” keeps its kind: cases are in it." in brought.statuses


def test_a_new_script_may_begin_where_the_file_says(session):
    file = ScriptFile(
        splot=FORMAT,
        id=ID,
        name="Nowy",
        statuses=(
            StatusEntry(key="done", name="Koniec", kind="closed", hidden=True),
            StatusEntry(key="work", name="W toku", kind="in_progress"),
            StatusEntry(key="fresh", name="Świeża", kind="new", parent="work", initial=True),
            StatusEntry(
                key="then", name="Kiedyś", kind="postponed", date="absolute", absolute_at="2020-01-01T10:00+00:00"
            ),
        ),
    )
    brought = bring_in(file, actor=a_user("manager"))
    assert [(each.name, each.is_initial, each.is_hidden) for each in brought.script.statuses] == [
        ("Koniec", False, True),
        ("W toku", False, False),
        ("Świeża", True, False),
        ("Kiedyś", False, False),
    ]
    assert brought.script.statuses[3].date_mode is DateMode.AGENT
    assert script_of(file) is brought.script
    assert brought.form is None


def test_an_unfinished_form_is_kept_as_a_draft_and_not_published(session):
    user = a_user("manager")
    file = replace(read_file(export_script(a_script_with_form()).encode()), id=ID)
    button = {
        "key": "go",
        "kind": "button",
        "title": "Dalej",
        "config": {"campaign": "Gdzie indziej", "action": "create_case"},
    }
    file = replace(file, form=replace(file.form, pages=[{"id": "p", "fields": [button]}]))
    with pytest.raises(Invalid, match="not finished"):
        bring_in(file, as_new=True, publish_form=True, actor=user)
    brought = bring_in(file, as_new=True, actor=user)
    assert brought.left_out == ["“Dalej”: there is no “Gdzie indziej” here."]
    assert brought.unfinished == ["Dalej: The button names no campaign for the new case."]
    assert brought.form.published == 0


HEAD = f"splot: 1\nid: {ID}\nname: X\n"
ONE = "statuses: [{key: a, name: A, kind: new, initial: true}]\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: 1", "no script of Splot"),
        ("[1]", "no script of Splot"),
        ("splot: 2", "newer Splot"),
        (HEAD, "file: the key “statuses” is missing"),
        (HEAD + ONE + "colour: red", "file: the key “colour” is not known"),
        (HEAD + "statuses: []", "exactly one status"),
        (HEAD + "statuses: [{key: a, name: A, kind: merged, initial: true}]", "statuses › 1 › kind"),
        (
            HEAD + "statuses: [{key: a, name: A, kind: new, initial: true, parent: b}]",
            "statuses › 1 › parent: there is no",
        ),
        (
            HEAD + "statuses: [{key: a, name: A, kind: new, initial: true}, {key: a, name: B, kind: new}]",
            "“a” stands twice",
        ),
        (HEAD + ONE + "rules: [{event: taken, to: b}]", "rules › 1: there is no status “b”"),
        (HEAD + ONE + "rules: [{event: rained, to: a}]", "rules › 1 › event"),
        (HEAD + ONE + "form: {name: F}", "file › form: the key “pages” is missing"),
    ],
)
def test_what_is_no_script_is_refused_with_its_place(text, why):
    with pytest.raises(Invalid, match=why):
        read_file(text.encode())
