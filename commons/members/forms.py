"""What a person types to join, sign in and change an account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from commons.web import own_names

NEEDED = _l("This is needed.")


class AccountForm(FlaskForm):
    def show_faults(self, fields: dict[str, str]) -> None:
        for name, sentence in fields.items():
            field = self._fields.get(name) or next(iter(self._fields.values()))
            field.errors = [*field.errors, sentence]


class JoinForm(AccountForm):
    name = StringField(
        _l("Your name"), [InputRequired(NEEDED)], description=_l("Shown beside what you write. It may be a pseudonym.")
    )
    username = StringField(
        _l("User name"),
        [InputRequired(NEEDED)],
        description=_l("3 to 30 letters, digits, dots or hyphens. Part of your page's address."),
    )
    email = StringField(
        _l("E-mail"),
        [InputRequired(NEEDED)],
        description=_l("Nobody sees it. We send one mail to prove that it is yours."),
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(NEEDED)],
        description=_l("At least 10 characters. Three or four words in a row are good."),
    )
    language = SelectField(_l("Language"), validate_choice=True)
    charter = BooleanField(
        _l("I have read the charter and agree to it"), [InputRequired(_l("Read the charter and agree to it first."))]
    )
    website = StringField(_l("Leave this empty"))  # people do not see it; programs that fill every field do

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = own_names()

    def account(self) -> tuple[str, str, str, str]:
        return tuple(field.data or "" for field in (self.username, self.name, self.email, self.password))  # type: ignore[return-value]


class SignInForm(AccountForm):
    who = StringField(_l("User name or e-mail"), [InputRequired(NEEDED)])
    password = PasswordField(_l("Password"), [InputRequired(NEEDED)])


class ForgotForm(AccountForm):
    who = StringField(_l("User name or e-mail"), [InputRequired(NEEDED)])


class ResetForm(AccountForm):
    password = PasswordField(
        _l("New password"),
        [InputRequired(NEEDED)],
        description=_l("At least 10 characters. Three or four words in a row are good."),
    )


class PasswordForm(AccountForm):
    old = PasswordField(_l("Your password now"), [InputRequired(NEEDED)])
    password = PasswordField(
        _l("New password"),
        [InputRequired(NEEDED)],
        description=_l("At least 10 characters. You stay signed in here and are signed out everywhere else."),
    )


class SettingsForm(AccountForm):
    name = StringField(_l("Your name"), [InputRequired(NEEDED)])
    language = SelectField(_l("Language of the site"))
    theme = SelectField(
        _l("Colours"),
        choices=[
            SelectChoice("", _l("As the device")),
            SelectChoice("light", _l("Light")),
            SelectChoice("dark", _l("Dark")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = own_names()


class TokenForm(AccountForm):
    label = StringField(_l("What is it for?"), [InputRequired(NEEDED)])
    scopes = SelectMultipleField(
        _l("It may"), choices=[SelectChoice("read", _l("read")), SelectChoice("write", _l("write organisations"))]
    )


class EmptyForm(FlaskForm):
    """A button and its CSRF token."""
