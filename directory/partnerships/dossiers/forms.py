"""What a person may type in a dossier. The rules are those of `fields`; the forms add only how it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from commons.focus.queries import tree
from commons.text import clean_text
from commons.web import language_name
from commons.web.forms import FaultsForm
from commons.web.languages import WRITTEN
from directory.partnerships.dossiers.fields import MONEY, REASONS, SLOTS
from directory.partnerships.dossiers.models import RESULTS, Terms

MONEY_WORDS = {"none": _l("No money flows"), "flows": _l("Money flows")}
RESULT_CHOICES = {
    "reached": _l("We reached what we wanted"),
    "partly reached": _l("We reached a part of it"),
    "not reached": _l("We did not reach it"),
}
TERMS = ("title", "goal", "starts", "ends", "money", "money_words", "risks", "notice", "focus", "sdgs", "language")


class DossierForm(FaultsForm):
    """`for`: the organisation for which the reader acts. `seen`: the last step that the page showed."""

    seen = HiddenField()


class InterestForm(DossierForm):
    text = TextAreaField(
        _l("Your first words"),
        description=_l("200 to 600 characters: who you are, why you write to them, and what you bring."),
    )


class MessageForm(DossierForm):
    text = TextAreaField(_l("Your message"))


class ClosingForm(DossierForm):
    reason = RadioField(_l("Reason"), validate_choice=False, default="not now")
    note = StringField(_l("A few words to the other side"), description=_l("They read it, nobody else does."))
    shut = BooleanField(
        _l("Take no more proposals from this organisation"),
        description=_l("They are not told. You can take it back."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [SelectChoice(name, words) for name, words in REASONS.items()]


class TermsForm(DossierForm):
    title = StringField(_l("Title"), description=_l("What you would do together, in a few words."))
    goal = TextAreaField(_l("Goal"), description=_l("What will be different when it has worked, and how one sees it."))
    starts = StringField(_l("From"), description=_l("A day like 2026-03-12. May stay empty."))
    ends = StringField(_l("Until"), description=_l("A day like 2026-03-12. May stay empty."))
    money = RadioField(_l("Money"), validate_choice=False, default="none")
    money_words = TextAreaField(_l("How much, from whom to whom, and when"))
    risks = TextAreaField(_l("What could go wrong, and what you would do then"))
    notice = IntegerField(
        _l("Days of notice"), validators=[Optional()], description=_l("From the word that it ends to its end.")
    )
    focus = SelectMultipleField(_l("Areas of focus"), coerce=int, validate_choice=False)
    sdgs = SelectMultipleField(_l("Sustainable Development Goals"), coerce=int, validate_choice=False)
    language = SelectField(_l("Language"), validate_choice=False)
    note = StringField(_l("What is different in this version, and why"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.money.choices = [SelectChoice(name, MONEY_WORDS[name]) for name in MONEY]
        self.focus.choices = [(node.id, node.label) for node in tree().nodes.values()]
        self.sdgs.choices = [(number, str(number)) for number in range(1, 18)]
        self.language.choices = [("", _("Not known")), *((code, language_name(code)) for code in WRITTEN)]

    def values(self, gives: Mapping[str, str]) -> dict[str, Any]:
        """`gives`: what stands in the fields beside, one for each organisation."""
        typed = {name: self[name].data for name in TERMS}
        words = {name: clean_text(typed[name] or "") for name in ("goal", "money_words", "risks")}
        return {**typed, **words, "title": self.title.data or "", "gives": dict(gives)}


def terms_filled(terms: Terms | None, title: str) -> TermsForm:
    """The form as the last version stands."""
    given = {name: terms.values[name] for name in TERMS} if terms is not None else {"title": title, "notice": 30}
    return TermsForm(data=given)


class SignForm(DossierForm):
    name = StringField(_l("Your name, as you would sign"))
    password = PasswordField(_l("Your password"))
    read = BooleanField(_l("I have read the agreement and may sign for my organisation."))


class ReasonForm(DossierForm):
    note = StringField(_l("A few words to the other side"))


class PromiseForm(DossierForm):
    by = SelectField(_l("Who promises it"), coerce=int, validate_choice=False)
    text = StringField(_l("What is promised"))
    measure = StringField(_l("How one sees that it was kept"))
    who = StringField(_l("Who looks after it"))
    due = StringField(_l("Until when"), description=_l("A day like 2026-03-12."))

    def values(self) -> dict[str, Any]:
        return {name: self[name].data or "" for name in ("text", "measure", "who", "due")}


class OutcomeForm(DossierForm):
    result = RadioField(_l("Result"), validate_choice=False)
    text = TextAreaField(_l("What came of it"), description=_l("What worked, what did not, what others can learn."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.result.choices = [SelectChoice(name, RESULT_CHOICES[name]) for name in RESULTS]


class TimesForm(DossierForm):
    title = StringField(_l("What the meeting is about"))
    place = StringField(_l("Where"), description=_l("A place, or where to meet online."))
    minutes = IntegerField(_l("How many minutes"), validators=[Optional()], default=60)
    zone = SelectField(
        _l("In the hours of"), validate_choice=False, description=_l("The others see the times in their own hours too.")
    )
    slot_1 = StringField(_l("First time"), description=_l("Like 2026-03-12 14:30."))
    slot_2 = StringField(_l("Second time"))
    slot_3 = StringField(_l("Third time"))
    guest = StringField(
        _l("Address of a guest"), description=_l("They choose by a link in a mail and need no account.")
    )

    def values(self) -> dict[str, Any]:
        slots = [self[f"slot_{number}"].data or "" for number in range(1, SLOTS + 1)]
        typed = {name: self[name].data or "" for name in ("title", "place", "zone", "guest")}
        return typed | {"minutes": self.minutes.data, "slots": [one for one in slots if one.strip()]}


class NameForm(DossierForm):
    username = StringField(_l("User name"))


class GuestForm(DossierForm):
    slot = RadioField(_l("Which time fits you"), validate_choice=False)

    def offer(self, slots: Sequence[tuple[str, str]]) -> GuestForm:
        self.slot.choices = [SelectChoice(value, words) for value, words in slots]
        return self


class MailForm(FaultsForm):
    """On the page of a link in a mail: each move shows those of the fields that it needs."""

    which = RadioField(_l("Which one"), validate_choice=False)
    reason = RadioField(_l("Reason"), validate_choice=False, default="not now")
    result = RadioField(_l("Result"), validate_choice=False)
    text = TextAreaField(_l("Your words"))
    note = StringField(_l("A few words to the other side"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [SelectChoice(name, words) for name, words in REASONS.items()]
        self.result.choices = [SelectChoice(name, RESULT_CHOICES[name]) for name in RESULTS]

    def offer(self, rows: Sequence[tuple[str, str]]) -> None:
        self.which.choices = [SelectChoice(value, words) for value, words in rows]

    def values(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("which", "reason", "result", "text", "note")}
