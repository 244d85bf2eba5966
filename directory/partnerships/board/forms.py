"""What a person may type about a need or an offer. The rules are those of `fields.checked`; the forms add only how it is asked.

A new one is typed in four short steps. Between them its words are kept as the member's draft: `begun`, `typed` and `form_from` turn
the draft into the form and back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
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

from commons.entries.models import Draft, Entry
from commons.focus.queries import tree
from commons.places.gazetteer import countries
from commons.web import language_name, reader
from commons.web.forms import AskingForm, FaultsForm
from commons.web.languages import WRITTEN
from directory.partnerships.board.models import CAPACITY, RENEWED_FOR, SORTS, Openness, Posting, in_days

SORT_WORDS = {
    "money": _l("Money"),
    "skill": _l("Skills and advice"),
    "people": _l("People who help"),
    "space": _l("Land, rooms, a place to meet"),
    "equipment": _l("Equipment and material"),
    "data": _l("Data and knowledge"),
    "advocacy": _l("A voice, campaigning"),
    "training": _l("Training"),
    "project partner": _l("A partner for a project"),
}
SEEN = {"public": _l("Everybody"), "members": _l("Members of this site")}
CLOSE_WORDS = {"fulfilled": _l("It came true"), "withdrawn": _l("It is not needed or offered any more")}
STEPS = {
    "what": ("organisation", "sort", "title", "quantity"),
    "detail": ("text", "in_return", "language", "focus", "sdgs"),
    "where": ("remote", "country", "city", "radius", "languages", "starts", "ends", "until", "permanent", "audience"),
    "preview": (),
}
WORDS = ("title", "sort", "quantity", *STEPS["detail"], *STEPS["where"][:8])
DAY = {"type": "date"}


class PostingForm(AskingForm, FaultsForm):
    organisation = SelectField(_l("In the name of"), coerce=int, validate_choice=False)
    sort = RadioField(_l("What kind of thing"), validate_choice=False)
    title = StringField(_l("In a few words"))
    quantity = StringField(_l("How much"), description=_l("For example: two days a month, 300 m² of roof, 4 people."))
    text = TextAreaField(_l("What success looks like"))
    in_return = StringField(_l("In return"))
    language = SelectField(_l("Language of this text"), validate_choice=False)
    focus = SelectMultipleField(_l("Areas of focus"), coerce=int, validate_choice=False)
    sdgs = SelectMultipleField(_l("Sustainable Development Goals"), coerce=int, validate_choice=False)
    remote = BooleanField(_l("It can be done from anywhere"))
    country = SelectField(_l("Country"), validate_choice=False)
    city = StringField(_l("Town"))
    radius = IntegerField(_l("Kilometres around it"), validators=[Optional()])
    languages = SelectMultipleField(_l("Languages to work in"), validate_choice=False)
    starts = StringField(_l("From"), render_kw=DAY)
    ends = StringField(_l("To"), render_kw=DAY)
    until = StringField(_l("Answers until"), render_kw=DAY)
    permanent = BooleanField(_l("It stands for good, without a last day"))
    audience = RadioField(_l("Who may see it"), validate_choice=False)
    note = StringField(_l("What did you change, and why?"), description=_l("A few words for the history."))
    version = HiddenField()

    def __init__(self, *args: Any, own: Sequence[Entry] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation.choices = [(one.id, one.title) for one in own]
        self.sort.choices = [SelectChoice(name, SORT_WORDS[name]) for name in SORTS]
        self.language.choices = [("", _l("Not known")), *((code, language_name(code)) for code in WRITTEN)]
        self.languages.choices = [(code, language_name(code)) for code in WRITTEN]
        self.country.choices = [("", _l("Choose a country")), *countries(reader())]
        self.focus.choices = [(node.id, node.label) for node in tree().nodes.values()]
        self.sdgs.choices = [(number, str(number)) for number in range(1, 18)]
        self.audience.choices = [SelectChoice(name, words) for name, words in SEEN.items()]

    def values(self, names: Sequence[str] = WORDS) -> dict[str, Any]:
        """The versioned fields among `names` as they were typed."""
        typed = {name: self[name].data for name in names if name in WORDS}
        empty: dict[str, Any] = {"radius": None, "focus": [], "sdgs": [], "languages": [], "remote": False}
        typed = {name: empty.get(name, "") if value is None else value for name, value in typed.items()}
        if "text" in typed:
            typed["text"] = typed["text"].replace("\r\n", "\n")
        if "until" in typed and self.permanent.data:
            typed["until"] = ""
        return typed

    def step_with_faults(self, otherwise: str) -> str:
        return next((step for step, names in STEPS.items() if any(self[name].errors for name in names)), otherwise)


def draft_key(kind: str) -> str:
    return f"{kind}-new"


def begun(draft: Draft | None, own: Sequence[Entry], given: Mapping[str, str]) -> dict[str, list[str]]:
    """What the steps hold: what was kept, on top of what a new one begins with. `given`: of the address."""
    wanted = given.get("organisation", "")
    chosen = wanted if wanted in [str(one.id) for one in own] else str(own[0].id)
    known = {"organisation": [chosen], "audience": ["public"], "until": [in_days(RENEWED_FOR.days)]}
    known |= {"language": [reader()], "languages": [reader()], "title": [given.get("title", "")[:120]]}
    return known | (draft.fields if draft else {})


def typed(step: str, sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """What a step's form says: boxes that are not ticked are said too. Who speaks for one organisation is not asked for which."""
    return {name: sent.getlist(name) for name in STEPS[step] if name in sent or name != "organisation"}


def form_from(state: Mapping[str, list[str]], own: Sequence[Entry]) -> PostingForm:
    """The form as the draft holds it; the token of the request was looked at before."""
    return PostingForm(
        formdata=MultiDict((name, one) for name, many in state.items() for one in many), own=own, meta={"csrf": False}
    )


def filled(posting: Posting) -> PostingForm:
    """The form as it stands."""
    values = {name: getattr(posting, name) for name in WORDS}
    values |= {"permanent": not posting.until, "audience": posting.audience, "version": str(posting.version)}
    return PostingForm(data=values)


class CloseForm(FaultsForm):
    how = RadioField(_l("Why"), default="fulfilled", validate_choice=False)
    by = StringField(
        _l("Who made it come true"), description=_l("Everybody reads it beside the words. You may leave it empty.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.how.choices = [SelectChoice(name, words) for name, words in CLOSE_WORDS.items()]


class OpennessForm(FaultsForm):
    open = BooleanField(
        _l("We are open to partnership"), description=_l("Off: nobody can write to you first, and you are in no list.")
    )
    looking_for = StringField(_l("What we look for"))
    can_bring = StringField(_l("What we can bring"))
    conditions = StringField(_l("Conditions"), description=_l("What has to be so before you say yes."))
    capacity = IntegerField(
        _l("Proposals at a time"),
        validators=[Optional()],
        default=CAPACITY,
        description=_l("When so many wait for your answer, nobody can send another one."),
    )
    translation = BooleanField(_l("A translation is no problem for us"))

    def values(self) -> dict[str, Any]:
        return {name: self[name].data if self[name].data is not None else "" for name in OPEN_WORDS}


OPEN_WORDS = ("open", "looking_for", "can_bring", "conditions", "capacity", "translation")


def openness_form(said: Openness | None) -> OpennessForm:
    return OpennessForm(data={name: getattr(said, name) for name in OPEN_WORDS} if said else None)
