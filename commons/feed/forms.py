"""What a member chooses of mails and private feeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from commons.members.forms import AccountForm

LEVELS = {
    "notices": (_l("Feed and notices"), _l("Listed in your feed, and you are told when something new is there.")),
    "feed": (_l("Feed only"), _l("Listed in your feed, and nothing more.")),
    "muted": (_l("Muted"), _l("Neither in your feed nor in your notices, whatever else you follow.")),
}
PACES = {
    "": _l("As you chose for all"),
    "daily": _l("Every day"),
    "weekly": _l("Every week"),
    "never": _l("Never"),
}


def _choices(words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


class MailsForm(AccountForm):
    asks = RadioField(
        _l("When something asks for you"),
        choices=_choices({"now": _l("A mail at once"), "digest": _l("With the next digest"), "never": _l("No mail")}),
        description=_l("A mention, an answer to you, a message, an invitation."),
    )
    digest = RadioField(
        _l("A digest of what you follow"),
        choices=_choices({"daily": _l("Every day"), "weekly": _l("Every week"), "never": _l("No mail")}),
        description=_l("None comes when nothing is new. Groups may have a choice of their own."),
    )

    def chosen(self) -> dict[str, str]:
        return {"asks": self.asks.data or "", "digest": self.digest.data or ""}


class ChooseForm(FlaskForm):
    """How one thing is watched; `mail` is asked for groups only."""

    how = RadioField(_l("How you hear of it"), choices=_choices({name: words[0] for name, words in LEVELS.items()}))
    mail = RadioField(_l("Mails of this group"), choices=_choices(PACES), validate_choice=False)


class KeyForm(AccountForm):
    label = StringField(_l("What is it for?"), description=_l("The program or device that reads it."))
