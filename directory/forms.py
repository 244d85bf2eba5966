"""What a person may type about an organisation. The rules are those of `fields.checked`; the form adds only how it is asked."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from commons.focus.queries import tree
from commons.places.gazetteer import countries
from commons.text import clean_line
from commons.web import Invalid, language_name
from commons.web.forms import AskingForm
from commons.web.languages import WRITTEN, current
from directory.fields import checked
from directory.models import RELATIONS, SCOPES, STATUSES, TYPES, Organisation

SECTIONS = {
    "basics": ("title", "names", "type", "description", "language", "founded"),
    "contact": ("website", "email", "phone", "country", "region", "city", "postcode"),
    "focus": ("focus", "sdgs", "scope", "languages"),
    "names": ("external_ids",),
    "status": ("status", "status_note", "licence"),
}
LABELS = {
    "nonprofit": _l("Non-profit organisation"),
    "charity": _l("Charity"),
    "cooperative": _l("Co-operative"),
    "social enterprise": _l("Social enterprise"),
    "community group": _l("Community group"),
    "network": _l("Network"),
    "foundation": _l("Foundation"),
    "education": _l("School or university"),
    "research": _l("Research"),
    "healthcare": _l("Health care"),
    "government": _l("Government"),
    "company": _l("Company"),
    "archive": _l("Archive, library or museum"),
    "facility": _l("Facility"),
    "other": _l("Other"),
    "local": _l("One place"),
    "regional": _l("A region"),
    "national": _l("A country"),
    "international": _l("Several countries"),
    "active": _l("Active"),
    "unconfirmed": _l("Not confirmed"),
    "in discussion": _l("In discussion"),
    "out of scope": _l("Out of scope"),
    "spam": _l("Spam"),
    "duplicate": _l("Duplicate of another record"),
    "closed": _l("Closed"),
    "removed": _l("Removed"),
    "part of": _l("Part of"),
    "member of": _l("Member of"),
    "partner": _l("Partner"),
    "includes": _l("Includes"),
    "funder": _l("Funded by"),
    "successor": _l("Succeeded by"),
    "predecessor": _l("Succeeds"),
    "related": _l("Related to"),
}
INVERSE = {
    "part of": _l("Includes"),
    "includes": _l("Part of"),
    "predecessor": _l("Succeeded by"),
    "member of": _l("Has as member"),
    "partner": _l("Partner"),
    "funder": _l("Funds"),
    "successor": _l("Succeeds"),
    "related": _l("Related to"),
}


def label(value: str) -> Any:
    return LABELS.get(value, value.replace("-", " ").capitalize())


class OrganisationForm(AskingForm):
    title = StringField(_l("Name"))
    names = TextAreaField(
        _l("Other names"), description=_l("One on each line: acronyms, former names, names in other languages.")
    )
    type = SelectField(_l("Type"), validate_choice=False)
    description = TextAreaField(
        _l("What it does"), description=_l("In the organisation's own language if you can. Markdown works.")
    )
    language = SelectField(_l("Language of this text"), validate_choice=False)
    founded = IntegerField(_l("Founded"), validators=[Optional()], description=_l("A year, like 1998."))
    website = StringField(_l("Website"))
    email = StringField(_l("E-mail"), description=_l("Never shown: people write by a form."))
    phone = StringField(_l("Phone"), description=_l("Never shown to visitors."))
    country = SelectField(_l("Country"), validate_choice=False)
    region = StringField(_l("Region"))
    city = StringField(_l("Town"))
    postcode = StringField(_l("Postcode"))
    focus = SelectMultipleField(_l("Areas of focus"), coerce=int, validate_choice=False)
    sdgs = SelectMultipleField(_l("Sustainable Development Goals"), coerce=int, validate_choice=False)
    scope = SelectField(_l("Works on which scale"), validate_choice=False)
    languages = SelectMultipleField(_l("Working languages"), validate_choice=False)
    external_ids = TextAreaField(_l("Register numbers"), description=_l("One on each line, like GB-CHC: 1053992"))
    status = SelectField(_l("Status"), validate_choice=False)
    status_note = StringField(_l("Why this status"))
    licence = StringField(_l("Licence of this text"))
    note = StringField(_l("What did you change, and why?"), description=_l("A few words for the history."))
    version = HiddenField()
    really_new = BooleanField(_l("None of these: mine is another organisation"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = str(current())
        self.type.choices = [("", _("Choose")), *((value, str(label(value))) for value in TYPES)]
        if self.type.data and self.type.data not in TYPES:
            self.type.choices.append((self.type.data, str(label(self.type.data))))
        self.country.choices = [("", _("Choose a country")), *countries(reader)]
        self.language.choices = [("", _("Not known")), *((code, language_name(code)) for code in WRITTEN)]
        self.languages.choices = [(code, language_name(code)) for code in WRITTEN]
        self.scope.choices = [(value, str(label(value)) if value else _("Not known")) for value in SCOPES]
        self.status.choices = [(value, str(label(value))) for value in STATUSES]
        self.focus.choices = [(node.id, node.label) for node in tree().nodes.values()]
        self.sdgs.choices = [(number, str(number)) for number in range(1, 18)]

    def values(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The plain data of these fields, cleaned; raises Invalid."""
        raw = {name: self._raw(name) for name in names}
        return checked(raw)

    def _raw(self, name: str) -> Any:
        data = self[name].data
        if name == "names":
            return [known_name(line) for line in _lines(data)]
        if name == "external_ids":
            return dict(_pair(line, "external_ids") for line in _lines(data))
        return data if data is not None else ("" if name != "founded" else None)

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            field = self._fields.get(name, self.title)
            field.errors = [*field.errors, sentence]


class RelationForm(FlaskForm):
    type = SelectField(_l("How do they belong together?"))
    name = StringField(_l("Name of the other organisation"))
    note = StringField(_l("How do you know?"), description=_l("A few words for the history."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type.choices = [(value, str(label(value))) for value in RELATIONS]

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            field = self._fields.get(name, self.type)
            field.errors = [*field.errors, sentence]


class ContestForm(FlaskForm):
    why = StringField(_l("What is not right?"), description=_l("One sentence. It is shown on the pages of both."))

    def show_faults(self, fields: dict[str, str]) -> None:
        self.why.errors = [*self.why.errors, *fields.values()]


def _lines(text: str | None) -> list[str]:
    return [line for line in map(clean_line, (text or "").splitlines()) if line]


def _pair(line: str, field: str) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    if not colon or not key.strip() or not value.strip():
        raise Invalid({field: _("“%(line)s” needs a colon, like GB-CHC: 1053992", line=line[:60])})
    return key.strip(), value.strip()


def known_name(line: str) -> dict[str, Any]:
    """`Aide solaire [fr]` or `SA (acronym)`: a name with its language or its type."""
    value, language, types = line, "", []
    if line.endswith("]") and "[" in line:
        value, _bracket, language = line[:-1].rpartition("[")
    if value.strip().endswith(")") and "(" in value:
        stem, _bracket, kinds = value.strip()[:-1].rpartition("(")
        if set(kinds.split(", ")) <= {"acronym", "alias", "label", "former", "trading", "ror_display"}:
            value, types = stem, kinds.split(", ")
    return {"value": value.strip(), "language": language.strip(), "types": types}


def name_line(name: dict[str, Any]) -> str:
    types = f" ({', '.join(name['types'])})" if name.get("types") else ""
    return f"{name['value']}{types}" + (f" [{name['language']}]" if name.get("language") else "")


def filled(organisation: Organisation) -> OrganisationForm:
    """The form as the record stands."""
    values: dict[str, Any] = {name: organisation.value(name) for names in SECTIONS.values() for name in names}
    values |= {
        "names": "\n".join(map(name_line, organisation.names)),
        "external_ids": "\n".join(f"{scheme}: {value}" for scheme, value in organisation.external_ids.items()),
        "version": str(organisation.version),
    }
    return OrganisationForm(data=values)
