"""What a person may type about an area of focus."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField

from commons.focus.models import Area
from commons.focus.queries import tree
from commons.web import Conflict


class AreaForm(FlaskForm):
    title = StringField(_l("Name in English"))
    label_fr = StringField(_l("Name in French"))
    label_es = StringField(_l("Name in Spanish"))
    definition_en = TextAreaField(_l("What belongs here, in English"))
    definition_fr = TextAreaField(_l("What belongs here, in French"))
    definition_es = TextAreaField(_l("What belongs here, in Spanish"))
    synonyms_en = StringField(
        _l("Other words for it, in English"), description=_l("With commas between them. Search understands them.")
    )
    synonyms_fr = StringField(_l("Other words for it, in French"))
    synonyms_es = StringField(_l("Other words for it, in Spanish"))
    parents = SelectMultipleField(_l("Stands under"), coerce=int, validate_choice=False)
    sdgs = SelectMultipleField(_l("Sustainable Development Goals"), coerce=int, validate_choice=False)
    note = StringField(_l("What did you change, and why?"))
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parents.choices = [(node.id, node.label) for node in tree().sorted(list(tree().nodes))]
        self.sdgs.choices = [(number, str(number)) for number in range(1, 18)]

    def values(self) -> dict[str, Any]:
        names = [name for name in self._fields if name not in ("note", "version", "csrf_token")]
        values = {
            name: self[name].data or ("" if not isinstance(self[name], SelectMultipleField) else []) for name in names
        }
        for name in names:
            if name.startswith("synonyms_"):
                values[name] = [word.strip() for word in str(values[name]).split(",") if word.strip()]
        return {**values, "parents": sorted(values["parents"]), "sdgs": sorted(values["sdgs"])}

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            field = self._fields.get(name, self.title)
            field.errors = [*field.errors, sentence]

    def show_collisions(self, fault: Conflict) -> None:
        """Both sides of what two people changed: mine in the field, theirs beside it; saving again uses mine."""
        self.version.data = str(fault.version)
        faults = {
            one.field: _(
                "Meanwhile somebody changed this to: %(theirs)s. Yours is kept here; save again to use it.",
                theirs=one.theirs,
            )
            for one in fault.collisions
        }
        self.show_faults(faults)


def filled(area: Area) -> AreaForm:
    names = [
        name
        for name in AreaForm.__dict__
        if not name.startswith("_") and name not in ("note", "version", "values", "show_faults", "show_collisions")
    ]
    data = {name: area.value(name) for name in names}
    data |= {name: ", ".join(value) for name, value in data.items() if name.startswith("synonyms_")}
    return AreaForm(data={**data, "version": str(area.version)})
