from app.core import clock
from app.models import CustomField
from app.models.contacts import CustomFieldKind
from tests.factories import a_campaign, a_person, a_user, a_working_script, an_open_case, signed_in


def test_a_yes_no_field_of_the_contact_is_read_as_a_word(client, session):
    agent = a_user()
    session.add(
        CustomField(
            key="e_invoice",
            title="E-invoice",
            kind=CustomFieldKind.YES_NO,
            choices=[],
            position=0,
            created_at=clock.now(),
        )
    )
    campaign = a_campaign(agent, script=a_working_script(), header_fields=["custom.e_invoice"])
    case = an_open_case(campaign, contact=a_person(custom={"e_invoice": False}))

    page = signed_in(client, agent).get(f"/cases/{case.number}").get_data(as_text=True)

    assert "<dd>no</dd>" in page
    assert '<span class="sp-num">no</span>' in page
