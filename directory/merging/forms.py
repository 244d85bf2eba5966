"""What a person may type where two records are made one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length


class MergeForm(FlaskForm):
    winner_version = HiddenField()
    loser_version = HiddenField()
    note = StringField(
        _l("How do you know that they are one?"),
        description=_l("A few words; they stand in the history of both."),
        validators=[Length(max=200)],
    )

    def show_faults(self, fields: dict[str, str]) -> None:
        self.note.errors = [*self.note.errors, *fields.values()]


class UndoForm(FlaskForm):
    note = StringField(_l("Why are they two after all?"), validators=[Length(max=200)])

    def show_faults(self, fields: dict[str, str]) -> None:
        self.note.errors = [*self.note.errors, *fields.values()]
