"""What a member types to begin a talk, and whom they do not want to meet."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

_BETWEEN = re.compile(r"[,;\s]+")


class TalkForm(FlaskForm):
    to = StringField(_l("To"), description=_l("User names, with commas between them: ana, ben"))
    title = StringField(_l("What it is about"))
    text = TextAreaField(_l("Message"))

    def names(self) -> list[str]:
        return names_in(self.to.data or "")

    def values(self) -> dict[str, Any]:
        return {"title": self.title.data or "", "text": (self.text.data or "").replace("\r\n", "\n")}

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence]
            else:
                self.form_errors.append(sentence)


def names_in(text: str) -> list[str]:
    """The user names that somebody typed, in small letters and once each."""
    found = (name.lstrip("@").lower() for name in _BETWEEN.split(text) if name.strip("@"))
    return list(dict.fromkeys(found))[:20]


class WhoForm(FlaskForm):
    who = RadioField(
        _l("Who may write to you first?"),
        choices=[
            SelectChoice("everybody", _l("Everybody; who does not know you sends one message and waits for your yes")),
            SelectChoice("contacts", _l("Only your contacts")),
            SelectChoice("nobody", _l("Nobody")),
        ],
    )
