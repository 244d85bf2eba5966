"""What a person may type about a group. The rules are those of `fields.checked`; the forms add only how it is asked."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from commons.focus.queries import tree
from commons.groups.doors import SEEN
from commons.groups.models import JOININGS, MODULES, Group
from commons.text import clean_line
from commons.web import language_name
from commons.web.forms import AskingForm, FaultsForm
from commons.web.languages import WRITTEN

JOIN_WORDS = {
    "open": _l("Open: whoever sees the group can join"),
    "apply": _l("By answers: you ask questions, and admins decide"),
    "referral": _l("On the word of one of its members"),
    "invitation": _l("By invitation of an admin"),
}
MODULE_WORDS = {"forum": _l("Forum"), "pages": _l("Pages"), "files": _l("Files"), "news": _l("News from outside")}
WORDS = ("title", "summary", "text", "focus", "language", "joining", "questions", "modules")


class GroupForm(AskingForm, FaultsForm):
    title = StringField(_l("Name"))
    summary = StringField(
        _l("In one sentence"), description=_l("What the group is for. Stands under its name in lists.")
    )
    text = TextAreaField(
        _l("Purpose and house rules"), description=_l("What brings you together, and how you treat each other.")
    )
    focus = SelectMultipleField(_l("Areas of focus"), coerce=int, validate_choice=False)
    language = SelectField(_l("Language"), validate_choice=False)
    joining = RadioField(_l("How to join"), default="open", validate_choice=False)
    questions = TextAreaField(
        _l("Questions to who applies"), description=_l("One on each line, at most five. Only admins read the answers.")
    )
    modules = SelectMultipleField(_l("What the group uses"), validate_choice=False)
    welcome = TextAreaField(_l("Words of welcome"), description=_l("Shown to who joins, once."))
    inherits = BooleanField(
        _l("Everybody in the group above belongs to this one"),
        description=_l("Who joins the group above gets a seat here too, and loses it on leaving."),
    )
    note = StringField(_l("What did you change, and why?"), description=_l("A few words for the history."))
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.focus.choices = [(node.id, node.label) for node in tree().nodes.values()]
        self.language.choices = [("", _("Not known")), *((code, language_name(code)) for code in WRITTEN)]
        self.joining.choices = [SelectChoice(name, JOIN_WORDS[name]) for name in JOININGS]
        self.modules.choices = [(name, str(MODULE_WORDS[name])) for name in MODULES]

    def values(self) -> dict[str, Any]:
        """The versioned fields as they were typed."""
        typed = {name: self[name].data for name in WORDS}
        lines = map(clean_line, (self.questions.data or "").splitlines())
        return typed | {
            "title": self.title.data or "",
            "text": (self.text.data or "").replace("\r\n", "\n"),
            "questions": [one for one in lines if one],
        }


class NewGroupForm(GroupForm):
    visibility = RadioField(_l("Who may see it"), default="public", validate_choice=False)
    within = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visibility.choices = [SelectChoice(name, words) for name, words in SEEN.items()]


class VisibilityForm(FaultsForm):
    visibility = RadioField(_l("Who may see it"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visibility.choices = [SelectChoice(name, words) for name, words in SEEN.items()]


class ReasonForm(FaultsForm):
    reason = StringField(_l("Reason"))


class ReferralForm(FaultsForm):
    referred_by = StringField(
        _l("User name of the member who knows you"), description=_l("They are asked. When they say yes, you belong.")
    )


class MailForm(FaultsForm):
    email = StringField(_l("E-mail address"))
    note = TextAreaField(_l("A few words of yours"), description=_l("They stand in the mail."))


class NameForm(FaultsForm):
    username = StringField(_l("User name"), description=_l("They are asked, and say yes or no."))
    name_note = TextAreaField(_l("A few words of yours"))


class LinkForm(FaultsForm):
    most = IntegerField(_l("For how many people"), validators=[Optional()], default=1)
    days = IntegerField(_l("For how many days"), validators=[Optional()], default=14)


def questions_form(group: Group) -> FaultsForm:
    """One field for each question of the group."""
    fields = {f"answer_{number}": TextAreaField(question) for number, question in enumerate(group.questions)}
    made: FaultsForm = type("QuestionsForm", (FaultsForm,), fields)()
    return made


def answers(form: FaultsForm, group: Group) -> list[str]:
    return [form[f"answer_{number}"].data or "" for number in range(len(group.questions))]


def filled(group: Group) -> GroupForm:
    """The form as the group stands."""
    values = {name: group.value(name) for name in WORDS}
    values |= {"questions": "\n".join(group.questions), "version": str(group.version)}
    return GroupForm(data=values | {"welcome": group.welcome, "inherits": group.inherits})
