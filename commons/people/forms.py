"""A profile's fields, each with its own visibility beside it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from commons.people.models import FIELDS, SHOWN, Profile

CHOICES = [
    ("nobody", _l("nobody but me")),
    ("members", _l("members")),
    ("public", _l("everybody, also search engines")),
]
LABELS = {
    "about": _l("About me"),
    "place": _l("Place"),
    "organisation": _l("Organisation"),
    "website": _l("Website"),
    "languages": _l("Languages I speak"),
    "skills": _l("Skills and interests"),
    "help_with": _l("I can help with"),
}


class ProfileForm(FlaskForm):
    about = TextAreaField(LABELS["about"])
    place = StringField(LABELS["place"])
    organisation = StringField(LABELS["organisation"])
    website = StringField(LABELS["website"])
    languages = StringField(LABELS["languages"])
    skills = StringField(LABELS["skills"])
    help_with = StringField(LABELS["help_with"])
    audience = SelectField(
        _l("Who may see that I am here"),
        choices=[
            SelectChoice("members", _l("members of this site")),
            SelectChoice("public", _l("everybody, also search engines")),
        ],
    )

    def values(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in FIELDS}

    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            self._fields[name].errors = [*self._fields[name].errors, sentence]


for _name in FIELDS:
    setattr(
        ProfileForm,
        f"{_name}_visibility",
        SelectField(_l("Shown to"), choices=[SelectChoice(*one) for one in CHOICES], default=SHOWN[0]),
    )


def filled(profile: Profile | None) -> ProfileForm:
    data: dict[str, Any] = {"audience": profile.audience if profile else "members"}
    for name in FIELDS:
        data[name] = getattr(profile, name, "") or ""
        data[f"{name}_visibility"] = profile.visibility(name) if profile else "nobody"
    return ProfileForm(data=data)


def shown_to(form: ProfileForm) -> dict[str, str]:
    return {name: form[f"{name}_visibility"].data for name in FIELDS}
