"""What a person may type about a page. The rules are those of `fields.checked`; the form adds only how it is asked."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from commons.focus.queries import tree
from commons.web import language_name
from commons.web.forms import AskingForm
from commons.web.languages import WRITTEN
from wiki.fields import LICENCES
from wiki.models import Page
from wiki.outlines import OUTLINES

WHOLE = ("title", "summary", "text", "language", "focus", "licence", "outline", "review_by")
SECTION = ("text",)
CHIPS = (_l("Spelling"), _l("Added a source"), _l("Brought up to date"), _l("New section"))


class PageForm(AskingForm):
    title = StringField(_l("Title"), description=_l("As people would look for it."))
    summary = StringField(_l("In one sentence"), description=_l("Stands under the title and in lists."))
    text = TextAreaField(_l("Text"), description=_l("Markdown works; [[Title]] links to another page."))
    language = SelectField(_l("Language"), validate_choice=False)
    focus = SelectMultipleField(_l("Areas of focus"), coerce=int, validate_choice=False)
    licence = SelectField(_l("Licence"), validate_choice=False)
    outline = SelectField(_l("Outline"), validate_choice=False)
    review_by = StringField(
        _l("To be looked at by"), description=_l("A date like 2027-06-30, when what it says may be out of date.")
    )
    translated = BooleanField(_l("It now says what the original says"))
    note = StringField(_l("What did you change, and why?"), description=_l("A few words for the history."))
    minor = BooleanField(_l("A small change"))
    version = HiddenField()
    section = HiddenField()
    translation_of = HiddenField()
    seen = HiddenField()  # the original's version that a translator had beside them
    within = HiddenField()  # the entry in which a new page will stand

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [("", _("Not known")), *((code, language_name(code)) for code in WRITTEN)]
        self.focus.choices = [(node.id, node.label) for node in tree().nodes.values()]
        self.licence.choices = [(name, name) for name in LICENCES]
        if self.licence.data and self.licence.data not in LICENCES:
            self.licence.choices.append((self.licence.data, self.licence.data))
        self.outline.choices = [("", _("None")), *((key, str(one.label)) for key, one in OUTLINES.items())]

    def values(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The plain data of the fields that were sent, as they were typed; line ends as text files have them."""
        return {name: _plain(self[name].data) for name in names if self[name].data is not None}

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            field = self._fields.get(name, self.title)
            field.errors = [*field.errors, sentence]


def _plain(data: Any) -> Any:
    return data.replace("\r\n", "\n") if isinstance(data, str) else data


def filled(page: Page) -> PageForm:
    """The form as the page stands."""
    values = {name: page.value(name) for name in WHOLE}
    return PageForm(data=values | {"version": str(page.version)})
