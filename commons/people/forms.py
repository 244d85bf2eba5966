"""What members may type about themselves and to each other. Each field of a profile has its own visibility beside it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from commons.focus.queries import tree
from commons.people.models import FIELDS, SHOWN, Profile
from commons.places.gazetteer import countries
from commons.web import language_name, own_names, reader
from commons.web.languages import WRITTEN

CHOICES = [
    ("nobody", _l("nobody but me")),
    ("groups", _l("people in my groups")),
    ("members", _l("members")),
    ("public", _l("everybody, also search engines")),
]
AUDIENCES = [
    ("own", _l("nobody: I am hidden")),
    ("members", _l("members of this site")),
    ("public", _l("everybody, also search engines")),
]
LABELS = {
    "about": _l("About me"),
    "help_with": _l("I can help with"),
    "skills": _l("Skills"),
    "interests": _l("Interests"),
    "learning": _l("I want to learn"),
    "languages": _l("Languages I speak"),
    "areas": _l("Areas of focus"),
    "country": _l("Country"),
    "place": _l("Town or district"),
    "website": _l("Website"),
    "links": _l("Other addresses on the web"),
    "photo": _l("Picture"),
    "affiliations": _l("Organisations I belong to"),
}
COMMAS = _l("A few words, with commas between them.")


class PeopleForm(FlaskForm):
    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            field = self._fields.get(name) or next(iter(self._fields.values()))
            field.errors = [*field.errors, sentence]


class ProfileForm(PeopleForm):
    help_with = StringField(LABELS["help_with"], description=COMMAS)
    skills = StringField(LABELS["skills"], description=COMMAS)
    interests = StringField(LABELS["interests"], description=COMMAS)
    learning = StringField(LABELS["learning"], description=COMMAS)
    about = TextAreaField(LABELS["about"], description=_l("Markdown works."))
    languages = SelectMultipleField(LABELS["languages"], validate_choice=False)
    areas = SelectMultipleField(LABELS["areas"], coerce=int, validate_choice=False)
    country = SelectField(LABELS["country"], validate_choice=False)
    place = StringField(LABELS["place"])
    website = StringField(LABELS["website"])
    links = TextAreaField(LABELS["links"], description=_l("One on each line."))
    audience = SelectField(
        _l("Who may know that I am here"), choices=[SelectChoice(*one) for one in AUDIENCES], default="members"
    )
    open_to_follow = BooleanField(
        _l("Anyone may follow me"), description=_l("Without this, people ask you first. You never have to answer.")
    )
    named_for = BooleanField(
        _l("Name me among the people who know about a subject"),
        description=_l(
            "Others then see beside your name what shows it: pages you wrote, questions you answered, what you say you can "
            "help with. Only what they may read anyway. Without this, nothing is put together."
        ),
    )
    confirm = BooleanField(_l("Yes, show this"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages.choices = sorted(((code, language_name(code)) for code in WRITTEN), key=lambda one: one[1])
        self.areas.choices = [(node.id, node.label) for node in tree().sorted(list(tree().nodes))]
        self.country.choices = [("", _("not said")), *countries(reader())]

    def values(self) -> dict[str, Any]:
        plain = {name: self[name].data or "" for name in FIELDS if name in self and name not in ("languages", "areas")}
        return {**plain, "languages": ", ".join(self.languages.data or []), "areas": self.areas.data or []}

    def shown_to(self) -> dict[str, str]:
        return {name: self[f"{name}_visibility"].data for name in FIELDS}


for _name in FIELDS:
    setattr(
        ProfileForm,
        f"{_name}_visibility",
        SelectField(_l("Shown to"), choices=[SelectChoice(*one) for one in CHOICES], default=SHOWN[0]),
    )


def filled(profile: Profile | None, audience: str) -> ProfileForm:
    data: dict[str, Any] = {"audience": audience, "open_to_follow": bool(profile and profile.open_to_follow)}
    data["named_for"] = bool(profile and profile.named_for)
    for name in FIELDS:
        data[name] = getattr(profile, name, "") or ""
        data[f"{name}_visibility"] = profile.visibility(name) if profile else "nobody"
    data["languages"] = profile.listed("languages") if profile else []
    data["areas"] = profile.areas if profile else []
    return ProfileForm(data=data)


class PhotoForm(PeopleForm):
    photo = FileField(
        _l("Picture"), description=_l("JPEG, PNG or WebP. Where and when it was taken is removed from it.")
    )
    photo_alt = StringField(
        _l("What is to be seen"), description=_l("For people who cannot see it: “Ana beside a well”.")
    )


class ContactForm(PeopleForm):
    note = TextAreaField(_l("A few words, so that they know who asks"))


class AffiliationForm(PeopleForm):
    organisation = StringField(_l("Organisation"))
    role = StringField(_l("What you do there"))
    since = StringField(_l("Since"), description=_l("A year like 2019, or a day like 2019-03-31."))
    represents = BooleanField(
        _l("I speak for this organisation"),
        description=_l("You may write in its name, and you confirm others who belong to it."),
    )
    proof = TextAreaField(
        _l("How can it be seen that this is so?"),
        description=_l("Only who decides reads this, and it is deleted with the decision."),
    )


class InviteForm(PeopleForm):
    email = StringField(_l("E-mail"), description=_l("Kept for this invitation only, and deleted within 30 days."))
    note = TextAreaField(_l("A personal note"))
    language = SelectField(_l("Language of the mail"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = own_names()


class EmptyForm(FlaskForm):
    """Buttons and their CSRF token."""
