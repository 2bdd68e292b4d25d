"""Pages of campaigns, walked through as a person does."""

import html
import re

from app.core.db import transaction
from tests.factories import a_campaign, a_script, a_user, signed_in


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
