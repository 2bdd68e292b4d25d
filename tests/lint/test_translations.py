from babel.messages import Catalog

from lint.translations import problems, texts_of_sources


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
