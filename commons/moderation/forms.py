"""What moderators may type, always with a reason, and what whoever reports may say."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from commons.members.models import Member

LEVELS = [
    ("trusted", _l("Edits of new members wait until a moderator has looked at them")),
    ("moderators", _l("Edits of everybody but moderators wait")),
    ("", _l("Not protected")),
]

REASONS = [
    ("danger", _l("Somebody may come to harm: a threat, a child in danger, a call to violence")),
    ("harassment", _l("It insults or pursues somebody")),
    ("private", _l("It shows what is private about somebody")),
    ("rights", _l("It uses work of somebody who did not allow it")),
    ("spam", _l("It is advertising, or it deceives")),
    ("wrong", _l("It says something that is not true")),
    ("other", _l("Something else")),
]
STEPS = [
    ("nothing", _l("Nothing more is needed")),
    ("remove", _l("Remove it: its address says that it was removed, and why")),
    ("warn", _l("Write to its author")),
    ("suspend", _l("Shut its author out until a moderator lets them in again")),
]
OUTCOMES = [("upheld", _l("The report is right")), ("dismissed", _l("There is nothing wrong with it"))]
CHOOSE = _l("Choose one of the list.")


class FaultyForm(FlaskForm):
    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, sentence]
            else:
                self.form_errors.append(sentence)


class ProtectForm(FaultyForm):
    level = RadioField(_l("Who may change this"), choices=[SelectChoice(*one) for one in LEVELS])
    until = DateField(
        _l("Until"), validators=[Optional()], description=_l("Empty: until a moderator ends the protection.")
    )
    reason = StringField(_l("Reason"), validators=[Length(max=300)])

    def end(self) -> datetime | None:
        """The end of the chosen day."""
        return datetime.combine(self.until.data, time(23, 59, 59), UTC) if self.until.data else None


class ReportForm(FaultyForm):
    reason = RadioField(
        _l("What is wrong?"), choices=[SelectChoice(*one) for one in REASONS], validators=[InputRequired(CHOOSE)]
    )
    words = TextAreaField(_l("What should we know?"), validators=[Length(max=2000)])
    email = StringField(
        _l("E-mail"),
        validators=[Length(max=254)],
        description=_l("Only for our answer; we forget it when it is sent."),
    )
    website = StringField(_l("Leave this empty"))  # people do not see it; programs that fill every field do

    def address(self, viewer: Member | None) -> str:
        """Where a visitor wants the answer; members are answered at the address of their account."""
        return "" if viewer else (self.email.data or "").strip()


class DecideForm(FaultyForm):
    outcome = RadioField(
        _l("Your decision"), choices=[SelectChoice(*one) for one in OUTCOMES], validators=[InputRequired(CHOOSE)]
    )
    step = RadioField(_l("If it is right, then"), default="nothing", choices=[SelectChoice(*one) for one in STEPS])
    note = StringField(
        _l("Reason"),
        validators=[Length(max=300)],
        description=_l("Of a removal it stands in the public log; of a warning its author reads it."),
    )
    answer = TextAreaField(
        _l("Answer to those who reported it"), validators=[Length(max=1000)], description=_l("Empty: a usual sentence.")
    )

    def offer(self, may_remove: bool) -> None:
        """Nobody removes what they may not see."""
        self.step.choices = [SelectChoice(*one) for one in STEPS if may_remove or one[0] != "remove"]

    def decision(self) -> dict[str, Any]:
        return {
            "upheld": self.outcome.data == "upheld",
            "step": self.step.data or "nothing",
            "note": self.note.data or "",
            "answer": self.answer.data or "",
        }
