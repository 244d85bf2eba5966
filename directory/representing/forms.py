"""What people say when they claim to speak for an organisation, invite a colleague, or answer for its record."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from commons.web.forms import FaultsForm

LABELS: dict[str, Any] = {"signatory": _l("Signatory"), "steward": _l("Steward"), "delegate": _l("Delegate")}
MEANING: dict[str, Any] = {
    "delegate": _l("talks and shows interest for the organisation"),
    "steward": _l("also publishes, agrees terms and looks after its people"),
    "signatory": _l("also signs agreements and gives every role"),
}


def label(voice: str) -> Any:
    return LABELS.get(voice, _l("Speaks for it"))


class ClaimForm(FaultsForm):
    role = StringField(_l("What you do there"))
    way = RadioField(
        _l("How can it be seen that this is so?"),
        choices=[
            SelectChoice("mail", _l("By a mail to an address at the domain of its website")),
            SelectChoice("token", _l("By a line on its website")),
            SelectChoice("vouchers", _l("By two people here who know me")),
        ],
        default="mail",
        validate_choice=False,
    )
    email = StringField(
        _l("Your address there"), description=_l("Only for the first way. A link goes there, and it is not kept.")
    )


class AskForm(FaultsForm):
    """Where the organisation has people here, they decide."""

    role = StringField(_l("What you do there"))
    proof = TextAreaField(_l("A few words to them"), description=_l("Deleted with their decision."))


class NameForm(FaultsForm):
    username = StringField(_l("User name"), description=_l("As it stands in their profile, for example @ana."))


class InviteForm(NameForm):
    voice = SelectField(_l("Role"), choices=[SelectChoice(name, words) for name, words in LABELS.items()])


class ReasonForm(FaultsForm):
    reason = StringField(_l("Why, in one sentence"), description=_l("It is shown on the page of the organisation."))
