"""What somebody writes to an organisation, and what it answers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField


class LetterForm(FlaskForm):
    name = StringField(_l("Your name"), description=_l("As they should read it."))
    email = StringField(
        _l("Your e-mail address"), description=_l("They do not see it: their answer comes to you through this site.")
    )
    text = TextAreaField(_l("Your letter"))
    website = StringField(_l("Leave this empty"))  # people do not see it; programs that fill every field do

    def values(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("name", "email", "text")}

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            self[name].errors = [*self[name].errors, sentence]


class AnswerForm(FlaskForm):
    text = TextAreaField(_l("Your answer"))

    def show_faults(self, fields: dict[str, str]) -> None:
        self.text.errors = [*self.text.errors, *fields.values()]
