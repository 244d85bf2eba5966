"""Languages of the interface: chosen by cookie, else by the browser; numbers, dates and names as that language
writes them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from commons.config import LANGUAGES

COOKIE = "language"
# fmt: off
WRITTEN = [  # languages that forms offer for texts; the most spoken in our rooms first
    "en", "fr", "es", "pt", "ar", "ru", "zh", "de", "it", "nl", "pl", "cs", "sl", "el", "tr", "sw", "ha",
    "am", "bn", "hi", "ur", "fa", "id", "ms", "th", "vi", "ja", "ko", "uk", "ro", "hu", "sv", "da", "fi",
    "no", "he", "ta", "te", "mr", "ne", "si", "my", "km", "lo", "mg", "so", "yo", "ig", "zu", "xh", "rw",
]
# fmt: on


def start(app: Flask) -> None:
    babel = Babel(app, locale_selector=choose)
    babel.domain_instance = _texts
    app.add_template_filter(date_words)
    app.add_template_filter(number)
    app.add_template_global(language_name)
    app.jinja_env.globals.update({"_": _text, "gettext": _text, "ngettext": _counted})


def choose() -> str:
    if not has_request_context():  # a command, the worker, a program
        return "en"
    chosen = request.cookies.get(COOKIE, "")
    wished = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality)  # es-AR: es
    return chosen if chosen in LANGUAGES else next((code for code in wished if code in LANGUAGES), "en")


def current() -> Locale:
    return get_locale() or Locale("en")


def reader() -> str:
    """The code of the reader's language, as `fr`: asked hundreds of times for one page, and remembered while it is made."""
    held = _held()
    known = getattr(held, "code", None)
    if known is None or known[0] is not held.babel_locale:
        known = held.code = (held.babel_locale, str(held.babel_locale))
    return cast(str, known[1])


def _held() -> Any:
    """Where Flask-Babel keeps the language of this request, chosen if it is not yet."""
    try:
        held = g._flask_babel
        if held.babel_locale is not None:
            return held
    except (AttributeError, RuntimeError):  # nobody has asked yet, or there is no application
        pass
    return SimpleNamespace(babel_locale=current()) if get_locale() is None else g._flask_babel


class _Texts(Domain):
    """Flask-Babel looks for the translations anew at each of a page's hundred texts; here a request remembers them."""

    def get_translations(self) -> Translations | NullTranslations:
        held = _held()
        known = getattr(held, "texts", None)
        if known is None or known[0] is not held.babel_locale:
            known = held.texts = (held.babel_locale, super().get_translations())  # type: ignore[no-untyped-call]
        return cast("Translations | NullTranslations", known[1])


_texts = _Texts()  # type: ignore[no-untyped-call]


@pass_eval_context
def _text(context: EvalContext, text: str, /, **variables: Any) -> str:
    """`_()` in templates: what is put in is escaped, the translated text is not."""
    found = _texts.get_translations().gettext(text)
    if variables or "%" in found:
        return _filled(found, variables, context.autoescape)
    return Markup(found) if context.autoescape else found


@pass_eval_context
def _counted(context: EvalContext, one: str, several: str, number: int, /, **variables: Any) -> str:
    found = _texts.get_translations().ngettext(one, several, number)
    return _filled(found, {"num": number, **variables}, context.autoescape)


def _filled(text: str, values: dict[str, Any], escaping: bool) -> str:
    """The same as Markup's own `%`, which takes twice as long."""
    if not escaping:
        return text % values
    return Markup(text % {name: value if type(value) is int else escape(value) for name, value in values.items()})


@lru_cache(maxsize=4096)
def _date_in(locale: str, day: date, shape: str) -> str:
    return str(format_date(day, shape, locale="en_GB" if locale == "en" else locale))


def date_words(moment: datetime | date | None) -> str:
    """12 March 2026, in the reader's language."""
    if moment is None:
        return ""
    return _date_in(reader(), moment.date() if isinstance(moment, datetime) else moment, "long")


@lru_cache(maxsize=4096)
def _number_in(locale: str, value: int | float) -> str:
    return str(format_decimal(value, locale=locale))


def number(value: int | float) -> str:
    return _number_in(reader(), value)


@lru_cache(maxsize=2048)
def _name_in(code: str, language: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(language) or code
    except (UnknownLocaleError, ValueError):
        return code


def language_name(code: str, language: str = "") -> str:
    """`sw` -> Swahili, in the reader's language; what is not known stays as it is."""
    return _name_in(code, language or reader())


@lru_cache(maxsize=1)
def own_names() -> list[tuple[str, str]]:
    return [(code, (Locale(code).get_display_name(code) or code).capitalize()) for code in LANGUAGES]


def direction() -> str:
    return str(current().text_direction)
