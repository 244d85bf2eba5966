"""What a person may post on a wall. The rules are those of the actions; the form adds only how it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from commons.files.forms import WORDS
from commons.walls.actions import MOST, Picture

MINE = "mine"  # the wall of the member themself


class ShareForm(FlaskForm):
    on = SelectField(_l("Where"), validate_choice=False)
    text = TextAreaField(_l("What do you want to share?"))
    link = StringField(_l("Address"), render_kw={"inputmode": "url"})
    link_title = StringField(_l("What is to be found there"))
    picture = FileField(_l("Picture"), render_kw={"accept": "image/jpeg,image/png,image/webp,image/gif"})
    picture_alt = StringField(
        _l("What is to be seen"), description=_l("For people who cannot see the picture, in a sentence.")
    )
    picture_people = RadioField(_l("Does it show people who can be recognised?"), validate_choice=False)
    picture_licence = SelectField(_l("Licence of the picture"), validate_choice=False)
    choices = TextAreaField(_l("Choices"))
    until = StringField(_l("Until which day people may choose"))
    only_members = BooleanField(_l("Only for members of this site, also where the wall is open to everybody"))

    def __init__(self, *args: Any, walls: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on.choices = list(walls)
        self.choices.description = _("One on each line, at most %(many)s. Nobody sees who chose what.", many=MOST)
        self.picture_people.choices = [
            ("none", _("No")),
            ("agreed", _("Yes, and they agreed that it is shown here")),
            ("asked", _("Yes, but they have not been asked")),
        ]
        self.picture_licence.choices = [(code, str(WORDS[code])) for code in ("CC BY-SA 4.0", "shown with permission")]

    def values(self) -> dict[str, Any]:
        given: dict[str, Any] = {name: self[name].data or "" for name in ("text", "link", "link_title", "until")}
        return {**given, "choices": (self.choices.data or "").splitlines()}

    def picture_chosen(self) -> Picture | None:
        chosen = self.picture.data
        if not chosen or not chosen.filename:
            return None
        about = (self.picture_alt.data or "", self.picture_people.data or "", self.picture_licence.data or "")
        return Picture(chosen.stream, chosen.filename, *about)

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            field = self._fields.get(name, self.text)
            field.errors = [*field.errors, sentence]

    def ask_again(self) -> None:
        """No browser lets a page keep a file that was chosen; say so where it has to be chosen again."""
        if not self.picture.errors and self.picture.data:
            self.picture.errors = [_("Choose the picture again: browsers forget it. Everything else is kept.")]
