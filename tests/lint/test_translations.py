from datetime import UTC, datetime

from babel.messages import Catalog

from lint.translations import problems, texts_of_sources, updated, written


def catalogue(**strings):
    made = Catalog(locale="pl")
    for text, translation in strings.items():
        made.add(text.replace("_", " "), translation)
    return made


def template(*texts):
    made = Catalog()
    for text in texts:
        made.add(text)
    return made


def test_a_whole_catalogue_has_no_problem():
    assert list(problems(template("Save it"), catalogue(Save_it="Zapisz"))) == []


def test_a_missing_and_an_empty_text_are_found():
    found = list(problems(template("Save it", "Close it"), catalogue(Save_it="")))
    assert [problem.split(" (")[0] for problem in found] == ["not translated: 'Save it'", "not translated: 'Close it'"]


def test_a_fuzzy_text_is_found():
    made = Catalog(locale="pl")
    made.add("Save it", "Zapisz", flags=["fuzzy"])
    assert list(problems(template("Save it"), made)) == ["fuzzy: 'Save it'"]


def test_every_plural_form_is_needed():
    made, texts = Catalog(locale="pl"), Catalog()
    texts.add(("%(count)s case", "%(count)s cases"))
    made.add(("%(count)s case", "%(count)s cases"), ("%(count)s sprawa", "%(count)s sprawy", ""))
    assert len(list(problems(texts, made))) == 1


def test_a_place_that_the_text_does_not_have_is_found():
    made = Catalog(locale="pl")
    made.add("Saved by %(name)s", "Zapisane przez %(nazwa)s")
    assert list(problems(template("Saved by %(name)s"), made)) == [
        "unknown place nazwa in the translation of 'Saved by %(name)s'"
    ]


def test_texts_come_from_python_templates_and_browser_sources(tmp_path):
    (tmp_path / "babel").mkdir()
    (tmp_path / "babel" / "babel.cfg").write_text(
        "[python: app/**.py]\n[jinja2: app/templates/**.html]\n[javascript: frontend/**.js]\n"
    )
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "frontend" / "node_modules").mkdir(parents=True)
    (tmp_path / "app" / "verb.py").write_text('_l("One of Python")')
    (tmp_path / "app" / "templates" / "page.html").write_text('{{ _("One of a template") }}')
    (tmp_path / "frontend" / "page.js").write_text(
        '_("One of the browser"); ngettext("%(count)s row", "%(count)s rows", 2);'
    )
    (tmp_path / "frontend" / "node_modules" / "theirs.js").write_text('_("Not ours")')
    found = {message.id for message in texts_of_sources(tmp_path) if message.id}
    assert found == {
        "One of Python",
        "One of a template",
        "One of the browser",
        ("%(count)s row", "%(count)s rows"),
    }


def test_a_lost_place_is_found():
    made = Catalog(locale="pl")
    made.add("Saved by %(name)s", "Zapisane")
    assert list(problems(template("Saved by %(name)s"), made)) == [
        "lost place name in the translation of 'Saved by %(name)s'"
    ]


def test_a_text_that_left_the_sources_is_found():
    found = list(problems(template("Save it"), catalogue(Save_it="Zapisz", Burn_it="Spal")))
    assert found == ["no longer in the sources: 'Burn it'"]


def test_an_update_guesses_nothing_and_keeps_what_is_translated():
    made = updated(catalogue(Save_it="Zapisz", Burn_it="Spal"), template("Save it", "Save it now"))
    assert [(message.id, message.string or "", message.fuzzy) for message in made if message.id] == [
        ("Save it", "Zapisz", False),
        ("Save it now", "", False),
    ]
    assert not made.obsolete


def test_the_language_of_the_sources_fills_itself_with_every_plural_form():
    texts = template("Save it")
    texts.add(("%(count)s case", "%(count)s cases"))
    made = updated(Catalog(locale="en"), texts)
    assert list(problems(texts, made)) == []
    assert made.get("%(count)s case").string == ("%(count)s case", "%(count)s cases")
    assert not texts.get("Save it").string


def test_what_is_written_is_the_same_tomorrow_and_on_another_machine():
    first, second = (Catalog(locale="pl", creation_date=datetime(2026, month, 1, tzinfo=UTC)) for month in (1, 2))
    for made, place in ((first, "one/place.py"), (second, "another/place.py")):
        for text in ("B", "A") if made is first else ("A", "B"):
            made.add(text, "x", locations=[(place, 7)])
    assert written(first) == written(second)
    assert b"place.py" not in written(first)
