"""What moderators may type: always with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

LEVELS = [
    ("trusted", _l("Edits of new members wait until a moderator has looked at them")),
    ("moderators", _l("Edits of everybody but moderators wait")),
    ("", _l("Not protected")),
]


class ProtectForm(FlaskForm):
    level = RadioField(_l("Who may change this"), choices=[SelectChoice(*one) for one in LEVELS])
    until = DateField(
        _l("Until"), validators=[Optional()], description=_l("Empty: until a moderator ends the protection.")
    )
    reason = StringField(_l("Reason"), validators=[Length(max=300)])

    def end(self) -> datetime | None:
        """The end of the chosen day."""
        return datetime.combine(self.until.data, time(23, 59, 59), UTC) if self.until.data else None

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence]
            else:
                self.form_errors.append(sentence)
