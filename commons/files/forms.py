"""What a person may say about a file. The rules are those of the actions; the form adds only how it is asked."""

from __future__ import annotations

from typing import Any, BinaryIO

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from commons.files.actions import LICENCES
from commons.files.intake.formats import ACCEPTED
from commons.files.models import File
from commons.focus.queries import tree
from commons.web import Conflict, language_name, reader

OTHER = "other"
FIELDS = ("title", "alt", "description", "credit", "language")
WORDS = {
    "CC BY-SA 4.0": _l("CC BY-SA 4.0: others may use it if they name you and share alike"),
    "CC BY 4.0": _l("CC BY 4.0: others may use it if they name you"),
    "CC0 1.0": _l("CC0 1.0: everybody may use it for everything"),
    "shown with permission": _l("All rights reserved; it may be shown here with permission"),
    "public domain": _l("Public domain: nobody holds rights in it any more"),
}


class FileForm(FlaskForm):
    file = FileField(_l("File"), render_kw={"accept": ACCEPTED})
    title = StringField(_l("Title"))
    alt = StringField(
        _l("What is to be seen"),
        description=_l("For people who cannot see the picture: what you would say on the telephone, in a sentence."),
    )
    decorative = BooleanField(_l("The picture is decoration: it says nothing that the text beside it does not say"))
    people = RadioField(_l("Does it show people who can be recognised?"), validate_choice=False)
    credit = StringField(_l("Who made it"), description=_l("A name, and an address on the web if there is one."))
    licence = SelectField(_l("Licence"), validate_choice=False)
    licence_words = StringField(_l("The name of the other licence"))
    description = TextAreaField(_l("Description"), description=_l("Where, when, for what. Markdown works."))
    language = SelectField(_l("Language of this text"), validate_choice=False)
    focus = SelectMultipleField(_l("Areas of focus"), coerce=int, validate_choice=False)
    again = BooleanField(_l("Add it all the same"))
    note = StringField(_l("What did you change, and why?"), description=_l("A few words for the history."))
    version = HiddenField()
    within = HiddenField()  # the entry in which a new file will stand

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.licence.choices = [
            ("", _("Choose")),
            *((code, str(WORDS[code])) for code in LICENCES),
            (OTHER, _("Another one")),
        ]
        self.people.choices = [
            ("none", _("No, or it is not a picture")),
            ("agreed", _("Yes, and they agreed that it is shown here")),
            ("asked", _("Yes, but they have not been asked")),
        ]
        self.language.choices = [("", _("Not known")), *languages()]
        self.focus.choices = [(node.id, node.label) for node in tree().nodes.values()]

    def values(self) -> dict[str, Any]:
        given: dict[str, Any] = {name: self[name].data or "" for name in FIELDS}
        licence = self.licence.data or ""
        given["licence"] = (self.licence_words.data or "") if licence == OTHER else licence
        given["purpose"] = "decorative" if self.decorative.data else ""
        given["people"] = self.people.data or ""
        return {**given, "focus": sorted(self.focus.data or [])}

    def stream(self) -> tuple[BinaryIO | None, str]:
        """What was chosen, and its name; (None, "") when nothing was."""
        chosen = self.file.data
        return (chosen.stream, chosen.filename or "") if chosen else (None, "")

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            shown = "licence_words" if name == "licence" and self.licence.data == OTHER else name
            field = self._fields.get(shown, self.title)
            field.errors = [*field.errors, sentence]

    def ask_again(self) -> None:
        """No browser lets a page keep a file that was chosen; say so where it has to be chosen again."""
        if not self.file.errors and self.file.data:
            self.file.errors = [_("Choose the file again: browsers forget it. Everything else is kept.")]

    def show_collisions(self, fault: Conflict) -> None:
        self.version.data = str(fault.version)
        self.show_faults(
            {
                one.field: _(
                    "Meanwhile somebody changed this to: %(theirs)s. Yours is kept here; save again to use it.",
                    theirs=one.theirs,
                )
                for one in fault.collisions
            }
        )


def languages() -> list[tuple[str, str]]:
    """Every language that the reader's language has a name for, by that name."""
    known = [str(code) for code in Locale(reader()).languages if len(str(code)) == 2]
    return sorted(((code, language_name(code)) for code in known), key=lambda row: row[1].casefold())


def filled(file: File) -> FileForm:
    """The form as the file stands."""
    values: dict[str, Any] = {name: file.value(name) for name in (*FIELDS, "people", "focus")}
    known = file.licence in LICENCES
    values |= {
        "licence": file.licence if known else OTHER,
        "licence_words": "" if known else file.licence,
        "decorative": file.purpose == "decorative",
        "version": str(file.version),
    }
    return FileForm(data=values)
