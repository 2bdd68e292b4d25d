"""Fields of Flask-AppBuilder's forms that it has not, or has in a way that does not scale.

A relation is a select that loads the chosen rows and a few more; the rest is found by typing (`/options/<column>`).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import url_for
from flask_appbuilder.forms import GeneralModelConverter
from markupsafe import Markup, escape
from wtforms import DateTimeLocalField, Field, Form, SelectField, TextAreaField, TimeField, ValidationError, validators
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import html_params

from app.core.i18n import lazy_gettext as _l
from app.views.library_texts import WordsMeta
from app.views.numbers import number_in
from app.views.rows import Interface, title_of


class RelatedSelect:
    """A select with the chosen rows and the first choices; `data-url` is where the others are found."""

    def __call__(self, field: "RelatedField", **attributes: Any) -> Markup:
        """The HTML."""
        attributes.setdefault("id", field.id)
        name = attributes.pop("name_", field.name)
        attributes["class"] = f"form-select {attributes.pop('class', attributes.pop('class_', ''))}".strip()
        attributes["data-url"] = field.source()
        if field.multiple:
            attributes["multiple"] = True
        if field.flags.required:
            attributes["required"] = True
        options = [] if field.multiple else ['<option value=""></option>']
        chosen = field.chosen_rows()
        options += [_option(row.id, title_of(row), is_chosen=True) for row in chosen]
        options += [_option(row.id, title_of(row)) for row in field.interface().choices() if row not in chosen]
        return Markup(f"<select {html_params(name=name, **attributes)}>{''.join(options)}</select>")  # noqa: S704  (all escaped)


class RelatedField(Field):
    """The other side of a relation: one row, or several. Only rows that the user may see are taken."""

    widget = RelatedSelect()

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] | None = None,
        *,
        interface: Callable[[], Interface],
        source: Callable[[], str],
        multiple: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.interface = interface
        self.source = source
        self.multiple = multiple
        self._unknown = False

    def chosen_rows(self) -> list[Any]:
        """The rows that are chosen now."""
        if self.multiple:
            return list(self.data or ())
        return [self.data] if self.data is not None else []

    def process_formdata(self, valuelist: Iterable[str]) -> None:
        """Turn ids into rows; ids that are unknown, or not for this user, fail the validation."""
        texts = [text for text in valuelist if text]
        ids = {number for number in map(number_in, texts) if number is not None}
        rows = self.interface().by_ids(sorted(ids))
        self._unknown = len(rows) != len(set(texts))
        self.data = rows if self.multiple else (rows[0] if rows else None)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on offer."""
        if self._unknown:
            raise ValidationError(_l("This choice is not available to you."))


class LinesField(TextAreaField):
    """A list of texts, one in a line."""

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Split into lines without the empty ones."""
        if valuelist:
            self.data = [line.strip() for line in valuelist[0].splitlines() if line.strip()]


class Converter(GeneralModelConverter):
    """Flask-AppBuilder's form maker, with our relations and the kinds that it lacks."""

    def __init__(self, datamodel: Interface, endpoint: str) -> None:
        super().__init__(datamodel)
        self.endpoint = endpoint

    def create_form(self, *given: Any, **named: Any) -> type[Form]:
        """A form whose messages come from our catalogue."""
        made: type[Form] = super().create_form(*given, **named)
        made.Meta = WordsMeta
        return made

    def _convert_many_to_one(self, col_name, label, description, lst_validators, filter_rel_fields, form_props):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        optional = self.datamodel.is_nullable(col_name)
        lst_validators.append(validators.Optional() if optional else validators.DataRequired())
        return self._related(col_name, label, description, lst_validators, form_props, multiple=False)

    def _convert_many_to_many(self, col_name, label, description, lst_validators, filter_rel_fields, form_props):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return self._related(col_name, label, description, lst_validators, form_props, multiple=True)

    def _related(
        self, name: str, label: Any, description: Any, checks: list[Any], fields: dict[str, Any], *, multiple: bool
    ) -> dict[str, Any]:
        fields[name] = RelatedField(
            label,
            checks,
            interface=lambda: self.datamodel.get_related_interface(name),
            source=lambda: url_for(f"{self.endpoint}.options", column=name),
            multiple=multiple,
            description=description,
        )
        return fields

    def _convert_simple(self, col_name, label, description, lst_validators, form_props):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if self.datamodel.is_enum(col_name):
            form_props[col_name] = self._choice(col_name, label, description, lst_validators)
            return form_props
        for is_kind, field in (
            (self.datamodel.is_texts, LinesField),
            (self.datamodel.is_time, TimeField),
            (self.datamodel.is_datetime, DateTimeLocalField),
        ):
            if is_kind(col_name):
                form_props[col_name] = field(label, [*lst_validators, validators.Optional()], description=description)
                return form_props
        if not self.datamodel.is_known(col_name):
            return form_props
        return super()._convert_simple(col_name, label, description, lst_validators, form_props)

    def _choice(self, name: str, label: Any, description: Any, checks: list[Any]) -> SelectField:
        """A choice among the members of an enumeration, by their values."""
        members = self.datamodel.list_columns[name].type.enum_class
        return SelectField(
            label,
            checks,
            choices=[SelectChoice(member.value, member.value) for member in members],
            coerce=lambda value: members(value) if value else None,
            description=description,
        )


def _option(value: int, label: str, *, is_chosen: bool = False) -> str:
    return f'<option value="{value}"{" selected" if is_chosen else ""}>{escape(label)}</option>'
