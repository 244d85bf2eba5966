"""What moderators decide about words that were looked for in vain."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from commons.focus.queries import tree
from commons.web.forms import FaultsForm

ACTS = [
    ("wanted", _l("Somebody should write a page about it: it is shown in the wiki among the wanted pages")),
    ("synonym", _l("It is another name of an area of focus: the area gets it, and the search knows it from then on")),
    ("dismissed", _l("Nothing needs to be done")),
]


class RulingForm(FaultsForm):
    act = RadioField(
        _l("What should become of it?"),
        choices=[SelectChoice(*one) for one in ACTS],
        validators=[InputRequired(_l("Choose one of the list."))],
    )
    title = StringField(
        _l("How it is written"),
        validators=[Length(max=200)],
        description=_l("The title of the page, or the name that the area gets. Put back capitals and accents."),
    )
    area = SelectField(_l("Area of focus"), coerce=int, validators=[Optional()], validate_choice=False)
    reason = StringField(
        _l("Reason"), validators=[Length(max=300)], description=_l("Needed when nothing is to be done.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = tree().sorted(list(tree().nodes))
        self.area.choices = [(0, _l("None")), *((node.id, node.label) for node in areas)]
