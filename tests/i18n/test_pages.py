"""Every page in Polish: no text of the sources may stand on it untranslated."""

import json
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.cases.notes import add_note
from app.contacts.imports import begin_import
from app.core.i18n import in_language
from app.formbuilder.dictionaries import add_dictionary, add_entry
from app.formbuilder.versions import current_version, definition_of
from app.history.outbox import put_call
from app.history.webhooks import WebhookValues, add_webhook
from app.models import CustomField
from app.models.contacts import CustomFieldKind
from app.people.links import new_link
from app.portable.gallery import GALLERY
from app.seed.gallery import make_campaign
from app.work.rows import start_work
from lint import translations
from tests.factories import a_team, a_user, an_open_case, signed_in

NOT_PAGES = {
    "static", "appbuilder.static", "health.healthz", "health.readyz", "LanguagePage.index", "UtilView.back",
    "CaseView.state", "CaseView.look_up", "FileView.download", "ImportView.errors", "PictureView.show",
    "PortableView.export", "WorkView.problems",
}  # fmt: skip
SHOWN_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "aria-description", "data-confirm", "data-tip"}
WORDS = 3


class Shown(HTMLParser):
    """Every text that a person can read or hear on a page, dialogs that are closed included."""

    def __init__(self):
        super().__init__()
        self.texts, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in {"script", "style"}
        self.texts += [value for name, value in attrs if name in SHOWN_ATTRIBUTES and value]

    def handle_endtag(self, tag):
        self.hidden -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self.hidden:
            self.texts.append(data)


def shown_on(answer):
    """The words of a page, or of the JSON that a page asks for."""
    if answer.is_json:
        return json.dumps(answer.get_json(), ensure_ascii=False)
    page = Shown()
    page.feed(answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", " | ".join(page.texts))


def english_texts():
    """Source texts of three words and more; of one with places the parts between them."""
    catalogue = translations.texts_of_sources()
    for message in catalogue:
        for text in (message.id,) if isinstance(message.id, str) else message.id or ():
            for part in re.split(r"%\(\w+\)[sd]", text):
                if len(re.findall(r"[A-Za-z]{2,}", part)) >= WORDS:
                    yield part.strip()


def polish_texts():
    path = Path(translations.__file__).parents[1] / "app" / "translations" / "pl" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return "\n".join(str(message.string) for message in read_po(file, locale="pl"))


@pytest.fixture
def admin():
    return a_user("admin", language="pl")


@pytest.fixture
def places(session, admin):
    """Values for the places in addresses, by the view: rows that exist, made by a Polish user."""
    with in_language("pl"):
        campaign = make_campaign("customer_service", "pl", actor=admin)
        case = an_open_case(campaign, actor=admin)
        add_note(case, "Klient prosi o telefon.", actor=admin)
        own_field = CustomField(key="umowa", title="Umowa", kind=CustomFieldKind.TEXT)
        session.add(own_field)
        table = BytesIO(b"nazwa;telefon\nJan Pr\xc3\xb3bny;500100200\n")
        imported = begin_import("klienci.csv", table, actor=admin, limit=1_000_000)
        work = start_work("cases.export", {}, queue="bulk", actor=admin)
        team = a_team(admin)
        link = new_link(a_user(language="pl"), actor=admin)
        dictionary = add_dictionary("Miasta", actor=admin)
        add_entry(dictionary, "Gdynia", actor=admin)
        webhook = add_webhook(WebhookValues(name="ERP", address="https://example.com/hook"), actor=admin)
        put_call(webhook, "button.pressed", {}, case_id=case.id, actor=admin)
    session.flush()
    form = campaign.script.form
    answered = next(field for field in definition_of(current_version(form.id)).fields if field.kind == "single_choice")
    return {
        "AnswerHistoryView": {"number": case.number, "field_id": answered.id},
        "BuilderView": {"form_id": form.id},
        "CampaignActions": {"campaign_id": campaign.id},
        "CampaignView": {"pk": campaign.id},
        "CaseView": {"number": case.number},
        "ContactView": {"pk": case.contact_id},
        "CustomFieldView": {"pk": own_field.id},
        "DictionaryView": {"dictionary_id": dictionary.id},
        "FormLiveEditView": {"form_id": form.id},
        "FormVersionView": {"form_id": form.id},
        "FormView": {"form_id": form.id},
        "GalleryView": {"name": GALLERY[0].name},
        "ImportView": {"import_id": imported.id},
        "RoleView": {"pk": admin.roles[0].id},
        "ScriptView": {"script_id": campaign.script.id},
        "TeamView": {"pk": team.id},
        "UserView": {"pk": admin.id},
        "WebhookView": {"webhook_id": webhook.id},
        "WelcomePage": {"secret": link},
        "WorkView": {"work_id": work.id},
        "CaseView.preview_move": {"number": case.number, "campaign_id": campaign.id},
    }


def pages(app, places):
    """Address of each page that can be asked for."""
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in NOT_PAGES or rule.rule.startswith("/api/"):
            continue
        if rule.endpoint.endswith(".options"):
            continue
        values = {**places.get(rule.endpoint.partition(".")[0], {}), **places.get(rule.endpoint, {})}
        assert rule.arguments <= set(values), f"say in `places` what stands in {rule.rule}"
        with app.test_request_context():
            yield rule.build(values, append_unknown=rule.endpoint in places)[1]


def test_no_page_has_a_text_of_the_sources_left(app, client, admin, places):
    signed_in(client, admin)
    polish = polish_texts()
    english = sorted({text for text in english_texts() if text not in polish})
    left = {}
    for address in pages(app, places):
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        shown = shown_on(answer)
        if found := [text for text in english if text in shown]:
            left[address] = found
    assert left == {}


def test_no_id_stands_twice_on_a_page(app, client, admin, places):
    signed_in(client, admin)
    twice = {}
    for address in pages(app, places):
        ids = re.findall(r'<[^<>]+\sid="([^"]+)"', client.get(address, follow_redirects=True).get_data(as_text=True))
        if found := {each for each in ids if ids.count(each) > 1}:
            twice[address] = found
    assert twice == {}


@pytest.mark.parametrize("address", ["/nothing/here", "/cases/987654", "/contacts/show/987654", "/users/show/987654"])
def test_no_page_of_an_error_has_one(client, admin, address):
    answer = signed_in(client, admin).get(address, follow_redirects=True)
    assert not [text for text in english_texts() if text in shown_on(answer)]
