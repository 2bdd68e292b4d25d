"""Flask-AppBuilder's ModelView as we use it: scoped rows, bounded pages, one commit, and verbs instead of saves."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import ModelView, expose
from flask_appbuilder.exceptions import FABException
from flask_appbuilder.urltools import get_filter_args, get_order_args
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as AnyResponse

from app.access.permissions import Permission, may, require
from app.core.db import transaction
from app.core.errors import Invalid, SplotError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.views.base import answer, ask_to_sign_in, current_user, remember_list
from app.views.numbers import number_in
from app.views.related import Converter
from app.views.rows import CHOICES, SECRET_COLUMNS, Interface, title_of

MAX_PAGE_SIZE = 100
_LAST_PAGE = 10**9
_METHODS: Mapping[str, str] = {
    "list": "reads", "show": "reads", "add": "adds", "edit": "changes", "delete": "deletes",
}  # fmt: skip


def _asks(kind: str) -> Callable[[Any], Any]:
    def guard(function: Any) -> Any:
        @wraps(function)
        def checked(self: "CrudView", *args: Any, **kwargs: Any) -> Any:
            if request.is_json and request.method == "POST":
                abort(415)  # a form, and nothing else: its fields would be of any type
            return self.guarded(getattr(self, kind), lambda: function(self, *args, **kwargs))

        return checked

    return guard


class CrudView(ModelView):
    """Set `datamodel`, `reads`, `changes` and the columns; override the three hooks to call verbs.

    The hooks run inside the transaction of the door. What they raise as SplotError is shown above the form, with
    nothing typed lost; `Invalid.fields` is shown at the fields.
    """

    datamodel: Interface
    reads: Permission
    changes: Permission | None = None
    adds: Permission | None = None
    """Same as `changes` unless set; `can_add = False` takes the page away."""
    deletes: Permission | None = None
    can_add = True
    exclude_route_methods: set[str] = {"download", "action", "action_post"}
    called = "name"
    """The column that a row is called by."""

    list_columns: list[str]
    show_columns: list[str]
    add_columns: list[str]
    edit_columns: list[str]
    search_columns: list[str]
    search_form: Any
    add_form: Any
    edit_form: Any

    add_row_message = _l("Saved.")
    edit_row_message = _l("Saved.")
    delete_row_message = _l("Deleted.")

    def create(self, item: Any, form: Any) -> Any:
        """Save a new row; returns it."""
        form.populate_obj(item)
        self.datamodel.add(item)
        return item

    def change(self, item: Any, form: Any) -> None:
        """Save changes of a row."""
        form.populate_obj(item)
        self.datamodel.edit(item)

    def remove(self, item: Any) -> None:
        """Delete a row."""
        self.datamodel.delete(item)

    def after(self, item: Any) -> AnyResponse:
        """Where one goes after a save."""
        return redirect(url_for(f"{self.endpoint}.list"))

    def permits(self, method: str) -> bool:
        """Whether the user may use the method ("list", "show", "add", "edit", "delete"); templates ask."""
        kind = _METHODS.get(method)
        permission = getattr(self, kind) if kind else None
        return permission is not None and may(current_user(), permission)

    @expose("/list/")
    @_asks("reads")
    def list(self) -> Any:
        """The list."""
        remember_list()
        return self.render_template(self.list_template, title=self.list_title, widgets=self._list())

    @expose("/show/<pk>")
    @_asks("reads")
    def show(self, pk: str) -> Any:
        """One row."""
        item = self.the_item(pk)
        widgets = self._get_show_widget(item.id, item)
        return self.render_template(
            self.show_template, pk=item.id, title=self.named(item), widgets=widgets, item=item, related_views=[]
        )

    def named(self, item: Any) -> Any:
        """The title of the page of one row: what people call it."""
        return getattr(item, self.called)

    @expose("/add", methods=["GET", "POST"])
    @_asks("adds")
    def add(self) -> Any:
        """A new row."""
        form = self.add_form()
        if request.method == "POST" and form.validate():
            saved, response = self._saved(lambda: self.create(self.datamodel.obj(), form), form)
            if saved:
                flash(self.add_row_message, "success")
                return response
        widgets = self._get_add_widget(form=form)
        return self.render_template(self.add_template, title=self.add_title, widgets=widgets, form=form)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @_asks("changes")
    def edit(self, pk: str) -> Any:
        """A changed row."""
        item = self.the_item(pk)
        form = self.edit_form(obj=item)
        form._id = item.id  # noqa: SLF001  (Flask-AppBuilder's check for uniqueness reads it)
        if request.method == "POST" and form.validate():
            saved, response = self._saved(lambda: self._changed(item, form), form)
            if saved:
                flash(self.edit_row_message, "success")
                return response
            item = self.the_item(pk)
        widgets = self._get_edit_widget(form=form)
        return self.render_template(
            self.edit_template, title=self.edit_title, widgets=widgets, form=form, item=item, related_views=[]
        )

    @expose("/delete/<pk>", methods=["POST"])
    @_asks("deletes")
    def delete(self, pk: str) -> Any:
        """A row less."""
        item = self.the_item(pk)
        try:
            with transaction():
                self.remove(item)
        except SplotError as error:
            flash(str(error), "danger")
        except IntegrityError:
            flash(_("Something still uses this, so it stays."), "danger")
        else:
            flash(self.delete_row_message, "success")
        return redirect(url_for(f"{self.endpoint}.list"))

    @expose("/options/<column>")
    @_asks("reads")
    def options(self, column: str) -> Any:
        """What a select offers for `?q=text`: `{"results": [{"id", "text"}]}`."""
        if column not in {*self.add_columns, *self.edit_columns, *self.search_columns}:
            abort(404)
        if not self.datamodel.is_relation(column):
            abort(404)
        rows = self.datamodel.get_related_interface(column).choices(request.args.get("q", ""), CHOICES)
        return answer({"results": [{"id": row.id, "text": title_of(row)} for row in rows]})

    def guarded(self, permission: Permission | None, show: Callable[[], Any]) -> Any:
        """`show()` for a signed-in user with the permission: for views that answer a route in their own way."""
        user = current_user()
        if user is None:
            return ask_to_sign_in()
        if permission is None:
            abort(404)
        require(user, permission)
        return show()

    def the_item(self, pk: str) -> Any:
        """The row, or 404 when there is none or the user may not see it."""
        number = number_in(pk)
        item = self.datamodel.get(number, self._base_filters) if number is not None else None
        return item if item is not None else abort(404)

    def _changed(self, item: Any, form: Any) -> Any:
        self.change(item, form)
        return item

    def _saved(self, save: Callable[[], Any], form: Any) -> tuple[bool, AnyResponse | None]:
        try:
            with transaction():
                item = save()
                response = self.after(item)
        except Invalid as error:
            for name, texts in error.fields.items():
                if name in form:
                    form[name].errors = [*form[name].errors, *texts]
            flash(str(error), "danger")
        except SplotError as error:
            flash(str(error), "danger")
        except IntegrityError:
            flash(_("This exists already, or something it needs is gone. Nothing was saved."), "danger")
        else:
            return True, response
        return False, None

    def _list(self) -> Any:
        filters = self.datamodel.get_filters(self.search_columns)  # of this request, not of the view
        try:
            get_filter_args(filters)
        except FABException:
            abort(400)
        name = type(self).__name__
        column, direction = get_order_args().get(name, ("", ""))
        if column not in self.order_columns:
            column, direction = "", ""
        widgets = self._get_list_widget(
            filters=filters,
            order_column=column,
            order_direction=direction,
            page=_number(f"page_{name}", 0),
            page_size=min(_number(f"psize_{name}", self.page_size) or self.page_size, MAX_PAGE_SIZE),
        )
        widgets["search"] = self.search_widget(
            route_base=self.route_base,
            form=self.search_form(),
            include_cols=self.search_columns,
            exclude_cols=[],
            filters=filters,
        )
        return widgets

    def _init_properties(self) -> None:
        writes = self.changes is not None
        self.adds = self.adds or (self.changes if self.can_add else None)
        closed = {name for name, kind in _METHODS.items() if getattr(self, kind) is None}
        self.exclude_route_methods = {*self.exclude_route_methods, *closed}
        for needed, names in (("list", self.list_columns), ("show", self.show_columns)):
            if not names:
                message = f"{type(self).__name__} must say its {needed}_columns"
                raise LookupError(message)
        if writes and not self.edit_columns:
            message = f"{type(self).__name__} must say its edit_columns"
            raise LookupError(message)
        self.edit_columns = self.edit_columns or self.list_columns
        self.add_columns = self.add_columns or self.edit_columns
        known = [name for name in self.list_columns if name in self.datamodel.list_columns]
        self.search_columns = [
            name for name in self.search_columns or known if self._is_searchable(name) and name not in SECRET_COLUMNS
        ]
        super()._init_properties()
        # Flask-AppBuilder offers every column to an empty list; and texts in a list have no filter.
        self.search_columns = [name for name in self.search_columns if self._is_searchable(name)]

    def _is_searchable(self, name: str) -> bool:
        data = self.datamodel
        return data.is_known(name) and not data.is_texts(name) and not data.is_time(name)

    def _init_forms(self) -> None:
        converter = Converter(self.datamodel, type(self).__name__)
        common = (self.description_columns, self.validators_columns)
        self.search_form = self.search_form or converter.create_form(
            self.label_columns, self.search_columns, extra_fields=self.search_form_extra_fields
        )
        self.add_form = self.add_form or converter.create_form(
            self.label_columns, self.add_columns, *common, self.add_form_extra_fields
        )
        self.edit_form = self.edit_form or converter.create_form(
            self.label_columns, self.edit_columns, *common, self.edit_form_extra_fields
        )


def _number(name: str, default: int) -> int:
    number = number_in(request.args.get(name, ""))
    return default if number is None else min(number, _LAST_PAGE)
