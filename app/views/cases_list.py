"""The list of cases: pages, rows that screens ask for, counters, saved views, columns, export."""

import json
import logging
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import Response, request, url_for
from redis import RedisError
from werkzeug.wrappers import Response as AnyResponse

from app.access.permissions import Permission, may
from app.cases.bulk import BulkChange, CaseSelection, loses_answers, start_change_many
from app.cases.counts import count_cases, count_views, hidden_by
from app.cases.exporting import Format, start_export
from app.cases.listing import case_page, case_rows, on_first_page
from app.cases.listing_columns import USUAL, ListColumn, columns_for
from app.cases.listing_query import NOBODY, CaseQuery, QuickView, Sort, parameters_of, query_from
from app.cases.listing_scope import scope_of
from app.cases.saved_views import Views, delete_view, remember_columns, save_view, views_of
from app.core.db import transaction
from app.core.errors import Invalid
from app.core.i18n import lazy_gettext as _l
from app.core.queue import redis_client
from app.models import AppUser, Case
from app.models.cases import Source
from app.views.base import Page, answer, body, page, the_user
from app.views.cases_list_heads import heads_of, sorted_by
from app.views.cases_list_rows import shown_rows
from app.views.cases_list_words import (
    VIEW_TITLES,
    chips_of,
    count_text,
    filter_options,
    hidden_text,
    may_be_set_in_bulk,
    place_text,
    shareable_roles,
    short_count,
)
from app.views.crud import CrudView
from app.views.rows import Interface
from app.views.sent import sent_member, sent_number, sent_numbers, sent_text, sent_when
from app.views.shell import language

log = logging.getLogger(__name__)

COUNTERS_KEPT = 20
"""Seconds for which the counters of a user's views are kept: they are glanced at, and every list has them."""
MOST_ROWS_ASKED = 200
MOST_CHOSEN = 2000
"""Cases that are named one by one; more are chosen as *all that match*."""

_NOT_HERE = frozenset({"show", "add", "edit", "delete", "options"})
"""Pages of Flask-AppBuilder that the card and the dialog of a new case stand for."""


class CaseListView(Page, CrudView):
    """The list of cases in pages by key. The card is CaseView; a case is opened by its dialog."""

    route_base = "/cases"
    class_permission_name = "Case"
    default_view = "list"
    datamodel = Interface(Case)
    reads = Permission.CASE_READ
    can_delete = False
    exclude_route_methods = {*CrudView.exclude_route_methods, *_NOT_HERE}
    list_columns = ["number"]
    show_columns = ["number"]

    @page("/", permission=Permission.CASE_READ)
    def list(self) -> str:
        """The page."""
        user = the_user()
        query = _query()
        views = views_of(user)
        listed = _listed(query, user, views)
        return self.render(
            "cases/list.html",
            **listed,
            views=views,
            shown_view=views.shown_by(query),
            quick=_quick_views(query, user),
            may_share=may(user, Permission.SAVED_VIEW_SHARE),
            roles=shareable_roles() if may(user, Permission.SAVED_VIEW_SHARE) else (),
            may_export=may(user, Permission.CASE_EXPORT),
            may_bulk=may(user, Permission.CASE_BULK),
            may_create=may(user, Permission.CASE_CREATE),
            parameters=parameters_of(query),
            campaign_rooms=sorted(scope_of(user).campaign_ids),
        )

    @page("/list", permission=Permission.CASE_READ)
    def part(self) -> str:
        """The list alone: for a change of page, filter or order, and after a connection was lost."""
        user = the_user()
        return self.render("cases/list_body.html", **_listed(_query(), user, views_of(user)))

    @page("/rows", permission=Permission.CASE_READ)
    def rows(self) -> Response:
        """Cases by id as rows, those that the user may see: screens ask when they hear of a change."""
        user = the_user()
        query = _query()
        ids = _ids(request.args.get("ids", ""))
        columns = columns_for(query, user, views_of(user).usual_columns or USUAL).chosen
        rows = case_rows(ids, user=user, columns=columns)
        html = {str(row.id): self.render("cases/list_rows.html", shown=shown_rows([row], columns)) for row in rows}
        return answer({"rows": html, "gone": sorted(ids - {row.id for row in rows})})

    @page("/new-rows", permission=Permission.CASE_READ)
    def new_rows(self) -> Response:
        """Which of these cases the first page has: screens ask when they hear of cases that they do not show."""
        return answer({"ids": on_first_page(_ids(request.args.get("ids", "")), _query(), user=the_user())})

    @page("/count", permission=Permission.CASE_READ)
    def count(self) -> Response:
        """How many cases the list has, in words: asked once its rows are shown."""
        return answer({"count": count_text(count_cases(_query(), user=the_user()))})

    @page("/counts", permission=Permission.CASE_READ)
    def counts(self) -> Response:
        """How many cases each quick view has, as short texts."""
        return answer(_counters(the_user(), is_fresh=True))

    @page("/filters", permission=Permission.CASE_READ)
    def filters(self) -> str:
        """The dialog in which filters are chosen."""
        query = _query()
        return self.render("cases/list_filters.html", query=query, **filter_options(query, the_user()))

    @page("/columns", permission=Permission.CASE_READ)
    def columns(self) -> str:
        """The dialog in which columns are chosen and put in order."""
        user = the_user()
        chosen = columns_for(_query(), user, views_of(user).usual_columns or USUAL, all_of_them=True)
        return self.render("cases/list_columns.html", columns=chosen)

    @page("/columns", permission=Permission.CASE_READ, methods=("POST",))
    def keep_columns(self) -> Response:
        """Show these columns from now on."""
        columns = body("columns")["columns"]
        if not isinstance(columns, list):
            raise Invalid(_l("The request could not be read."))
        with transaction():
            remember_columns([str(each) for each in columns], actor=the_user())
        return answer({})

    @page("/views", permission=Permission.CASE_READ, methods=("POST",))
    def add_view(self) -> Response:
        """Save the list under a name."""
        sent = body("name")
        query = _stored_query(sent)
        role = sent.get("role")
        with transaction():
            save_view(sent_text(sent["name"]), query, role_id=sent_number(role) if role else None, actor=the_user())
        return answer({"go": _address(query)})

    @page("/views/<int:view_id>/delete", permission=Permission.CASE_READ, methods=("POST",))
    def drop_view(self, view_id: int) -> Response:
        """Forget a view of one's own."""
        with transaction():
            delete_view(view_id, actor=the_user())
        return answer({})

    @page("/bulk", permission=Permission.CASE_BULK)
    def bulk_dialog(self) -> str:
        """The dialog of one bulk change: what it may be set to."""
        user = the_user()
        query = _query()
        action = request.args.get("action", "status")
        options = filter_options(query, user)
        return self.render(
            "cases/list_bulk.html",
            action=action,
            statuses=[each for each in options["statuses"] if may_be_set_in_bulk(each)],
            campaign_names=options["campaign_names"],
            campaigns=[each for each in options["campaigns"] if not each.is_archived],
            people=options["people"],
            sources=options["sources"],
        )

    @page("/bulk", permission=Permission.CASE_BULK, methods=("POST",))
    def bulk(self) -> AnyResponse:
        """Begin one change of the chosen cases, or of all that match. What clears answers has to be confirmed."""
        sent = body("action", "value")
        change = _change(str(sent["action"]), str(sent["value"]), sent.get("when"), the_user())
        if loses_answers(change) and sent.get("confirmed") is not True:
            return answer({"clears": True})
        ids = sent.get("ids")
        query = None if isinstance(ids, list) else parameters_of(_stored_query(sent))
        chosen = sent_numbers(ids)
        if len(chosen) > MOST_CHOSEN:
            raise Invalid(_l("Choose at most %(count)s cases, or all that match.", count=MOST_CHOSEN))
        with transaction():
            work = start_change_many(CaseSelection(ids=chosen, query=query), change, actor=the_user())
            work_id = work.id
        return answer({"work": work_id}, 202)

    @page("/export", permission=Permission.CASE_EXPORT, methods=("POST",))
    def export(self) -> AnyResponse:
        """Begin an export of all that match; the answer names the work to follow."""
        sent = body("format")
        with transaction():
            work = start_export(_stored_query(sent), sent_member(sent["format"], Format), actor=the_user())
            work_id = work.id
        return answer({"work": work_id}, 202)


def _listed(query: CaseQuery, user: AppUser, views: Views) -> dict[str, Any]:
    """What the list itself shows."""
    columns = columns_for(query, user, views.usual_columns or USUAL).chosen
    rows = case_page(query, user=user, columns=columns)
    sort, descending = query.order
    return {
        "query": query,
        "shown": shown_rows(rows.rows, columns),
        "columns": columns,
        "order": sorted_by(columns, sort, descending=descending),
        "heads": heads_of(columns, {column.key: _sorted(query, column) for column in columns if column.sort}),
        "chips": chips_of(query, user, _address),
        "cleared": _address(
            CaseQuery(view=query.view, columns=query.columns, sort=query.sort, descending=query.descending)
        ),
        "count": count_text(rows.count) if rows.count else "",
        "place": place_text(rows),
        "previous": _address(replace(query, cursor=rows.previous)) if rows.previous else None,
        "next": _address(replace(query, cursor=rows.next)) if rows.next else None,
        "first": None if query.cursor is None else _address(replace(query, cursor=None)),
        "hidden": None if rows.rows else _hidden(query, user),
    }


def _hidden(query: CaseQuery, user: AppUser) -> dict[str, str] | None:
    """Which filter hides most, in words, and the address without it."""
    found = hidden_by(query, user=user)
    if found is None:
        return None
    name, count = found
    eased = replace(query, view=QuickView.ALL, cursor=None) if name == "view" else query.without(name)
    return {"text": hidden_text(query, name, count, user), "address": _address(eased)}


def _quick_views(query: CaseQuery, user: AppUser) -> list[dict[str, Any]]:
    """The tabs. Filters go along from view to view; counters are what Redis has, the page asks for fresh ones."""
    kept = _counters(user, is_fresh=False)
    return [
        {
            "view": view.value,
            "text": VIEW_TITLES[view],
            "href": _address(replace(query, view=view, sort=None, descending=None, cursor=None)),
            "current": view == query.view,
            "count": kept.get(view.value, ""),
            "late": view == QuickView.OVERDUE,
        }
        for view in QuickView
    ]


def _counters(user: AppUser, *, is_fresh: bool) -> dict[str, str]:
    """Texts of the counters, kept in Redis for a moment; empty when they were not asked for lately."""
    key = f"case-views:{user.id}:{language()}"
    try:
        kept = redis_client().get(key)
        if kept:
            texts: dict[str, str] = json.loads(kept)
            return texts
        if not is_fresh:
            return {}
        texts = {view.value: short_count(count) for view, count in count_views(QuickView, user=user).items()}
        redis_client().set(key, json.dumps(texts), ex=COUNTERS_KEPT)
    except RedisError as error:
        log.warning("the list goes without its counters: %s", error)
        return {}
    return texts


def _sorted(query: CaseQuery, column: ListColumn) -> str:
    """The address that sorts by the column; by the same again, the other way round."""
    sort, descending = query.order
    turned = not descending if column.sort == sort else column.sort != Sort.DUE
    return _address(replace(query, sort=column.sort, descending=turned, cursor=None))


def _address(query: CaseQuery) -> str:
    parameters = parameters_of(query)
    return url_for("CaseListView.list") + (f"?{urlencode(parameters, doseq=True)}" if parameters else "")


def _query() -> CaseQuery:
    return query_from(request.args.to_dict(flat=False))


def _stored_query(body: dict[str, Any]) -> CaseQuery:
    """The query that a request carries as its address has it."""
    text = body.get("query")
    return query_from(parse_qs(text if isinstance(text, str) else "", keep_blank_values=True))


def _ids(text: str) -> set[int]:
    found = {sent_number(each) for each in text.split(",") if each}
    if len(found) > MOST_ROWS_ASKED:
        raise Invalid(_l("Ask for at most %(count)s cases at once.", count=MOST_ROWS_ASKED))
    return found


def _change(action: str, value: str, when: Any, user: AppUser) -> BulkChange:
    """The change that the dialog asks for."""
    if action == "status":
        return BulkChange(status_id=sent_number(value), date=sent_when(when, user) if when else None)
    if action == "owner":
        return BulkChange(without_owner=True) if value == NOBODY else BulkChange(owner_id=sent_number(value))
    if action == "campaign":
        return BulkChange(campaign_id=sent_number(value))
    if action == "source" and value in set(Source):
        return BulkChange(source=Source(value))
    raise Invalid(_l("Choose one change for all these cases."))
