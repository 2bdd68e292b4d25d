"""What the list of cases says: names of views and filters, counts in words, what may be filtered by."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import format_date, format_decimal
from sqlalchemy import select

from app.access.visible import assigned_campaigns, contacts_of
from app.cases.counts import Count
from app.cases.listing import Page
from app.cases.listing_query import CaseQuery, Days, QuickView, ValueFilter
from app.cases.listing_scope import StatusRow, list_contact_fields, list_fields, scope_of
from app.cases.sources import source_title
from app.core.db import session
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.i18n import ngettext
from app.formbuilder.config import WithChoices
from app.formbuilder.field_types.base import Operator
from app.formbuilder.registry import answer_type
from app.models import AppUser, Contact, campaign_teams, campaign_users, fab_models, team_members
from app.models.cases import Source
from app.models.contacts import CustomFieldKind
from app.models.scripts import StatusKind
from app.people.roles import TITLES as ROLE_TITLES
from app.scripts.kinds import KINDS

VIEW_TITLES = {
    QuickView.CURRENT: _l("Current"),
    QuickView.MINE: _l("Mine and unassigned"),
    QuickView.NEW: _l("New"),
    QuickView.TODAY: _l("Touched today"),
    QuickView.OVERDUE: _l("Overdue"),
    QuickView.UNREAD: _l("Unread"),
    QuickView.POSTPONED: _l("Postponed"),
    QuickView.MONTH: _l("Last month"),
    QuickView.ALL: _l("All"),
}
FILTER_TITLES = {
    "campaign": _l("Campaign"),
    "status": _l("Status"),
    "kind": _l("Kind of status"),
    "owner": _l("Owner"),
    "source": _l("Source"),
    "created": _l("Opened"),
    "touched": _l("Last change"),
    "overdue": _l("Due"),
    "contact": _l("Contact"),
    "text": _l("Text"),
    "pasted": _l("Numbers"),
}
OPERATOR_TITLES = {
    Operator.EQUALS: _l("is"),
    Operator.CONTAINS: _l("contains"),
    Operator.RANGE: _l("from … to"),
    Operator.ONE_OF: _l("is one of"),
    Operator.EMPTY: _l("is empty"),
}
_NAMED_AT_ONCE = 3
Addressed = Callable[[CaseQuery], str]


def chips_of(query: CaseQuery, user: AppUser, address: Addressed) -> list[dict[str, str]]:
    """The filters that hold, in words, each with the address without it."""
    titles = _field_titles(query, user)
    return [
        {
            "key": name,
            "name": titles.get(name) or str(FILTER_TITLES.get(name, name)),
            "value": _value(name, query, user),
            "remove": address(query.without(name)),
        }
        for name in query.filters
    ]


def hidden_text(query: CaseQuery, name: str, count: Count, user: AppUser) -> str:
    """The sentence of an empty list: which filter hides most."""
    shown = count_text(count)
    if name == "view":
        return _(
            "No case of the view “%(view)s” fits. Among all cases there would be %(count)s.",
            view=VIEW_TITLES[query.view],
            count=shown,
        )
    title = _field_titles(query, user).get(name) or FILTER_TITLES.get(name, name)
    return _(
        "The filter “%(name)s: %(value)s” hides most: without it there would be %(count)s.",
        name=title,
        value=_value(name, query, user),
        count=shown,
    )


def count_text(count: Count) -> str:
    """How many cases: "61 cases", "about 48,000 cases", "more than 1,000 cases"."""
    shown = format_decimal(count.number)
    if count.about:
        return _("about %(count)s cases", count=shown)
    if count.at_least:
        return _("more than %(count)s cases", count=shown)
    return ngettext("%(num)s case", "%(num)s cases", count.number)


def short_count(count: Count) -> str:
    """For a tab: "61", "999+"."""
    return str(count.number) if count.is_exact else f"{count.number - 1}+"


def place_text(rows: Page) -> str:
    """Which rows these are: "51–100 of about 48,000 cases"."""
    if not rows.rows:
        return ""
    first, last = format_decimal(rows.place + 1), format_decimal(rows.place + len(rows.rows))
    if rows.count is None:
        return _("rows %(first)s–%(last)s", first=first, last=last)
    return _("%(first)s–%(last)s of %(count)s", first=first, last=last, count=count_text(rows.count))


def filter_options(query: CaseQuery, user: AppUser) -> dict[str, Any]:
    """What the dialog of filters offers: names of everything that the user may filter by."""
    scope = scope_of(user)
    scripts = {
        campaign.script_id for campaign in scope.campaigns if not query.campaigns or campaign.id in query.campaigns
    }
    return {
        "campaigns": scope.campaigns,
        "statuses": [status for status in scope.statuses if status.script_id in scripts],
        "campaign_names": _campaigns_of_scripts(scope.campaigns),
        "kinds": [(kind.value, KINDS[kind].title) for kind in StatusKind],
        "sources": [(source.value, source_title(source)) for source in Source],
        "people": people_of(user),
        "contact_fields": [
            {
                "name": f"custom.{key}",
                "title": field.title,
                "operators": [(each.value, OPERATOR_TITLES[each]) for each in (Operator.EQUALS, Operator.EMPTY)],
                "choices": [(each, each) for each in field.choices] or _yes_no(field.kind == CustomFieldKind.YES_NO),
                "value": dict(query.custom).get(key),
            }
            for key, field in list_contact_fields(user).items()
        ],
        "form_fields": [
            {
                "name": f"answer.{field_id}",
                "title": field.title,
                "operators": [(each.value, OPERATOR_TITLES[each]) for each in kind.operators],
                "choices": [(choice.id, choice.title) for choice in field.config.choices]
                if isinstance(field.config, WithChoices)
                else [],
                "value": dict(query.answers).get(field_id),
            }
            for field_id, field in list_fields(user, query.campaigns).items()
            if (kind := answer_type(field)) is not None
        ],
    }


def may_be_set_in_bulk(status: StatusRow) -> bool:
    """Whether many cases at once may be given the status."""
    kind = KINDS[status.kind]
    return not status.is_hidden and kind.allowed_in_bulk and kind.set_by_people


def people_of(user: AppUser) -> list[AppUser]:
    """Active users who may own the cases that the user sees, by name."""
    scope = scope_of(user)
    owners = select(AppUser).where(AppUser.active.is_(True)).order_by(AppUser.last_name, AppUser.first_name, AppUser.id)
    if not scope.sees_all:
        assigned = assigned_campaigns(user)
        owners = owners.where(_works_in((*assigned.whole, *assigned.own_only)))
    return list(session.scalars(owners.limit(500)))


def shareable_roles() -> list[tuple[int, str]]:
    """Roles that a view may be shared with."""
    role = fab_models.Role
    rows = session.execute(select(role.id, role.name))
    return sorted(((row.id, str(ROLE_TITLES.get(row.name, row.name))) for row in rows), key=lambda row: row[1].lower())


def _works_in(campaigns: tuple[int, ...]) -> Any:
    direct = select(campaign_users.c.user_id).where(campaign_users.c.campaign_id.in_(campaigns))
    by_team = (
        select(team_members.c.user_id)
        .join(campaign_teams, campaign_teams.c.team_id == team_members.c.team_id)
        .where(campaign_teams.c.campaign_id.in_(campaigns))
    )
    return AppUser.id.in_(direct.union(by_team))


def _campaigns_of_scripts(campaigns: Any) -> dict[int, str]:
    names: dict[int, list[str]] = {}
    for campaign in campaigns:
        names.setdefault(campaign.script_id, []).append(campaign.name)
    return {script: ", ".join(each) for script, each in names.items()}


def _yes_no(is_yes_no: bool) -> list[tuple[str, Any]]:  # noqa: FBT001
    return [("true", _l("yes")), ("false", _l("no"))] if is_yes_no else []


def _field_titles(query: CaseQuery, user: AppUser) -> dict[str, str]:
    """Titles of the form and contact fields that are filtered by; read only when there are any."""
    titles: dict[str, str] = {}
    if query.custom:
        titles |= {f"custom.{key}": field.title for key, field in list_contact_fields(user).items()}
    if query.answers:
        titles |= {f"answer.{key}": field.title for key, field in list_fields(user, query.campaigns).items()}
    return titles


def _value(name: str, query: CaseQuery, user: AppUser) -> str:  # noqa: PLR0911  (one line for each filter)
    scope = scope_of(user)
    if name == "campaign":
        return _names([each.name for each in scope.campaigns if each.id in query.campaigns])
    if name == "status":
        return _names(list(dict.fromkeys(each.name for each in scope.statuses if each.id in query.statuses)))
    if name == "kind":
        return _names([str(KINDS[kind].title) for kind in query.kinds])
    if name == "source":
        return _names([str(source_title(source)) for source in query.sources])
    if name == "owner":
        return _names(_owners(query))
    if name in {"created", "touched"}:
        return _days(query.created if name == "created" else query.touched)
    if name == "overdue":
        return _("overdue")
    if name in {"text", "pasted"}:
        return query.text if name == "text" else _names(list(query.pasted))
    return _contact(query, user) if name == "contact" else _comparison(name, query, user)


def _contact(query: CaseQuery, user: AppUser) -> str:
    names = select(Contact.name).where(Contact.id == query.contact, contacts_of(user))
    return _names(list(session.scalars(names)))


def _names(names: list[str]) -> str:
    if len(names) <= _NAMED_AT_ONCE:
        return ", ".join(names) or _("none that you may see")
    return _("%(names)s and %(count)s more", names=", ".join(names[:2]), count=len(names) - 2)


def _owners(query: CaseQuery) -> list[str]:
    found = [_("me")] if query.owner_is_me else []
    if query.owners:
        people = session.scalars(select(AppUser).where(AppUser.id.in_(query.owners)).order_by(AppUser.last_name))
        found += [person.full_name for person in people]
    return [*found, _("nobody")] if query.without_owner else found


def _days(days: Days) -> str:
    if days.since and days.since == days.until:
        return _day(days.since)
    if days.since and days.until:
        return _("%(since)s to %(until)s", since=_day(days.since), until=_day(days.until))
    if days.since:
        return _("since %(day)s", day=_day(days.since))
    return _("until %(day)s", day=_day(days.until)) if days.until else ""


def _day(day: date) -> str:
    return str(format_date(day, "d MMMM y"))


def _comparison(name: str, query: CaseQuery, user: AppUser) -> str:
    """A comparison with an answer or a contact field, choices by their titles."""
    kind, _dot, key = name.partition(".")
    pairs: dict[str, ValueFilter] = {
        str(each): value for each, value in (query.custom if kind == "custom" else query.answers)
    }
    value = pairs[key]
    if value.operator == Operator.EMPTY:
        return str(OPERATOR_TITLES[value.operator])
    titles: dict[str, str] = {}
    if kind == "answer":
        field = next(
            (each for field_id, each in list_fields(user, query.campaigns).items() if str(field_id) == key), None
        )
        if field is not None and isinstance(field.config, WithChoices):
            titles = {choice.id: choice.title for choice in field.config.choices}
    shown = [titles.get(each, each) or "…" for each in value.values]
    return " – ".join(shown) if value.operator == Operator.RANGE else _names(shown)
