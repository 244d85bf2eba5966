"""What a member says of a search that they keep."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from commons.members.forms import AccountForm

RHYTHM_WORDS = {"never": _l("No mail"), "daily": _l("Every day"), "weekly": _l("Every week")}


class SearchForm(AccountForm):
    name = StringField(_l("Name of this search"))
    rhythm = SelectField(
        _l("Mail about what is new in it"),
        choices=[SelectChoice(value, label) for value, label in RHYTHM_WORDS.items()],
        default="weekly",
        validate_choice=False,
    )
    address = HiddenField()
