"""What an organisation may say of another one, and the other's answer. The rules are those of the fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from commons.web import language_name
from commons.web.languages import WRITTEN
from directory.statements.fields import LONGEST, OWN, SHORTEST


class StatementForm(FlaskForm):
    voice = SelectField(_l("In the name of"), validate_choice=False)
    text = TextAreaField(_l("What you did together, and how it went"))
    link = StringField(_l("Where that can be seen"), render_kw={"inputmode": "url"})
    language = SelectField(_l("Language of this text"), validate_choice=False)
    note = StringField(_l("What did you change, and why?"), description=_l("A few words for the history."))
    version = HiddenField()

    def __init__(self, *args: Any, voices: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.voice.choices = list(voices)
        self.language.choices = [("", _("Not known")), *((code, language_name(code)) for code in WRITTEN)]
        self.text.description = _("Between %(few)s and %(many)s characters.", few=SHORTEST, many=LONGEST)

    def values(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in OWN}

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            field = self._fields.get(name, self.text)
            field.errors = [*field.errors, sentence]


class AnswerForm(FlaskForm):
    text = TextAreaField(_l("Your answer"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text.description = _("Up to %(many)s characters. There is one answer to each statement.", many=LONGEST)

    def show_faults(self, fields: dict[str, str]) -> None:
        self.text.errors = [*self.text.errors, *fields.values()]
