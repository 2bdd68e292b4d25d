"""Whatever a browser sends to a page of ours, the answer is a refusal in words, never a fault."""

from collections.abc import Iterator
from io import BytesIO
from random import Random
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.files.store import store_file
from app.models import Case
from tests.factories import (
    a_campaign,
    a_field,
    a_form,
    a_team,
    a_user,
    a_working_script,
    an_open_case,
    signed_in,
    token,
)  # fmt: skip

ODD = (
    None, True, 0, -1, 1, 2**40, 2**70, 1.5, "", "x", "1", "-1", "\0", "\ud800", "a😀", "9" * 40, "2026-13-01",
    "2026-11-22T25:00", [], [None], ["x"], [[1]], [2**70], {}, {"x": None}, {"1": "x"}, {"a": {"b": []}},
)  # fmt: skip
KEYS = (
    "name", "description", "version", "form_id", "grid", "kind", "parent_id", "limit_minutes", "date_mode",
    "relative_minutes", "absolute_at", "ids", "script_id", "users", "teams", "owners", "rule", "import_id", "tag",
    "starts_on", "ends_on", "duplicate_rule", "header_fields", "title", "seen", "base", "comment", "config", "width",
    "help", "visible_roles", "changes", "loaded_version", "form_version", "content", "base_version", "text",
    "campaign_id", "contact_id", "source", "statuses", "answers", "columns", "query", "action", "value", "when", "role",
    "format", "number", "is_wrong", "all", "choices", "chosen_version", "phones.0", "emails.0", "tags", "custom.x",
    "mapping", "match_by", "dry_run", "owner", "status", "subject", "first_name", "last_name", "company_id", "place",
)  # fmt: skip
ROUNDS = 12


def _doors(app: Flask, case: Case) -> Iterator[str]:
    """Addresses that take JSON, with rows that exist behind the numbers."""
    form = case.campaign.script.form
    file = store_file("list.csv", BytesIO(b"a;b\n1;2\n"), actor=None)
    known: dict[str, Any] = {
        "script_id": case.campaign.script_id, "status_id": case.status_id, "form_id": form.id,
        "campaign_id": case.campaign_id, "contact_id": case.contact_id, "number": case.number, "file_id": file.id,
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint.startswith(("api.", "Sign", "Account")):
            continue
        values = {name: known.get(name, 1) for name in rule.arguments if name not in {"what", "field_id", "pk"}}
        for what in getattr(rule._converters.get("what"), "items", None) or ("hide", "show", "initial", "up"):
            with app.test_request_context():
                built = rule.build({**values, "what": what, "field_id": "x", "pk": "1"}, append_unknown=False)
            assert built is not None
            yield built[1]
            if "what" not in rule.arguments:
                break


def test_no_body_is_a_fault(app: Flask, client: FlaskClient) -> None:
    admin = a_user("admin")
    script = a_working_script()
    script.form = a_form(a_field(), a_field("number"))
    case = an_open_case(a_campaign(admin, teams=[a_team(admin)], script=script))
    signed_in(client, admin)
    random = Random(1)  # noqa: S311  (the same bodies every time)
    headers = {"X-CSRFToken": token(client), "Accept": "application/json"}
    faults = []
    for path in sorted(set(_doors(app, case))):
        for odd in (*(dict.fromkeys(KEYS, value) for value in ODD), *_mixed(random)):
            answer = client.post(path, json=odd, headers=headers)
            if answer.status_code >= 500:
                faults.append((path, answer.status_code, odd))
                break
        for text in (each for each in ODD if isinstance(each, str) and each != "\ud800"):
            answer = client.post(path, data=dict.fromkeys(KEYS, text), headers=headers)
            if answer.status_code >= 500:
                faults.append((path, answer.status_code, text))
                break
    assert faults == []


def _mixed(random: Random) -> Iterator[dict[str, Any]]:
    for _round in range(ROUNDS):
        yield {key: random.choice(ODD) for key in KEYS}
