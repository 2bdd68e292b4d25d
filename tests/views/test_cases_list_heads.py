"""The head of the list of cases, as the page has it."""

import re

from tests.factories import a_campaign, a_user, a_working_script, an_open_case, signed_in


def test_each_column_has_its_width_its_address_to_sort_by_and_the_order_of_now(client, session):
    user = a_user("manager")
    an_open_case(a_campaign(user, script=a_working_script()))
    page = signed_in(client, user).get("/cases/?columns=number,subject,due&sort=-number").get_data(as_text=True)
    table = page.partition("<table")[2].partition("</thead>")[0]
    assert re.findall(r"<col(?: width=\"([^\"]+)\")?>", table) == ["44", "16", "32", "76", "", "108"]
    assert re.findall(r'aria-sort="(\w+)"><a href="[^"]+">(\w+)', table) == [("descending", "Number")]
    assert re.search(r'<a href="[^"]*sort=due[^"]*">Due', table)
