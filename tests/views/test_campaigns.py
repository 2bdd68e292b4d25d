"""Pages of campaigns, walked through as a person does."""

import html
import re

from app.core.db import transaction
from app.formbuilder.versions import create_form
from tests.factories import a_campaign, a_field, a_form, a_script, a_user, a_working_script, an_open_case, signed_in


def test_the_next_page_of_a_search_is_of_the_same_search(client, session):
    signed_in(client, a_user("manager"))
    with transaction():
        script = a_script()
        for place in range(60):
            a_campaign(script=script, name=f"Ankieta {place:02d}")
            a_campaign(script=script, name=f"Sprzedaż {place:02d}")
    names, address = [], "/campaigns/list/?q=ankieta"
    while address:
        page = client.get(address).get_data(as_text=True)
        names += re.findall(r"\b(Ankieta \d\d|Sprzedaż \d\d)</", page)
        found = re.search(r'href="([^"]+)"[^>]*rel="next"', page)
        address = html.unescape(found.group(1)) if found else ""
    assert names == [f"Ankieta {place:02d}" for place in range(60)]


def test_a_campaign_says_what_it_still_lacks_one_thing_at_a_time(client, session):
    signed_in(client, a_user("admin"))
    with transaction():
        script = a_working_script()
        campaign = a_campaign(script=script)

    def lacks():
        found = re.search(
            r'class="sp-notice info">.*?<span class="sp-grow">(.*?)</span>',
            client.get(f"/campaigns/show/{campaign.id}").get_data(as_text=True),
            re.DOTALL,
        )
        return html.unescape(found[1]) if found else ""

    assert "has no form yet" in lacks()
    with transaction():
        script.form = create_form("Complaints", actor=None)
    assert "not published yet" in lacks()
    with transaction():
        script.form = a_form(a_field())
    assert "Nobody works" in lacks()
    with transaction():
        campaign.users = [a_user("agent")]
    assert "no case yet" in lacks()
    with transaction():
        an_open_case(campaign)
    assert lacks() == ""
